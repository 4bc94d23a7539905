"""The queue, its filters, and how much waits."""

from django.db import connection
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from feedback.admin.desk.door import desk_context, on_the_desk
from feedback.admin.desk.view import AGES, REPORTS, SORTS, View, waits_for
from feedback.models import DeskItem, Rule
from feedback.models.comment import Language
from feedback.models.desk import Reason
from feedback.signals.detect import mask
from portal.localized import localized
from principles.models import Measure

MOST_COUNTED = 1000
EXCERPT = 280


def counts() -> dict[str, int]:
    """How many items wait, in all ("waiting") and for each reason; a number above 1,000 stands for "more than that".

    One statement, each part of which stops at 1,001 rows of an index.
    """
    now = timezone.now()
    parts = {"waiting": DeskItem.objects.waiting(now)}
    parts |= {reason.value: DeskItem.objects.waiting(now).because(reason, now) for reason in Reason}
    selects, values = [], []
    for items in parts.values():
        statement, arguments = items.values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        selects.append(f"(SELECT COUNT(*) FROM ({statement}) AS counted)")  # noqa: S608 - our own statement
        values += arguments
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", values)
        return dict(zip(parts, cursor.fetchone(), strict=True))


def shortcuts() -> list[dict]:
    """The views that staff open most, each with its address and how much is in it."""
    numbers = counts()
    page = reverse("desk:queue")
    labels = {"": _t("everything"), **dict(Reason.choices)}
    return [
        {
            "reason": reason,
            "label": label,
            "address": f"{page}{View(reason=reason).query()}",
            "number": min(number := numbers[reason or "waiting"], MOST_COUNTED),
            "more": number > MOST_COUNTED,
        }
        for reason, label in labels.items()
    ]


def options() -> dict[str, list[tuple[str, str]]]:
    """What each filter offers, as (value, label)."""
    measures = Measure.objects.with_wording()
    principles, named = {}, []
    for measure in measures:
        principle = measure.principle
        principles[principle.slug] = f"{principle.code} {localized(principle, 'title').text}"
        named.append((measure.slug, f"{measure.code} {localized(measure.current_edition, 'title').text}"))
    return {
        "reason": Reason.choices,
        "principle": list(principles.items()),
        "measure": named,
        "language": Language.choices,
        "rule": [(rule.code, str(rule)) for rule in Rule.objects.in_force()],
        "reports": [(str(number), str(number)) for number in REPORTS],
        "age": [(str(hours), waits_for(hours)) for hours in AGES],
        "sort": list(SORTS.items()),
    }


@on_the_desk
def queue(request):
    """What waits, as the address asks for it."""
    view = View.of(request.GET)
    items, more = view.page()
    offered = options()
    rows = [
        {
            "item": item,
            "excerpt": excerpt(item.comment.latest.text),
            "signals": [
                signal for signal in item.comment.signals.all() if signal.version == item.comment.latest.number
            ],
            "mine": item.is_held and item.claimed_by.user_id == request.user.pk,
        }
        for item in items
    ]
    context = desk_context(request, _t("Moderation desk")) | {
        "view": view,
        "rows": rows,
        "next_query": more,
        "filters": filters(view, offered),
        "applied": view.applied(offered),
        "shortcuts": shortcuts(),
        "query": view.query(),
    }
    return render(request, "admin/desk/queue.html", context)


def filters(view: View, offered: dict[str, list[tuple[str, str]]]) -> list[dict]:
    """The fields of the form of filters, in order, with what is chosen."""
    labels = {
        "reason": _t("Reason"),
        "principle": _t("Principle"),
        "measure": _t("Measure"),
        "language": _t("Language"),
        "rule": _t("Rule named in a report"),
        "reports": _t("Reports, at least"),
        "age": _t("Age"),
        "sort": _t("Order"),
    }
    return [
        {"name": name, "label": label, "options": offered[name], "chosen": str(getattr(view, name) or "")}
        for name, label in labels.items()
    ]


def excerpt(text: str) -> str:
    """The beginning of a text for the queue, with what is personal masked."""
    return masked if len(masked := mask(text)) <= EXCERPT else f"{masked[:EXCERPT].rstrip()}…"
