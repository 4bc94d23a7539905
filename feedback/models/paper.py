"""Paper sheets: what people without a screen say, entered by staff and confirmed by a second person."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment, Language, Stance
from feedback.models.person import Participant, StaffMember
from principles.models import Measure

# Without letters and digits that look alike on paper.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_slip_code() -> str:
    """Eight characters (about 40 bits) by which the writer of a sheet finds the comment that was made of it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def check_digit(number: int) -> int:
    """The digit that checks `number` when it stands behind it (Luhn's, as in ISO/IEC 7812-1): 0 to 9."""
    total = 0
    for place, digit in enumerate(reversed(str(number))):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


class PaperBatch(models.Model):
    """Sheets that one person entered together; they count once another person has confirmed them."""

    entered_by = models.ForeignKey(
        StaffMember, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        StaffMember, verbose_name=_("confirmed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("batch of paper sheets")
        verbose_name_plural = _("batches of paper sheets")
        permissions = [("enter_paper", "Can print, enter and confirm paper sheets")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")), name="batch_has_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="batch_confirmation_is_whole",
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"


class PaperSheet(models.Model):
    """One printed sheet: its number is entered once. `ratings` is {question slug: 1-5}.

    What was entered stays here until the batch is confirmed; then it becomes ratings and a comment of a participant
    without an account.
    """

    number = models.PositiveIntegerField(_("sheet number"), unique=True)
    code = models.CharField(_("code of the slip"), max_length=8, unique=True, default=new_slip_code, editable=False)
    measure = models.ForeignKey(
        Measure, verbose_name=_("measure"), on_delete=models.PROTECT, related_name="paper_sheets"
    )
    edition = models.PositiveIntegerField(_("edition"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    printed_by = models.ForeignKey(
        StaffMember, verbose_name=_("printed by"), on_delete=models.PROTECT, related_name="+"
    )
    printed_at = models.DateTimeField(_("printed"), default=timezone.now)
    batch = models.ForeignKey(
        PaperBatch, verbose_name=_("batch"), null=True, blank=True, on_delete=models.PROTECT, related_name="sheets"
    )
    entered_at = models.DateTimeField(_("entered"), null=True, blank=True)
    ratings = models.JSONField(_("ratings"), default=dict, blank=True)
    text = models.TextField(_("comment"), max_length=5000, blank=True)
    text_language = models.CharField(_("language of the comment"), max_length=2, choices=Language, blank=True)
    stance = models.CharField(_("stance"), max_length=7, choices=Stance, blank=True)
    region = models.CharField(_("region"), max_length=8, blank=True)
    age_band = models.CharField(_("year of birth"), max_length=9, blank=True)
    gender = models.CharField(_("gender"), max_length=6, blank=True)
    participant = models.OneToOneField(
        Participant, null=True, blank=True, on_delete=models.PROTECT, related_name="paper_sheet"
    )
    comment = models.OneToOneField(Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="paper_sheet")

    class Meta:
        ordering = ["number"]
        verbose_name = _("paper sheet")
        verbose_name_plural = _("paper sheets")

    def __str__(self):
        return str(self.number)
