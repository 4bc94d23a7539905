"""Stubs of people that append-only rows may refer to: never deleted, and empty of anything personal."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_pseudonym() -> str:
    """16 random hex digits that name a participant in public, in place of anything of theirs."""
    return secrets.token_hex(8)


class Participant(models.Model):
    """One registered person as the public record knows them; erasure empties `user` and keeps the stub."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="participant"
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=16, unique=True, default=new_pseudonym, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")

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

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")

    def __str__(self):
        return self.user.display_name if self.user else f"#{self.pk}"
