"""Decisions about many comments at once."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment
from feedback.models.person import StaffMember
from feedback.models.rule import Rule


class BulkQuerySet(models.QuerySet):
    def previewed(self):
        """Looked at, and not decided yet."""
        return self.filter(confirmed_at=None)

    def unfinished(self):
        """Decided, with comments that still wait for it."""
        return self.filter(confirmed_at__isnull=False, finished_at=None)


class BulkDecision(models.Model):
    """One decision about many comments: the same action, rule and explanation, one `Decision` for each comment.

    Made with its targets when a moderator previews it; nothing happens before it is confirmed. Done a few at a time;
    killed in between it goes on where it stopped. The explanation stands in every language that its authors read.
    """

    action = models.CharField(_("action"), max_length=16, blank=True)
    rule = models.ForeignKey(
        Rule, verbose_name=_("rule"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="bulk_decisions")
    total = models.PositiveIntegerField(_("comments"))
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("decided"), null=True, blank=True)
    moved_at = models.DateTimeField(_("last progress"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = BulkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(action=""), name="bulk_decision_decides_something"
            )
        ]

    def __str__(self):
        return f"{self.action}: {self.total}"


class BulkTarget(models.Model):
    """One comment of a bulk decision as the moderator saw it, and what came of it."""

    class Outcome(models.TextChoices):
        WAITING = "", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    bulk = models.ForeignKey(BulkDecision, on_delete=models.CASCADE, related_name="targets")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(_("version seen"))
    after = models.PositiveBigIntegerField(_("last decision seen"), null=True)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, blank=True)
    message = models.CharField(_("why not"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["bulk", "comment"], name="one_target_per_bulk")]
        indexes = [models.Index(fields=["bulk", "outcome", "id"], name="bulk_progress")]

    def __str__(self):
        return f"{self.comment_id}: {self.outcome}"
