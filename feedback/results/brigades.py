"""A measure's tallies with and without the ratings of a group of alike comments, in whole tens.

The group's ratings are counted in tens, in the order in which its comments joined it, as tallies themselves are: the
difference of two looks at it tells nobody's rating.
"""

from dataclasses import dataclass

from feedback.models import Brigade, Rating, Tally
from feedback.models.rating import VALUES
from portal.localized import Localized, localized
from principles.models import Question

TEN = 10


@dataclass(frozen=True)
class Line:
    """One value under its name on the question's scale; its cells are (ratings, per cent) of all, of the group and of
    the rest, None where it is not shown."""

    value: int
    label: Localized
    cells: list[tuple[int, int] | None]


@dataclass(frozen=True)
class Apart:
    """One question's counts per value 1 … 5: all, the group's, and what is left; the latter two None below ten."""

    question: Question
    whole: list[int]
    group: list[int] | None = None
    rest: list[int] | None = None

    @property
    def lines(self) -> list[Line]:
        columns = (self.whole, self.group, self.rest)
        return [
            Line(value, localized(self.question, f"label_{value}"), [_cell(counts, value - 1) for counts in columns])
            for value in VALUES
        ]


def _cell(counts: list[int] | None, place: int) -> tuple[int, int] | None:
    return None if counts is None else (counts[place], round(100 * counts[place] / max(1, sum(counts))))


def tallies_apart(brigade: Brigade) -> list[Apart]:
    """For each question of the measure that has a tally of the current wording."""
    series = brigade.measure.current_edition.series
    tallies = Tally.objects.filter(edition__measure=brigade.measure_id, edition__number=series, seq__isnull=False)
    return [
        _apart(brigade, tally)
        for tally in tallies.select_related("question").order_by("question__order", "question_id")
    ]


def _apart(brigade: Brigade, tally: Tally) -> Apart:
    ratings = Rating.objects.filter(
        participant__comments__in_brigade__brigade=brigade,
        question=tally.question_id,
        edition=tally.edition_id,
        released_value__isnull=False,
    )
    in_order = ratings.order_by("participant__comments__in_brigade__pk").values_list("pk", "released_value")
    values = list(dict(in_order).values())
    shown = values[: len(values) // TEN * TEN]
    whole, group = tally.counts_or_zero, [shown.count(value) for value in VALUES]
    rest = [all_ - some for all_, some in zip(whole, group, strict=True)]
    if not shown or min(rest) < 0:
        return Apart(tally.question, whole)
    return Apart(tally.question, whole, group, rest if sum(rest) >= TEN or not any(rest) else None)
