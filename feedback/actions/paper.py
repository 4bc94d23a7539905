"""Paper sheets: printed with a number, entered once, confirmed by a second person, and then counted like any other."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import measure_for_writing, require_open, staff_member_of
from feedback.actions.comments import checked, submit_comment
from feedback.actions.decisions import NotAllowed
from feedback.actions.rating import rate
from feedback.actions.refusals import Invalid, NotPossibleNow, Refused
from feedback.models import PaperBatch, PaperSheet, Participant
from feedback.models.comment import Channel, Language
from feedback.models.paper import check_digit
from principles.models import Measure

MOST_PRINTED = 200
MOST_IN_A_BATCH = 50
TRIES = 5
GIVEN = ("region", "age_band", "gender")


class SheetTaken(Refused):
    """The sheet's number was entered before; a number counts once."""

    status = 409
    message = _("This sheet has been entered already.")


def require_paper(user: AbstractBaseUser) -> None:
    if not user.has_perm("feedback.enter_paper"):
        raise NotAllowed(_("Your role does not include paper sheets."))


def print_sheets(measure: Measure, *, language: str, count: int, by: AbstractBaseUser) -> list[PaperSheet]:
    """New sheets for `measure` in `language`, 1 to 200 at once, each with a number and a slip code of its own."""
    require_paper(by)
    require_open(measure)
    if language not in Language.values or isinstance(count, bool) or not 1 <= count <= MOST_PRINTED:
        raise Invalid
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return PaperSheet.objects.bulk_create(_numbered(measure, language, count, by))
        except IntegrityError:  # somebody else printed at the same moment
            continue
    raise NotPossibleNow(_("Somebody else is printing just now. Please try again."))


def _numbered(measure: Measure, language: str, count: int, by: AbstractBaseUser) -> list[PaperSheet]:
    """Sheets that are not saved yet. The last digit of a number checks the others (Luhn, ISO/IEC 7812-1)."""
    last = PaperSheet.objects.aggregate(Max("number"))["number__max"] or 10_000
    first, member = last // 10 + 1, staff_member_of(by)
    return [
        PaperSheet(
            number=number * 10 + check_digit(number),
            measure=measure,
            edition=measure.current_edition.number,
            language=language,
            printed_by=member,
        )
        for number in range(first, first + count)
    ]


def open_batch(*, by: AbstractBaseUser) -> PaperBatch:
    """The batch that `by` is entering sheets into: one that is not confirmed and not full, or a new one."""
    require_paper(by)
    member = staff_member_of(by)
    batch = PaperBatch.objects.filter(entered_by=member, confirmed_at=None).order_by("-pk").first()
    if batch is None or batch.sheets.count() >= MOST_IN_A_BATCH:
        batch = PaperBatch.objects.create(entered_by=member)
    return batch


def sheet_to_enter(number: int) -> PaperSheet:
    """The printed sheet with `number`, or a refusal that says what is wrong with the number."""
    if number < 10 or check_digit(number // 10) != number % 10:
        raise Invalid(_("This number has a typing mistake: please compare it with the sheet."))
    sheet = PaperSheet.objects.select_related("measure__principle__programme").filter(number=number).first()
    if sheet is None:
        raise Invalid(_("No sheet was printed with this number."))
    if sheet.batch_id:
        raise SheetTaken
    return sheet


@transaction.atomic
def enter_sheet(
    batch: PaperBatch,
    *,
    number: int,
    by: AbstractBaseUser,
    ratings: dict[str, int],
    text: str = "",
    language: str = "",
    stance: str = "",
    given: dict[str, str] | None = None,
) -> PaperSheet:
    """Put what is written on a sheet into `batch`; it counts once the batch is confirmed.

    `ratings` is {question slug: 1-5}; `given` holds region code, age band and gender, blank where the sheet says
    nothing. An empty sheet is refused.
    """
    require_paper(by)
    batch = PaperBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.confirmed_at or batch.entered_by.user_id != by.pk:
        raise NotPossibleNow(_("This batch takes no more sheets."))
    sheet = sheet_to_enter(number)
    PaperSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    sheet = sheet_to_enter(number)
    questions = set(sheet.measure.principle.programme.questions.values_list("slug", flat=True))
    if not set(ratings) <= questions or any(value not in (1, 2, 3, 4, 5) for value in ratings.values()):
        raise Invalid
    if text.strip():
        text, language = checked(text, language, stance)
    else:
        text = language = stance = ""
    if not ratings and not text:
        raise Invalid(_("The sheet is empty: enter a rating or a comment."))
    measure_for_writing(sheet.measure.slug, edition=sheet.edition)
    sheet.batch, sheet.entered_at = batch, timezone.now()
    sheet.ratings, sheet.text, sheet.text_language, sheet.stance = ratings, text, language, stance
    for name in GIVEN:
        setattr(sheet, name, (given or {}).get(name, ""))
    sheet.save()
    return sheet


@transaction.atomic
def take_out_sheet(sheet: PaperSheet, *, by: AbstractBaseUser) -> PaperSheet:
    """Take a wrongly entered sheet out of a batch that is not confirmed, so that it can be entered again."""
    require_paper(by)
    batch = PaperBatch.objects.select_for_update(no_key=True).get(pk=sheet.batch_id)
    if batch.confirmed_at:
        raise NotPossibleNow(_("This batch is confirmed."))
    sheet = PaperSheet.objects.select_for_update(no_key=True, of=("self",)).get(pk=sheet.pk)
    sheet.batch = sheet.entered_at = None
    sheet.ratings = {}
    sheet.text = sheet.text_language = sheet.stance = sheet.region = sheet.age_band = sheet.gender = ""
    sheet.save()
    return sheet


@transaction.atomic
def confirm_batch(batch: PaperBatch, *, by: AbstractBaseUser) -> PaperBatch:
    """Count every sheet of `batch`: ratings and comments of participants without an account, by the channel paper.

    Confirmed by somebody else than who entered it, once, whole or not at all.
    """
    require_paper(by)
    batch = PaperBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    member = staff_member_of(by)
    if batch.confirmed_at:
        raise NotPossibleNow(_("This batch is confirmed."))
    if batch.entered_by_id == member.pk:
        raise NotAllowed(_("A batch is confirmed by somebody who did not enter it."))
    sheets = list(batch.sheets.select_related("measure").order_by("number"))
    if not sheets:
        raise Invalid(_("The batch is empty."))
    for sheet in sheets:
        try:
            _count(sheet)
        except Refused as refusal:
            raise NotPossibleNow(
                _t("Sheet %(number)s: %(reason)s") % {"number": sheet.number, "reason": refusal.message}
            ) from refusal
    batch.confirmed_by, batch.confirmed_at = member, timezone.now()
    batch.save()
    return batch


def _count(sheet: PaperSheet) -> None:
    person = Participant.objects.create()
    names = {"measure": sheet.measure.slug, "edition": sheet.edition, "channel": Channel.PAPER}
    given = {name: getattr(sheet, name) for name in GIVEN}
    for question, value in sorted(sheet.ratings.items()):
        rate(person, question=question, value=value, given=given, **names)
    if sheet.text:
        sheet.comment = submit_comment(
            person, text=sheet.text, language=sheet.text_language, stance=sheet.stance, **names
        )
    sheet.participant = person
    # What counts is in its own tables now; a second copy would outlive an erasure.
    sheet.text = ""
    sheet.save()
