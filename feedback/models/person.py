"""Stubs of people that append-only rows may refer to: never deleted, and empty of anything personal."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_pseudonym() -> str:
    """16 random hex digits that name a participant in public, in place of anything of theirs."""
    return secrets.token_hex(8)


class Pace(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    NEVER = "never", _("never")


class Participant(models.Model):
    """One registered person as the public record knows them; erasure empties `user` and keeps the stub."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="participant"
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=16, unique=True, default=new_pseudonym, editable=False)
    # How often what they follow is mailed; what concerns their own words comes at once whatever they choose.
    pace = models.CharField(_("news by e-mail"), max_length=7, choices=Pace, default=Pace.DAILY)
    digest_at = models.DateTimeField(_("last digest"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pace__in=["at_once", "daily", "weekly", "never"]), name="participant_pace_known"
            )
        ]

    def __str__(self):
        return self.pseudonym

    @property
    def name(self) -> str | None:
        """The display name they chose, or None for a former participant."""
        return self.user.display_name if self.user else None


class StaffMember(models.Model):
    """One person of the staff, as decisions know them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="staff_member",
    )
    on_duty = models.BooleanField(
        _("on duty"), default=True, help_text=_("gets the morning digest of what waits on the desk")
    )
    digest_at = models.DateTimeField(_("last digest"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")

    def __str__(self):
        return self.user.display_name if self.user else f"#{self.pk}"
