"""Reports of a consultation: who asked for one, and how far it is. The files themselves lie in REPORTS_DIR."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.person import StaffMember
from principles.models import Programme


class ResultsReport(models.Model):
    """One report of a programme, in every language and format at once; `folder` lies in REPORTS_DIR."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="reports"
    )
    asked_by = models.ForeignKey(
        StaffMember, verbose_name=_("asked for by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    folder = models.CharField(_("folder"), max_length=80, blank=True)
    fault = models.CharField(_("what failed"), max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("report of the consultation")
        verbose_name_plural = _("reports of the consultation")
        default_permissions = ("view",)
        permissions = [("make_report", "Can make a programme's report")]

    def __str__(self):
        return f"#{self.pk}"
