"""What staff decided about comments: append-only."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment, State
from feedback.models.person import StaffMember
from feedback.models.rule import RuleVersion
from feedback.text import detect_language


class Decision(models.Model):
    """One decision: what was done to which version, under which wording of which rule, by whom, from state to state.

    Triggers refuse every change and deletion; the explanation sits beside it, where erasure can empty it.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", _("publish")
        HIDE = "hide", _("hide")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(_("action"), max_length=16, choices=Action)
    rule_version = models.ForeignKey(
        RuleVersion, verbose_name=_("rule"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="decisions")
    role = models.CharField(_("role"), max_length=20)
    version = models.PositiveIntegerField(_("version judged"))
    commitment = models.CharField(_("commitment of the version judged"), max_length=64)
    from_state = models.CharField(_("from"), max_length=9, choices=State)
    to_state = models.CharField(_("to"), max_length=9, choices=State)
    created_at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(action="hide") | models.Q(rule_version__isnull=False),
                name="hiding_names_a_rule",
            )
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.comment_id}"


class DecisionExplanation(models.Model):
    """Why, in words, for the author; erasure of the comment deletes it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="explanation")
    text = models.TextField(_("explanation"), max_length=2000)

    class Meta:
        verbose_name = _("explanation of a decision")
        verbose_name_plural = _("explanations of decisions")

    def __str__(self):
        return self.text[:80]

    @property
    def language(self) -> str:
        """The language that it is most likely in: staff write in the author's."""
        return detect_language(self.text)
