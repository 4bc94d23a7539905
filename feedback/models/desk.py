"""The moderation desk: what waits for staff, what speaks for looking at it first, and what helps to decide."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models.comment import Comment, Language
from feedback.models.person import StaffMember
from feedback.models.reaction import Report
from feedback.models.rule import Rule
from principles.models import Measure


class Reason(models.TextChoices):
    """Why something waits; each has its column, but for being late."""

    PENDING = "pending", pgettext_lazy("on the desk", "new")
    REPORTED = "reported", pgettext_lazy("on the desk", "reported")
    APPEALED = "appealed", pgettext_lazy("on the desk", "appealed")
    EDITED = "edited", pgettext_lazy("on the desk", "edited")
    ESCALATED = "escalated", pgettext_lazy("on the desk", "passed on")
    # What waits anyhow may have signals as well: this is what came to the desk by them, though readers see it.
    SIGNALLED = "signalled", pgettext_lazy("on the desk", "published with signals")
    OVERDUE = "overdue", pgettext_lazy("on the desk", "overdue")


class DeskQuerySet(models.QuerySet):
    def waiting(self, now=None):
        """What staff look at by now; the rest is left to its author, who was asked to edit."""
        return self.filter(since__lte=now or timezone.now())

    def overdue(self, now=None):
        """What should have been decided by now."""
        return self.filter(due_at__lt=now or timezone.now())

    def because(self, reason: str, now=None):
        """What waits for `reason`, among others."""
        if reason == Reason.OVERDUE:
            return self.overdue(now)
        return self.filter(reports__gt=0) if reason == Reason.REPORTED else self.filter(**{reason: True})

    def reported_under(self, code: str):
        """What somebody says breaks the rule `code`, and nobody has looked at since."""
        reports = Report.objects.filter(comment=OuterRef("pk"), rule__code=code, handled_at=None)
        return self.filter(Exists(reports), reports__gt=0)

    def free_for(self, user, now=None):
        """What nobody else holds."""
        return self.filter(Q(claimed_by=None) | Q(claimed_by__user=user) | Q(claimed_until__lt=now or timezone.now()))

    def riskiest_first(self):
        return self.order_by("-risk", "since", "pk")

    def oldest_first(self):
        return self.order_by("since", "pk")

    def after_age(self, since, pk):
        """What comes after (`since`, `pk`), oldest first."""
        return self.filter(Q(since__gt=since) | Q(since=since, pk__gt=pk), since__gte=since)

    def after_risk(self, risk, since, pk):
        """What comes after (`risk`, `since`, `pk`), riskiest first."""
        later = Q(since__gt=since) | Q(since=since, pk__gt=pk)
        return self.filter(Q(risk__lt=risk) | Q(later, risk=risk), risk__lte=risk)


class DeskItem(models.Model):
    """That a comment waits for staff, and why. One row per waiting comment, none for any other.

    Kept by the actions that change the facts (`feedback.actions.desk`), under the comment's lock, so that the desk
    never reads the table of comments to find its work. Opening an item claims it for ten minutes.
    """

    comment = models.OneToOneField(Comment, primary_key=True, on_delete=models.CASCADE, related_name="desk_item")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    pending = models.BooleanField(_("new"), default=False)
    edited = models.BooleanField(_("edited"), default=False)
    reports = models.PositiveSmallIntegerField(_("reports"), default=0)
    appealed = models.BooleanField(_("appealed"), default=False)
    escalated = models.BooleanField(_("passed on"), default=False)
    signalled = models.BooleanField(_("has signals"), default=False)
    risk = models.PositiveSmallIntegerField(_("risk"), default=0)
    since = models.DateTimeField(_("waits since"))
    due_at = models.DateTimeField(_("due"))
    claimed_by = models.ForeignKey(
        StaffMember, verbose_name=_("held by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_until = models.DateTimeField(_("held until"), null=True, blank=True)

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("item on the desk")
        verbose_name_plural = _("items on the desk")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(pending=True)
                | Q(edited=True)
                | Q(reports__gt=0)
                | Q(appealed=True)
                | Q(escalated=True)
                | Q(signalled=True),
                name="desk_item_has_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["-risk", "since", "comment"], name="desk_by_risk"),
            models.Index(fields=["since", "comment"], name="desk_by_age"),
            models.Index(fields=["measure", "-risk", "since"], name="desk_by_measure"),
            models.Index(fields=["due_at"], name="desk_by_due"),
            models.Index(fields=["since"], condition=Q(pending=True), name="desk_pending"),
            models.Index(fields=["since"], condition=Q(signalled=True), name="desk_signalled"),
            models.Index(fields=["since"], condition=Q(reports__gt=0), name="desk_reported"),
            models.Index(fields=["since"], condition=Q(appealed=True), name="desk_appealed"),
            models.Index(fields=["since"], condition=Q(edited=True), name="desk_edited"),
            models.Index(fields=["since"], condition=Q(escalated=True), name="desk_escalated"),
        ]

    def __str__(self):
        return str(self.comment_id)

    @property
    def reasons(self) -> list[Reason]:
        """Why it waits, being late included."""
        late = self.due_at < timezone.now()
        facts = (self.pending, self.reports, self.appealed, self.edited, self.escalated, self.signalled, late)
        return [reason for reason, holds in zip(Reason, facts, strict=True) if holds]

    @property
    def is_held(self) -> bool:
        return self.claimed_by_id is not None and self.claimed_until >= timezone.now()


class SavedExplanation(models.Model):
    """A text that explains decisions under one rule, ready in each language; filled in in the author's."""

    rule = models.ForeignKey(Rule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="saved_explanations")
    name = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"), max_length=2000)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["rule__order", "order", "pk"]
        verbose_name = _("saved explanation")
        verbose_name_plural = _("saved explanations")

    def __str__(self):
        return self.name


class StaffNote(models.Model):
    """What staff tell each other about a comment; never public, deleted when the comment is erased."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="staff_notes")
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=2000)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("staff note")
        verbose_name_plural = _("staff notes")
        default_permissions = ()

    def __str__(self):
        return self.text[:80]
