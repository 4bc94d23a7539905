"""How the staff moderates, in numbers: read from what the sequencer keeps, never from the decisions themselves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from feedback.models import Appeal, Decision, DecisionTime, ModerationFigure, Rule
from feedback.models.comment import Language
from feedback.models.figure import APPEAL
from portal.localized import localized

Action = Decision.Action
RULINGS = (Action.UPHOLD, Action.REVERSE)
MONTHS = 12  # shown on the page; the file of figures has them all


@dataclass
class Line:
    """The numbers of a month, a rule, a language, or of everything, and how they are called."""

    name: str = ""
    month: date | None = None
    language: str = ""  # the language that the name is in, where it is not the page's
    numbers: Counter = field(default_factory=Counter)
    times: Counter = field(default_factory=Counter)  # by class of length (`DecisionTime`)
    most: int = 0  # decisions of the line with the most

    @property
    def decisions(self) -> int:
        """Decisions about comments; rulings on appeals are counted on their own."""
        return sum(self.numbers[action] for action in Action.values if action not in RULINGS)

    @property
    def hidden(self) -> int:
        return self.numbers[Action.HIDE] + self.numbers[Action.DEMAND]

    @property
    def redacted(self) -> int:
        return self.numbers[Action.REDACT]

    @property
    def appeals(self) -> int:
        return self.numbers[APPEAL]

    @property
    def rulings(self) -> int:
        return sum(self.numbers[action] for action in RULINGS)

    @property
    def reversed(self) -> int:
        return self.numbers[Action.REVERSE]

    @property
    def reversal_rate(self) -> str | None:
        """The share of rulings that reversed the decision, in whole percent; None before the first ruling."""
        return str(round(100 * self.reversed / self.rulings)) if self.rulings else None

    @property
    def median(self) -> timedelta | None:
        """The lower median of the waits, to within 5%: the middle of the class that it falls into."""
        place, passed = (self.times.total() + 1) // 2, 0
        for length in sorted(self.times):
            passed += self.times[length]
            if passed >= place > 0:
                return timedelta(minutes=DecisionTime.GROWTH ** (length - 0.5)) if length else timedelta(seconds=30)
        return None

    @property
    def width(self) -> str:
        """Length of the bar of its decisions, 0 to 100, as a number for SVG."""
        return f"{100 * self.decisions / self.most:.2f}" if self.most else "0"


@dataclass
class Appeals:
    """Appeals about comments that wait for a ruling now."""

    waiting: int
    overdue: int
    oldest: datetime | None  # when the ruling that is most overdue was due


@dataclass
class Figures:
    """All that the page of moderation shows in numbers."""

    total: Line
    months: list[Line]  # the newest first, all of them
    rules: list[Line]  # in the rules' order, what was done under none of them last
    languages: list[Line]

    @property
    def shown_months(self) -> list[Line]:
        return self.months[:MONTHS]


def figures_of(rules: Iterable[Rule]) -> Figures:
    """The numbers until a second ago, in four queries; `rules` are all rules with their wording."""
    months: dict[date, Line] = {}
    total = Line()
    for month, action, number in _sums("month"):
        months.setdefault(month, Line(month=month)).numbers[action] += number
        total.numbers[action] += number
    for month, length, number in DecisionTime.objects.values_list("month", "length", "number"):
        months.setdefault(month, Line(month=month)).times[length] += number
        total.times[length] += number
    by_rule, by_language = {}, {}
    for column, lines in (("rule", by_rule), ("language", by_language)):
        for name, action, number in _sums(column):
            lines.setdefault(name, Line()).numbers[action] += number
    lines = sorted(months.values(), key=lambda line: line.month, reverse=True)
    _share([lines[:MONTHS], by_rule.values(), by_language.values()])
    return Figures(
        total=total,
        months=lines,
        rules=[_named(by_rule[rule.code], rule) for rule in rules if rule.code in by_rule],
        languages=[_called(by_language[code], label) for code, label in Language.choices if code in by_language],
    )


def waiting_appeals(now: datetime | None = None) -> Appeals:
    """Read through the index of open appeals alone."""
    late = Q(due_at__lt=now or timezone.now())
    found = (
        Appeal.objects.open()
        .exclude(decision=None)
        .aggregate(waiting=Count("pk"), overdue=Count("pk", filter=late), oldest=Min("due_at", filter=late))
    )
    return Appeals(**found)


def _sums(column: str):
    return (
        ModerationFigure.objects.filter(number__gt=0).order_by().values_list(column, "action").annotate(Sum("number"))
    )


def _named(line: Line, rule: Rule) -> Line:
    title = localized(rule.current_version, "title")
    line.name, line.language = title.text, title.language if title.is_fallback else ""
    return line


def _called(line: Line, name: str) -> Line:
    line.name = name
    return line


def _share(tables: list[Iterable[Line]]) -> None:
    """Let each line of a table know the longest one, which its bar is drawn against."""
    for lines in tables:
        most = max((line.decisions for line in lines), default=0)
        for line in lines:
            line.most = most
