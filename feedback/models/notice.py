"""What people are told: what concerns their own words, and what they follow."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.answer import Answer
from feedback.models.appeal import Appeal, Sanction
from feedback.models.comment import Comment, State
from feedback.models.decision import Decision
from feedback.models.person import Participant
from principles.models import Edition, Measure, Programme


class Follow(models.Model):
    """That a participant follows a measure, or a whole programme."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="follows")
    measure = models.ForeignKey(Measure, null=True, on_delete=models.CASCADE, related_name="followers")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["participant", "measure"], name="one_follow_per_measure"),
            models.UniqueConstraint(fields=["participant", "programme"], name="one_follow_per_programme"),
            models.CheckConstraint(
                condition=Q(measure__isnull=False, programme=None) | Q(measure=None, programme__isnull=False),
                name="follow_is_of_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.participant_id}: {self.measure_id or self.programme_id}"


class NoticeQuerySet(models.QuerySet):
    def of(self, participant: Participant):
        return self.filter(participant=participant)

    def ready(self, now=None):
        """Shown in the profile: their moment has come."""
        return self.filter(due_at__lte=now or timezone.now())

    def to_mail(self, now=None):
        """Not mailed yet, and due."""
        return self.filter(mailed_at=None, due_at__lte=now or timezone.now())

    def own(self):
        """About the participant's own words: mailed at once, whatever pace they chose."""
        return self.filter(kind__in=Notice.OWN)

    def news(self):
        """About what the participant follows: mailed at their own pace."""
        return self.exclude(kind__in=Notice.OWN)

    def tellable(self):
        """Without what is public no longer: a reply that was hidden is told nobody."""
        return self.exclude(~Q(comment__state=State.PUBLISHED), kind=Notice.Kind.REPLY)

    def with_facts(self):
        """With all that a page or a letter says of them, in one query."""
        return self.select_related(
            "comment__measure__current_edition",
            "comment__shown",
            "comment__latest",
            "comment__author__user",
            "decision__rule_version",
            "decision__explanation",
            "decision__appeal",
            "sanction__rule_version",
            "sanction__appeal",
            "appeal__decision__rule_version",
            "appeal__sanction__rule_version",
            "answer__measure__current_edition",
            "edition__measure",
            "programme",
            "participant__user",
        )


class Notice(models.Model):
    """One thing told to one participant, in the profile and by mail.

    `due_at` is the earliest moment to tell it: decisions wait until they can no longer be undone. What concerns the
    participant's own words is mailed at once; what they follow, at their own pace (`Participant.pace`).
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("a decision about your comment")
        SANCTION = "sanction", _("a warning or a suspension")
        LIFTED = "lifted", _("the end of a suspension before its time")
        RULING = "ruling", _("the outcome of your appeal")
        ANSWERED = "answered", _("an answer to your comment")
        REPLY = "reply", _("a reply to your comment")
        ANSWER = "answer", _("a new answer")
        EDITION = "edition", _("a new edition")
        CLOSING = "closing", _("a closing statement")

    OWN = (Kind.DECISION, Kind.SANCTION, Kind.LIFTED, Kind.RULING, Kind.ANSWERED)

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="+")
    sanction = models.ForeignKey(Sanction, null=True, on_delete=models.CASCADE, related_name="+")
    appeal = models.ForeignKey(Appeal, null=True, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.CASCADE, related_name="+")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    # Mailed, or passed over: its participant wants no such mail, or it is public no longer.
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ()
        constraints = [
            # Told once, however often the telling is tried.
            models.UniqueConstraint(fields=["participant", "decision"], name="decision_told_once"),
            models.UniqueConstraint(fields=["participant", "sanction", "kind"], name="sanction_told_once"),
            models.UniqueConstraint(fields=["participant", "appeal"], name="ruling_told_once"),
            models.UniqueConstraint(fields=["participant", "answer"], name="answer_told_once"),
            models.UniqueConstraint(fields=["participant", "edition"], name="edition_told_once"),
            models.UniqueConstraint(
                fields=["participant", "comment"], condition=Q(kind="reply"), name="reply_told_once"
            ),
            models.UniqueConstraint(
                fields=["participant", "programme"], condition=Q(kind="closing"), name="closing_told_once"
            ),
        ]
        indexes = [
            models.Index(fields=["participant", "-id"], name="notice_of_participant"),
            models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="notice_to_mail"),
            models.Index(fields=["participant", "due_at"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.kind} {self.participant_id}"
