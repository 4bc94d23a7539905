"""What staff decided about comments: append-only."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment, Language, State
from feedback.models.person import StaffMember
from feedback.models.rule import Rule, RuleVersion
from feedback.text import detect_language


class Decision(models.Model):
    """One decision: what was done to which version, under which wording of which rule, by whom, from state to state.

    Triggers refuse every change and deletion; the explanation sits beside it, where erasure can empty it. Decisions
    of a comment form a chain: each starts from the state in which the one before it ended, so replaying them gives
    the comment's moderation.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", _("publish")
        HIDE = "hide", _("hide")
        REDACT = "redact", _("remove a part")
        KEEP = "keep", _("leave as it is")
        ASK = "ask", _("ask the author to edit")
        ESCALATE = "escalate", _("pass on to a senior moderator")
        DEMAND = "demand", _("hide at an authority's demand")
        UNDO = "undo", _("undo")
        UPHOLD = "uphold", _("uphold on appeal")
        REVERSE = "reverse", _("reverse on appeal")

    comment = models.ForeignKey(Comment, verbose_name=_("comment"), on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(_("action"), max_length=16, choices=Action)
    rule_version = models.ForeignKey(
        RuleVersion, verbose_name=_("rule"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The rule whatever its wording; of an undoing or a ruling, that of the decision which it is about.
    rule = models.ForeignKey(
        Rule, verbose_name=_("rule"), null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    authority = models.CharField(_("authority"), max_length=200, blank=True)
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="decisions")
    role = models.CharField(_("role"), max_length=20)
    version = models.PositiveIntegerField(_("version judged"))
    commitment = models.CharField(_("commitment of the version judged"), max_length=64)
    language = models.CharField(_("language of the version judged"), max_length=2, choices=Language, blank=True)
    # Since when the comment had waited for staff; None where it had not.
    since = models.DateTimeField(_("waited since"), null=True, blank=True)
    # The version that readers saw before, by number: what undoing or reversing brings back. None: none was shown.
    shown_before = models.PositiveIntegerField(_("version shown before"), null=True, blank=True)
    from_state = models.CharField(_("from"), max_length=9, choices=State)
    to_state = models.CharField(_("to"), max_length=9, choices=State)
    # Of an undoing, an upholding or a reversal: the decision that it is about.
    about = models.OneToOneField(
        "self", verbose_name=_("about"), null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    created_at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        permissions = [
            ("decide", "Can decide about comments"),
            ("decide_as_senior", "Can rule on appeals, decide in bulk over 100 and suspend"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["hide", "redact"]) | Q(rule_version__isnull=False),
                name="hiding_names_a_rule",
            ),
            models.CheckConstraint(condition=~Q(action="demand") | ~Q(authority=""), name="demand_names_its_authority"),
            models.CheckConstraint(
                condition=~Q(action__in=["undo", "uphold", "reverse"]) | Q(about__isnull=False),
                name="follow_up_names_its_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="decision_newest"),
            models.Index(fields=["rule", "-created_at", "-id"], name="decision_by_rule"),
            models.Index(fields=["action", "-created_at", "-id"], name="decision_by_action"),
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
