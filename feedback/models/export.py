"""Exports that staff ask for, and the record of every one that was made."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Language
from feedback.models.person import StaffMember


class ExportQuerySet(models.QuerySet):
    def of(self, user):
        """Those that `user` asked for: an export is its owner's alone."""
        return self.filter(by__user=user)

    def unfinished(self):
        return self.filter(finished_at=None, failed_at=None)

    def expired(self, now=None):
        """Those whose file has had its time."""
        return self.filter(expires_at__lte=now or timezone.now())


class Fault(models.TextChoices):
    """Why an export failed."""

    DISK_FULL = "full", _("The disk is full.")
    NOT_WRITTEN = "file", _("The file could not be written.")
    DATABASE = "data", _("The database was not there.")
    NOT_ALLOWED = "right", _("Whoever asked may no longer see these rows or columns.")
    STOPPED = "stop", _("The work was stopped again and again.")
    OTHER = "other", _("Something went wrong; the operator finds it in the log.")


class Export(models.Model):
    """An export that is made in the background: what was asked for, and what came of it.

    `query` is the query string of the list it was asked from, `keys` the chosen rows where some were ticked. The file
    lies in `EXPORTS_DIR` until `expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="exports")
    kind = models.CharField(_("what"), max_length=20)
    format = models.CharField(_("format"), max_length=10)
    columns = models.TextField(_("columns"))
    query = models.TextField(_("filters"), blank=True)
    keys = models.JSONField(null=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    total = models.PositiveBigIntegerField(_("rows"), null=True)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    moved_at = models.DateTimeField(_("last begun"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(_("ready"), null=True)
    failed_at = models.DateTimeField(_("failed"), null=True)
    fault = models.CharField(_("why not"), max_length=5, choices=Fault, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)
    size = models.PositiveBigIntegerField(_("size"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("my export")
        verbose_name_plural = _("my exports")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(finished_at=None) | Q(failed_at=None), name="export_ends_one_way"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(expires_at__isnull=False, size__isnull=False),
                name="finished_export_has_a_file",
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-created_at"], name="export_by_owner"),
            models.Index(fields=["moved_at"], condition=Q(finished_at=None, failed_at=None), name="export_unfinished"),
        ]

    def __str__(self):
        return f"{self.kind}.{self.format}"

    @property
    def is_there(self) -> bool:
        """Whether its file can be had now."""
        return self.finished_at is not None and self.expires_at > timezone.now()


class ExportRecord(models.Model):
    """That an export was made, by whom and of what; never changed. `by` is blank for a command on the server."""

    by = models.ForeignKey(
        StaffMember, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="export_records"
    )
    role = models.CharField(_("role"), max_length=20)
    kind = models.CharField(_("what"), max_length=20)
    format = models.CharField(_("format"), max_length=10)
    columns = models.TextField(_("columns"))
    query = models.TextField(_("filters"), blank=True)
    rows = models.PositiveBigIntegerField(_("rows"))
    personal = models.BooleanField(_("personal data"))
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("export on record")
        verbose_name_plural = _("exports on record")
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.kind}.{self.format}"
