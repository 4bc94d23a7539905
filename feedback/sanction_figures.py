"""Warnings and suspensions in numbers, so coarse that they point at nobody.

A single one, seen to appear beside the log of decisions, would tell whom it hit. So nothing of the month that runs is
told, every number stands for a class of numbers, and no number is of one rule in one month.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from feedback.models import Rule, Sanction
from portal.localized import localized

MONTHS = 12
CLASSES = (1, 5, 10, 20, 50, 100)  # where each class of numbers begins


@dataclass(frozen=True)
class SanctionLine:
    """Warnings and suspensions of a month or under a rule, each as the name of a class: "0", "1–4", … "100+"."""

    warnings: str
    suspensions: str
    month: date | None = None
    code: str = ""  # of the rule
    name: str = ""
    language: str = ""  # of the name, where it is not the page's


@dataclass(frozen=True)
class SanctionFigures:
    """All of them: the newest twelve months that are over, and the rules since the beginning until then."""

    months: list[SanctionLine]
    rules: list[SanctionLine]


def class_of(number: int) -> str:
    """The class that `number` is in, as readers see it."""
    begins = [least for least in CLASSES if least <= number]
    if not begins:
        return "0"
    if len(begins) == len(CLASSES):
        return f"{CLASSES[-1]}+"
    return f"{begins[-1]}–{CLASSES[len(begins)] - 1}"


def sanction_figures(rules: Iterable[Rule], now: datetime | None = None) -> SanctionFigures:
    """The numbers until the end of last month (UTC), in one query; `rules` are all rules with their wording."""
    this_month = (now or timezone.now()).astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = (
        Sanction.objects.filter(created_at__lt=this_month)
        .order_by()
        .values_list(TruncMonth("created_at", tzinfo=UTC), "rule_version__rule__code", "kind")
        .annotate(Count("pk"))
    )
    by_month: dict[datetime, Counter] = {}
    by_rule: dict[str, Counter] = {}
    for month, rule, kind, number in counted:
        by_month.setdefault(month, Counter())[kind] += number
        by_rule.setdefault(rule, Counter())[kind] += number
    newest = sorted(by_month, reverse=True)[:MONTHS]
    return SanctionFigures(
        months=[_line(by_month[month], month=month.date()) for month in newest],
        rules=[_line(by_rule[rule.code], **_name_of(rule)) for rule in rules if rule.code in by_rule],
    )


def _line(numbers: Counter, **about) -> SanctionLine:
    warnings, suspensions = (class_of(numbers[kind]) for kind in (Sanction.Kind.WARNING, Sanction.Kind.SUSPENSION))
    return SanctionLine(warnings, suspensions, **about)


def _name_of(rule: Rule) -> dict[str, str]:
    title = localized(rule.current_version, "title")
    return {"code": rule.code, "name": title.text, "language": title.language if title.is_fallback else ""}
