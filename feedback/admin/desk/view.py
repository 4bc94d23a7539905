"""A view of the queue: which items, in which order, from which place on. Its address is all there is to save."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.models import DeskItem
from feedback.models.comment import Language
from feedback.models.desk import DeskQuerySet, Reason
from feedback.views.cursor import cursor
from principles.models import Measure

PER_PAGE = 30
SORTS = {"riskiest": _("riskiest first"), "oldest": _("oldest first")}
AGES = (1, 6, 12, 24, 72, 168)  # hours
REPORTS = (1, 2, 3, 5, 10)
MOST_RISK = 10**6


def _number(text: str, most: int) -> int:
    """A positive number that an address names, or 0."""
    return number if text.isascii() and text.isdigit() and 0 < (number := int(text[:9])) <= most else 0


@dataclass(frozen=True)
class View:
    """What a moderator asked for; what an address cannot name counts as not asked for."""

    sort: str = "riskiest"
    reason: str = ""
    principle: str = ""
    measure: str = ""
    language: str = ""
    rule: str = ""
    reports: int = 0  # at least so many
    age: int = 0  # waiting for at least so many hours
    after: str = ""

    @classmethod
    def of(cls, parameters) -> "View":
        sort, reason, language = (parameters.get(name, "") for name in ("sort", "reason", "language"))
        return cls(
            sort=sort if sort in SORTS else "riskiest",
            reason=reason if reason in Reason.values else "",
            principle=parameters.get("principle", "")[:100],
            measure=parameters.get("measure", "")[:100],
            language=language if language in Language.values else "",
            rule=parameters.get("rule", "")[:40],
            reports=_number(parameters.get("reports", ""), 32000),
            age=_number(parameters.get("age", ""), 24 * 3650),
            after=parameters.get("after", "")[:100],
        )

    def query(self, **changes) -> str:
        """The query of the address of this view with `changes`, from its first page on: "?…", or nothing."""
        names = ("sort", "reason", "principle", "measure", "language", "rule", "reports", "age")
        values = {name: getattr(self, name) for name in names} | changes
        values = {name: value for name, value in values.items() if value and value != "riskiest"}
        return f"?{urlencode(values)}" if values else ""

    def items(self, now: datetime | None = None) -> DeskQuerySet:
        """Every item of the view, in its order, whatever the place."""
        now = now or timezone.now()
        items = DeskItem.objects.waiting(now - timedelta(hours=self.age))
        if self.reason:
            items = items.because(self.reason, now)
        if self.principle:
            items = items.filter(measure__in=Measure.objects.filter(principle__slug=self.principle))
        if self.measure:
            measure = Measure.objects.filter(slug=self.measure).order_by().values("pk")[:1]
            items = items.filter(measure=Subquery(measure))
        if self.language:
            items = items.filter(language=self.language)
        if self.reports:
            items = items.filter(reports__gte=self.reports)
        if self.rule:
            items = items.reported_under(self.rule)
        return items.oldest_first() if self.sort == "oldest" else items.riskiest_first()

    def place_of(self, item: DeskItem) -> str:
        """The place right after `item`, as an address carries it."""
        place = f"{item.since.isoformat()}~{item.pk}"
        return place if self.sort == "oldest" else f"{item.risk}~{place}"

    def items_after(self, place: str) -> DeskQuerySet:
        """The items behind a place; a 404 where it names none."""
        if self.sort == "oldest":
            return self.items().after_age(*cursor(place))
        risk, _tilde, rest = place.partition("~")
        if not risk.isascii() or not risk.isdigit() or len(risk) > 9:
            raise Http404
        return self.items().after_risk(int(risk), *cursor(rest))

    def page(self) -> tuple[list[DeskItem], str | None]:
        """The items of one page with what the queue shows of them, and the query of the next page."""
        items = self.items_after(self.after) if self.after else self.items()
        items = items.select_related("comment__latest", "measure__current_edition", "claimed_by__user")
        found = list(items.prefetch_related("comment__signals")[: PER_PAGE + 1])
        more = self.query(after=self.place_of(found[PER_PAGE - 1])) if len(found) > PER_PAGE else None
        return found[:PER_PAGE], more

    def next_after(self, place: str, user, *, but) -> DeskItem | None:
        """The next item behind `place` that is free for `user`; never the one with the key `but`."""
        return self.items_after(place).free_for(user).exclude(pk=but).first()

    def applied(self, options: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
        """(what is asked for, in words; the query of the view without it) of each filter that is on."""
        words = {
            "reason": self.reason and Reason(self.reason).label,
            "language": self.language and Language(self.language).label,
            "reports": self.reports
            and ngettext("at least %(n)s report", "at least %(n)s reports", self.reports) % {"n": self.reports},
            "age": self.age and waits_for(self.age),
        }
        for name in ("principle", "measure", "rule"):
            value = getattr(self, name)
            words[name] = dict(options[name]).get(value, value)
        return [(text, self.query(**{name: ""})) for name, text in words.items() if text]


def waits_for(hours: int) -> str:
    return _t("waits for %(n)s h or longer") % {"n": hours}
