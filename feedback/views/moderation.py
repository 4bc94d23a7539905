"""The public page of moderation: the rules, the numbers, and the log of every decision; the latter two as CSV too."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from feedback.models import Decision, ModerationFigure, Rule
from feedback.moderation_figures import Figures, figures_of, waiting_appeals
from feedback.sanction_figures import sanction_figures

PER_PAGE = 50
DEMANDS = 10
CHUNK = 2000  # rows of a file that are read at a time
FRESH = 300  # seconds
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
LOG = ("decision", "time", "programme", "measure", "action", "rule", "rule_version", "language", "from", "to")
LOG_COLUMNS = (*LOG, "authority", "about")
FIGURE_COLUMNS = ("month", "action", "rule", "language", "number")
SANCTION_COLUMNS = ("by", "value", "warnings", "suspensions")
# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Chosen:
    """Which decisions a reader asked for: those under a rule, of one action, of a month (its first day, in UTC)."""

    rule: str = ""
    action: str = ""
    month: date | None = None

    @classmethod
    def of(cls, parameters, rules: list[Rule]) -> "Chosen":
        """What an address names; what it cannot name counts as not chosen."""
        rule, action = parameters.get("rule", ""), parameters.get("action", "")
        named = MONTH.fullmatch(parameters.get("month", ""))
        return cls(
            rule if any(rule == known.code for known in rules) else "",
            action if action in Decision.Action.values else "",
            date(int(named[1]), int(named[2]), 1) if named else None,
        )

    def decisions(self, rules: list[Rule]) -> QuerySet[Decision]:
        found = Decision.objects.order_by("-created_at", "-pk")
        if self.rule:
            found = found.filter(rule=next(rule.pk for rule in rules if rule.code == self.rule))
        if self.action:
            found = found.filter(action=self.action)
        if self.month:
            begins = datetime(self.month.year, self.month.month, 1, tzinfo=UTC)
            ends = datetime(self.month.year + self.month.month // 12, self.month.month % 12 + 1, 1, tzinfo=UTC)
            found = found.filter(created_at__gte=begins, created_at__lt=ends)
        return found

    def address(self, **changes) -> str:
        """The query of its address."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        values = {"rule": self.rule, "action": self.action, "month": month} | changes
        values = {name: value for name, value in values.items() if value}
        return f"?{urlencode(values)}" if values else ""


@require_safe
def moderation(request):
    """Rules, numbers and log; `?before=` is the decision after which the log goes on."""
    rules = list(Rule.objects.select_related("current_version"))
    chosen = Chosen.of(request.GET, rules)
    found = chosen.decisions(rules)
    if before := request.GET.get("before"):
        found = _after(found, before)
    shown = found.select_related("comment__measure__current_edition", "rule_version", "rule__current_version")
    page = list(shown[: PER_PAGE + 1])
    figures = figures_of(rules)
    demands = Decision.objects.filter(action=Decision.Action.DEMAND).order_by("-created_at", "-pk")
    context = {
        "rules": [rule for rule in rules if not rule.retired],
        "figures": figures,
        "appeals": waiting_appeals(),
        "sanctions": sanction_figures(rules),
        "demands": demands.select_related("comment__measure__current_edition")[:DEMANDS],
        "chosen": chosen,
        "choices": _choices(chosen, rules, figures),
        "decisions": page[:PER_PAGE],
        "more": chosen.address(before=page[PER_PAGE - 1].pk) if len(page) > PER_PAGE else "",
        "is_plain": not request.GET,
    }
    return render(request, "feedback/moderation.html", context)


def _after(found: QuerySet[Decision], before: str) -> QuerySet[Decision]:
    """Those of `found` that come after the decision that an address names; a 404 where it names none."""
    if not (before.isascii() and before.isdecimal() and len(before) < 19):
        raise Http404
    at = Decision.objects.filter(pk=before).values_list("created_at", flat=True).first()
    if at is None:
        raise Http404
    return _from(found, at, before)


def _from(found: QuerySet[Decision], at: datetime, pk) -> QuerySet[Decision]:
    """Those of `found` that come after (`at`, `pk`), the newest first; the first bound is where an index begins."""
    return found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk), created_at__lte=at)


def _choices(chosen: Chosen, rules: list[Rule], figures: Figures) -> list[tuple[str, object, list]]:
    """(field, label, [(value, text, whether it is chosen)…]) for the form above the log."""
    return [
        ("rule", _("Rule"), [(rule.code, str(rule), rule.code == chosen.rule) for rule in rules]),
        ("action", _("Action"), [(value, label, value == chosen.action) for value, label in Decision.Action.choices]),
        (
            "month",
            _("Month"),
            [(f"{line.month:%Y-%m}", line.month, line.month == chosen.month) for line in figures.months],
        ),
    ]


@require_safe
@cache_control(public=True, max_age=FRESH)
def log_file(request):
    """Every decision that was chosen, the newest first; no column names a person or holds a text."""
    rules = list(Rule.objects.all())
    return _file("moderation-log.csv", LOG_COLUMNS, _log(Chosen.of(request.GET, rules).decisions(rules)))


@require_safe
@cache_control(public=True, max_age=FRESH)
def figures_file(request):
    """The numbers by month, action, rule and language; `appeal` is an author's, the other actions are decisions."""
    return _file(
        "moderation-figures.csv",
        FIGURE_COLUMNS,
        (
            (f"{month:%Y-%m}", *row)
            for month, *row in ModerationFigure.objects.filter(number__gt=0)
            .order_by("month", "action", "rule", "language")
            .values_list(*FIGURE_COLUMNS)
        ),
    )


@require_safe
@cache_control(public=True, max_age=FRESH)
def sanctions_file(request):
    """Warnings and suspensions, a line a month and a line a rule, in the ranges that the page shows."""
    figures = sanction_figures(list(Rule.objects.select_related("current_version")))
    months = (("month", f"{line.month:%Y-%m}", line.warnings, line.suspensions) for line in figures.months)
    rules = (("rule", line.code, line.warnings, line.suspensions) for line in figures.rules)
    return _file("moderation-sanctions.csv", SANCTION_COLUMNS, chain(months, rules))


def _log(decisions: QuerySet[Decision]) -> Iterator[tuple]:
    """Rows of the log, read by keyset a few thousand at a time: a slow reader holds no query open."""
    columns = (
        "pk",
        "created_at",
        "comment__measure__principle__programme__slug",
        "comment__measure__slug",
        "action",
        "rule__code",
        "rule_version__number",
        "language",
        "from_state",
        "to_state",
        "authority",
        "about",
    )
    rows = list(decisions.values_list(*columns)[:CHUNK])
    while rows:
        for pk, at, *rest in rows:
            yield pk, f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}", *rest
        pk, at = rows[-1][:2]
        rows = list(_from(decisions, at, pk).values_list(*columns)[:CHUNK]) if len(rows) == CHUNK else []


def _file(name: str, columns: tuple[str, ...], rows: Iterator[tuple]) -> StreamingHttpResponse:
    """A CSV file (RFC 4180, UTF-8) that is sent as it is read; no cell begins a formula."""
    writer = csv.writer(Echo())
    return StreamingHttpResponse(
        (writer.writerow([_safe(cell) for cell in row]) for row in chain([columns], rows)),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class Echo:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _safe(cell) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
