"""The append-only record of public facts, and the outbox that feeds it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from principles.models import Edition, Measure, Programme


class Log(models.Model):
    """A ledger under its name (the origin of its checkpoints); the last row is the one in use."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    # Since when the sequencer refuses it, for it is not what was signed; null while it goes on.
    refused_at = models.DateTimeField(_("stands still since"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("log")
        verbose_name_plural = _("logs")

    def __str__(self):
        return self.name


class LedgerEntry(models.Model):
    """One leaf in its final place. `seq` is gapless from 1 (leaf index + 1); triggers refuse change and deletion.

    `leaf` is the RFC 8785 text that is hashed; the other columns repeat what lists filter by. `key` names the
    resource in the API: a comment's id, or what a leaf of that kind is about.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=20)
    programme = models.CharField(_("programme"), max_length=80)
    measure = models.CharField(_("measure"), max_length=80, blank=True)
    key = models.CharField(_("key"), max_length=120)
    leaf = models.TextField(_("leaf"))
    leaf_hash = models.BinaryField(_("hash of the leaf"), max_length=32)

    class Meta:
        ordering = ["seq"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = [
            models.Index(fields=["key"], name="entry_by_key"),
            models.Index(fields=["leaf_hash"], name="entry_by_hash"),
        ]

    def __str__(self):
        return f"{self.seq} {self.kind}"


class OutboxEntry(models.Model):
    """A final leaf that its write's own transaction left for the sequencer, which moves it and deletes it here.

    `count_from` and `count_to` are the states between which the entry moved its comment (blank: into being, or no
    move): from them the sequencer keeps `CommentCount`.
    """

    kind = models.CharField(max_length=20)
    programme = models.CharField(max_length=80)
    measure = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=120)
    leaf = models.TextField()
    count_from = models.CharField(max_length=9, blank=True)
    count_to = models.CharField(max_length=9, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox entries")

    def __str__(self):
        return f"{self.kind} {self.key}"


class SequencedEdition(models.Model):
    """That an edition has its ledger entry: editions are their own outbox, since `principles` knows no ledger."""

    edition = models.OneToOneField(Edition, primary_key=True, on_delete=models.PROTECT, related_name="sequenced")
    seq = models.PositiveBigIntegerField()
    # Whether those who follow its measure, or rated an earlier wording, have been told of it.
    told = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sequenced edition")
        verbose_name_plural = _("sequenced editions")
        indexes = [models.Index(fields=["seq"], condition=models.Q(told=False), name="edition_to_tell")]

    def __str__(self):
        return f"{self.edition_id}: {self.seq}"


class ProgrammeState(models.Model):
    """Whether the ledger's last word on a programme is that it opened or that it closed."""

    programme = models.OneToOneField(Programme, primary_key=True, on_delete=models.PROTECT, related_name="ledger_state")
    is_open = models.BooleanField()
    seq = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("state of a programme in the ledger")
        verbose_name_plural = _("states of programmes in the ledger")

    def __str__(self):
        return f"{self.programme_id}: {self.is_open}"


class CommentCount(models.Model):
    """Comments of a measure by public state, kept by the sequencer; submitted is the sum of the five others."""

    measure = models.OneToOneField(Measure, primary_key=True, on_delete=models.PROTECT, related_name="comment_count")
    submitted = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    erased = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of comments")
        verbose_name_plural = _("counts of comments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    submitted=models.F("pending")
                    + models.F("published")
                    + models.F("hidden")
                    + models.F("withdrawn")
                    + models.F("erased")
                ),
                name="submitted_is_the_sum_of_states",
            )
        ]

    def __str__(self):
        return f"{self.measure_id}: {self.submitted}"
