"""What every write asks first: who writes, and whether the consultation takes it."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import ConsultationClosed, Invalid, StaleEdition, Suspended
from feedback.compiled import Compiled
from feedback.models import Comment, Participant, Sanction, StaffMember
from principles.models import Edition, Measure

ROLE_NAMES = {
    "administrator": _("administrator"),
    "senior-moderator": _("senior moderator"),
    "moderator": _("moderator"),
    "editor": _("editor"),
    "analyst": _("analyst"),
}
ROLES = tuple(ROLE_NAMES)  # whose role counts first stands first

NOBODY, NO_MEASURE, NO_QUESTION = 2_000_000_001, "no-measure-at-all", "no-question-at-all"
OF_USER = Compiled(lambda user: Participant.objects.filter(user=user), user=NOBODY)
FOR_WRITING = Compiled(
    lambda measure, question: Measure.objects.for_writing().asking(question).filter(slug=measure),
    measure=NO_MEASURE,
    question=NO_QUESTION,
)


def participant_of(user: AbstractBaseUser) -> Participant:
    """The participant that `user` is in public; made at the first write."""
    participant = OF_USER.first(user=user.pk)
    if participant is None:
        Participant.objects.bulk_create([Participant(user_id=user.pk)], ignore_conflicts=True)
        participant = Participant.objects.get(user_id=user.pk)
    participant.user = user
    return participant


def staff_member_of(user: AbstractBaseUser) -> StaffMember:
    """The staff member that `user` is in decisions; made at the first one."""
    try:
        return user.staff_member
    except StaffMember.DoesNotExist:
        # Not kept with `user`: this transaction may still be rolled back.
        StaffMember.objects.bulk_create([StaffMember(user_id=user.pk)], ignore_conflicts=True)
        return StaffMember.objects.get(user_id=user.pk)


def role_of(user) -> str:
    """The role under which `user` decides, the strongest first; "staff" where they have none of the named ones."""
    if user.is_superuser:
        return ROLES[0]
    prefetch_related_objects([user], "groups")  # kept with `user`, however often it is asked
    names = {group.name for group in user.groups.all()}
    return next((role for role in ROLES if role in names), "staff")


def require_open(measure: Measure) -> None:
    """Refuse unless contributions on `measure` are taken now."""
    if not measure.takes_contributions:
        raise ConsultationClosed


def require_may_write(participant: Participant) -> None:
    """Refuse while the participant is suspended from writing."""
    sanction = Sanction.objects.in_force().filter(participant=participant).order_by("-until").first()
    if sanction:
        raise Suspended(sanction.until)


def measure_for_writing(slug: str, *, edition: int, question: str = "") -> tuple[Measure, Edition]:
    """The measure and the substantive edition that a write about it belongs to; `asked_id` is the key of the question
    of that slug that its programme asks, or None.

    Refuses when the consultation is closed, and when `edition` (a number) is not of the current substantive edition:
    a correction in between does not make what a person saw stale, a substantive change does.
    """
    measure = FOR_WRITING.first(measure=slug, question=question)
    if measure is None:
        raise Measure.DoesNotExist
    require_open(measure)
    current = measure.current_edition
    if not isinstance(edition, int) or isinstance(edition, bool):
        raise Invalid
    if not current.series <= edition <= current.number:
        raise StaleEdition
    if current.substantive:
        return measure, current
    return measure, Edition.objects.get(measure=measure, number=current.series)


def locked(comment: Comment) -> Comment:
    """The comment, locked for this transaction, with what actions look at.

    Lock first and read afterwards: a join in the locking query would show what hangs on the row as it was before the
    wait for the lock.
    """
    Comment.objects.select_for_update(no_key=True).filter(pk=comment.pk).values_list("pk").get()
    return Comment.objects.select_related("measure__principle__programme", "latest", "shown").get(pk=comment.pk)
