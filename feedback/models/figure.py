"""Numbers of moderation that are kept rather than counted, so that no page reads the table of decisions for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Language

# In `ModerationFigure.action`, beside the actions of decisions: an author appealed.
APPEAL = "appeal"


class ModerationFigure(models.Model):
    """How many decisions of one kind were made in a month (its first day, in UTC), under a rule, about a language.

    Kept by the sequencer (`feedback.ledger.figures`). A decision that was undone counts as if it had not been made;
    appeals and rulings count under the rule of the decision that they are about.
    """

    month = models.DateField(_("month"))
    action = models.CharField(_("action"), max_length=16)
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        ordering = ["month", "action", "rule", "language"]
        verbose_name = _("figure of moderation")
        verbose_name_plural = _("figures of moderation")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["month", "action", "rule", "language"], name="moderation_figure_unique")
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.action}: {self.number}"


class DecisionTime(models.Model):
    """How many decisions of a month came after a wait of one length; lengths are classes that grow by a tenth.

    Class 0 is under a minute; class n (from 1 on) is 1.1 ** (n - 1) to 1.1 ** n minutes.
    """

    GROWTH = 1.1

    month = models.DateField(_("month"))
    length = models.PositiveSmallIntegerField(_("class of length"))
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        ordering = ["month", "length"]
        verbose_name = _("time to decide")
        verbose_name_plural = _("times to decide")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["month", "length"], name="decision_time_unique")]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.length}: {self.number}"
