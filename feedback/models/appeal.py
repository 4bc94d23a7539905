"""What concerns an author beyond one comment - warnings and suspensions - and appeals against staff."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment
from feedback.models.decision import Decision
from feedback.models.person import Participant, StaffMember
from feedback.models.rule import RuleVersion


class SanctionQuerySet(models.QuerySet):
    def in_force(self, now=None):
        """Suspensions that keep their participant from writing at `now`."""
        now = now or timezone.now()
        return self.filter(kind=Sanction.Kind.SUSPENSION, lifted_at=None, until__gt=now)


class Sanction(models.Model):
    """A warning to a participant, or their suspension from writing until a time, under a rule.

    Nothing that they wrote disappears by it, and they go on being counted: rating stays possible. The explanation is
    emptied when the account is deleted.
    """

    class Kind(models.TextChoices):
        WARNING = "warning", _("warning")
        SUSPENSION = "suspension", _("suspension from writing")

    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="sanctions"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    comment = models.ForeignKey(
        Comment, verbose_name=_("comment"), null=True, blank=True, on_delete=models.PROTECT, related_name="sanctions"
    )
    rule_version = models.ForeignKey(RuleVersion, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="+")
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="sanctions")
    role = models.CharField(_("role"), max_length=20)
    created_at = models.DateTimeField(_("decided"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("warning or suspension")
        verbose_name_plural = _("warnings and suspensions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="warning", until=None) | Q(kind="suspension", until__isnull=False),
                name="suspension_has_an_end",
            )
        ]
        indexes = [
            models.Index(
                fields=["participant", "-until"],
                condition=Q(kind="suspension", lifted_at=None),
                name="sanction_in_force",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.participant_id}"


class AppealQuerySet(models.QuerySet):
    def open(self):
        """Appeals that wait for a ruling."""
        return self.filter(outcome="")

    def overdue(self, now=None):
        return self.open().filter(due_at__lt=now or timezone.now())


class Appeal(models.Model):
    """An author's objection to a decision, a warning or a suspension; ruled on by somebody who did not make it.

    Texts are emptied when the comment is erased or the account goes.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        UPHELD = "upheld", _("upheld")
        REVERSED = "reversed", _("reversed")
        CLOSED = "closed", _("closed: withdrawn by the author")

    decision = models.OneToOneField(
        Decision, verbose_name=_("decision"), null=True, blank=True, on_delete=models.PROTECT, related_name="appeal"
    )
    sanction = models.OneToOneField(
        Sanction, verbose_name=_("sanction"), null=True, blank=True, on_delete=models.PROTECT, related_name="appeal"
    )
    participant = models.ForeignKey(
        Participant, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="appeals"
    )
    text = models.TextField(_("what the author says"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("appealed"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True)
    ruled_by = models.ForeignKey(
        StaffMember, verbose_name=_("ruled by"), null=True, blank=True, on_delete=models.PROTECT, related_name="rulings"
    )
    ruled_role = models.CharField(_("role"), max_length=20, blank=True)
    ruled_at = models.DateTimeField(_("ruled"), null=True, blank=True)
    ruling = models.OneToOneField(
        Decision, verbose_name=_("ruling"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__isnull=False, sanction=None) | Q(decision=None, sanction__isnull=False),
                name="appeal_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["upheld", "reversed"]) | Q(ruled_by__isnull=False, ruled_at__isnull=False),
                name="ruling_names_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(outcome=""), name="appeal_open")]

    def __str__(self):
        return f"{self.decision_id or self.sanction_id}: {self.outcome or 'open'}"
