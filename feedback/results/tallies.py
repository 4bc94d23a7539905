"""Tallies per question, and counts of comments, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from feedback.models import Comment, CommentCount, Tally
from feedback.models.rating import VALUES
from portal.localized import Localized, localized
from principles.models import Measure, Question

# Width of a full bar in the units of its drawing.
BAR = 100
GAP = 0.6


@dataclass
class Row:
    """One answer of a question: how many gave it, and which share of the released ratings that is."""

    value: int
    label: Localized
    count: int
    share: float  # 0 … 1
    start: float  # share of all smaller values: where a stacked bar's segment begins

    @property
    def percent(self) -> str:
        return str(round(self.share * 100))

    @property
    def width(self) -> str:
        """Length of the bar as a number for SVG: a point for the decimals, whatever the language."""
        return f"{self.share * BAR:.2f}"

    @property
    def left(self) -> str:
        return f"{self.start * BAR:.2f}"

    @property
    def part(self) -> str:
        """Its length in a stacked bar, where a gap parts it from the next one."""
        length = self.share * BAR
        return f"{max(length - GAP, length / 2):.2f}"


@dataclass(frozen=True)
class OwnRating:
    """What a participant has answered to a question; `value` is None after it was taken back."""

    value: int | None
    waiting: bool
    released_once: bool


@dataclass
class QuestionResult:
    """One question of one measure: its tally (None before the first rating), and a participant's own rating."""

    question: Question
    tally: Tally | None
    own: OwnRating | None = None
    chosen: int | None = field(default=None)  # what the form should show as chosen

    @property
    def n(self) -> int:
        return self.tally.n if self.tally else 0

    @property
    def counts(self) -> list[int] | None:
        return self.tally.counts if self.tally else None

    @property
    def released_n(self) -> int:
        return self.tally.released_n if self.tally else 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing joins it any more: what has not been released stays out for good."""
        return self.tally is not None and self.tally.closed_at is not None

    @property
    def waiting_n(self) -> int:
        """How many participants wait to join the counts; once it is closed, how many stay out for good."""
        return self.n - self.released_n

    @cached_property
    def rows(self) -> list[Row]:
        """The five answers with their counts; zeroes while nothing is released."""
        counts = self.counts or [0] * 5
        total = sum(counts) or 1
        rows, before = [], 0
        for value, count in zip(VALUES, counts, strict=True):
            label = localized(self.question, f"label_{value}")
            rows.append(Row(value, label, count, count / total, before / total))
            before += count
        return rows

    @property
    def median(self) -> Row | None:
        value = self.tally.median if self.tally else None
        return self.rows[value - 1] if value else None

    @property
    def share_positive(self) -> str | None:
        """The share of 4 and 5 in whole percent, or None while nothing is released."""
        share = self.tally.share_positive if self.tally else None
        return None if share is None else str(round(share * 100))

    @property
    def key(self) -> tuple:
        """What tells how it looks to a participant from how it looks to others."""
        return self.question.pk, self.chosen, self.own

    @property
    def own_row(self) -> Row | None:
        return self.rows[self.own.value - 1] if self.own and self.own.value else None


def results_of(
    measures: Iterable[Measure], questions: Iterable[Question], *, series: dict[int, int] | None = None
) -> dict[tuple[int, int], QuestionResult]:
    """Results by (measure pk, question pk), in one query.

    They are those of each measure's current substantive edition, or of the one whose number `series` gives for it.
    """
    measures, questions = list(measures), list(questions)
    wanted = {measure.pk: (series or {}).get(measure.pk, measure.current_edition.series) for measure in measures}
    tallies = Tally.objects.filter(edition__measure__in=wanted, question__in=questions).select_related("edition")
    found = {
        (tally.edition.measure_id, tally.question_id): tally
        for tally in tallies
        if tally.edition.number == wanted[tally.edition.measure_id]
    }
    return {
        (measure.pk, question.pk): QuestionResult(question, found.get((measure.pk, question.pk)))
        for measure in measures
        for question in questions
    }


def answered_count(measure: Measure) -> tuple[int, int]:
    """How many of the published comments on `measure`, replies included, have an official answer, and of how many."""
    answered = Comment.objects.visible().answered().filter(measure=OuterRef("measure")).order_by().values("measure")
    number = Coalesce(Subquery(answered.annotate(number=Count("pk")).values("number")), 0)
    counts = CommentCount.objects.filter(measure=measure).annotate(answered=number)
    answered, published = counts.values_list("answered", "published").first() or (0, 0)
    return min(answered, published), published  # the sequencer counts a moment later


def published_counts(measures: Iterable[Measure]) -> dict[int, int]:
    """Published comments and replies by measure pk."""
    return dict(CommentCount.objects.filter(measure__in=list(measures)).values_list("measure", "published"))
