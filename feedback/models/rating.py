"""Ratings and their tallies.

A rating waits while `value` and `released_value` differ. Its action writes this one row and nothing else; releasing
waiting rows in groups, and keeping tallies, is the sequencer's work alone (`feedback.ledger.releases`).
"""

import uuid

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Channel
from feedback.models.person import Participant
from principles.models import Edition, Question

VALUES = (1, 2, 3, 4, 5)


class Rating(models.Model):
    """One participant's value 1-5 for one question of one measure, in one substantive edition.

    `value` is None after it was taken back. `who` is the random name under which the ledger knows this row. The
    region code, age band and gender are those that the participant had when rating; blank where not given.
    `participant` is None once the person was erased: what was released stays counted, unlinked.
    """

    participant = models.ForeignKey(Participant, null=True, on_delete=models.PROTECT, related_name="ratings")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="ratings")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="ratings")
    who = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    value = models.PositiveSmallIntegerField(_("value"), null=True)
    released_value = models.PositiveSmallIntegerField(_("released value"), null=True)
    released_once = models.BooleanField(_("is in the ledger"), default=False)
    counted_as_change = models.BooleanField(_("counted towards a group of changes"), default=False)
    waiting = models.GeneratedField(
        expression=Case(
            When(Q(value=F("released_value")), then=Value(False)),
            When(Q(value__isnull=True) & Q(released_value__isnull=True), then=Value(False)),
            default=Value(True),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("waits for the next group"),
    )
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, default=Channel.WEB)
    region = models.CharField(_("region"), max_length=8, blank=True)
    age_band = models.CharField(_("year of birth"), max_length=9, blank=True)
    gender = models.CharField(_("gender"), max_length=6, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["participant", "question", "edition"], name="one_rating_each"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__range=(1, 5)), name="rating_value_1_to_5"),
            models.CheckConstraint(
                condition=Q(released_value=None) | Q(released_value__range=(1, 5)),
                name="released_value_1_to_5",
            ),
        ]
        indexes = [
            models.Index(
                fields=["question", "edition", "released_once"],
                condition=Q(waiting=True),
                name="rating_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.who}: {self.value}"


class Tally(models.Model):
    """Counts per value of (measure, question, substantive edition); written by the sequencer alone.

    `n` counts everyone who rated, at most 2 s late; `count_1` … `count_5` hold released ratings only. `seq` is the
    ledger's number of the `tally_released` entry that the counts stem from; None while nothing was released.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="tallies")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="tallies")
    n = models.PositiveIntegerField(_("participants"), default=0)
    count_1 = models.PositiveIntegerField(default=0)
    count_2 = models.PositiveIntegerField(default=0)
    count_3 = models.PositiveIntegerField(default=0)
    count_4 = models.PositiveIntegerField(default=0)
    count_5 = models.PositiveIntegerField(default=0)
    seq = models.PositiveBigIntegerField(_("ledger entry"), null=True)
    log = models.CharField(_("log"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["question", "edition"], name="one_tally_per_edition")]

    def __str__(self):
        return f"{self.question_id}/{self.edition_id}: {self.n}"

    @property
    def counts(self) -> list[int] | None:
        """Released ratings per value 1 … 5, or None while nothing was released."""
        return None if self.seq is None else self.counts_or_zero

    @counts.setter
    def counts(self, values: list[int]) -> None:
        self.count_1, self.count_2, self.count_3, self.count_4, self.count_5 = values

    @property
    def counts_or_zero(self) -> list[int]:
        return [self.count_1, self.count_2, self.count_3, self.count_4, self.count_5]

    @property
    def released_n(self) -> int:
        return sum(self.counts_or_zero)

    @property
    def median(self) -> int | None:
        """The lower median of the released ratings."""
        total = self.released_n
        if self.seq is None or not total:
            return None
        reached = 0
        for value, count in zip(VALUES, self.counts_or_zero, strict=True):
            reached += count
            if 2 * reached >= total:
                return value
        raise AssertionError("a median lies within the counts")

    @property
    def share_positive(self) -> float | None:
        """The share of 4 and 5 among the released ratings, 0 … 1, rounded to four digits."""
        total = self.released_n
        return round((self.count_4 + self.count_5) / total, 4) if self.seq is not None and total else None
