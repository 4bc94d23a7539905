"""The rules of participation, under which comments are reported and decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleQuerySet(models.QuerySet):
    def in_force(self):
        """Rules that reports and decisions may name today, with their wording."""
        return self.filter(retired=False).select_related("current_version")


class Rule(models.Model):
    """A rule under its stable code; its wording is its current version's."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired = models.BooleanField(_("retired"), default=False)
    # Written or changed in the admin: loading the shipped rules leaves it alone from then on.
    by_staff = models.BooleanField(default=False, editable=False)
    current_version = models.ForeignKey(
        "RuleVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self):
        return self.current_version.title if self.current_version else self.code


class RuleVersion(models.Model):
    """One wording of a rule; never changed, so that an old decision can be read under the rule of its day."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=2000)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["rule", "-number"]
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_unique")]

    def __str__(self):
        return f"{self.title} ({self.number})"
