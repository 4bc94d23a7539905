"""What readers do with others' comments: votes and reports."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment
from feedback.models.person import Participant


class CommentVote(models.Model):
    """One participant's agreement (1) or disagreement (-1) with a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="comment_votes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="comment_votes")
    value = models.SmallIntegerField(_("value"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["participant", "comment"], name="one_vote_per_comment"),
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="vote_is_one_way_or_the_other"),
        ]

    def __str__(self):
        return f"{self.comment_id} {self.value:+d}"


class Report(models.Model):
    """A signed-in reader's word that a comment breaks a rule; seen by staff only."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="reports")
    rule = models.ForeignKey("Rule", verbose_name=_("rule"), on_delete=models.PROTECT, related_name="reports")
    note = models.TextField(_("note"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("report of a comment")
        verbose_name_plural = _("reports of comments")
        constraints = [models.UniqueConstraint(fields=["participant", "comment"], name="one_report_per_comment")]
        indexes = [models.Index(fields=["comment"], condition=Q(handled_at=None), name="report_unhandled")]

    def __str__(self):
        return f"{self.comment_id}: {self.rule_id}"
