"""What waits on the moderation desk, kept in step with the facts; and who holds an item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import staff_member_of
from feedback.actions.refusals import Invalid
from feedback.models import Appeal, Comment, Decision, DeskItem, Signal, StaffMember, StaffNote
from feedback.models.comment import Moderation, State
from portal.plain_text import clean_text

DECIDE_WITHIN = timedelta(hours=24)
HELD_FOR = timedelta(minutes=10)
AUTHOR_HAS = timedelta(days=7)
# What each signal adds to an item's risk; from WORTH_A_LOOK on, a published comment comes to the desk by it.
WEIGHTS = {
    Signal.Kind.IIN: 100,
    Signal.Kind.PHONE: 50,
    Signal.Kind.EMAIL: 40,
    Signal.Kind.WORD: 30,
    Signal.Kind.DUPLICATE: 30,
    Signal.Kind.BURST: 30,
    Signal.Kind.CAPITALS: 10,
    Signal.Kind.LINK: 10,
}
WORTH_A_LOOK = 30
PER_REPORT, MOST_REPORTS = 20, 10
FOR_APPEAL, FOR_ESCALATION = 60, 40
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Facts:
    """What decides whether a comment waits, apart from the comment itself: its last decision, the number of reports
    that nobody has handled and when the first came, its open appeal, and the kinds of its latest version's signals."""

    last: Decision | None = None
    reports: int = 0
    reported_at: datetime | None = None
    appeal: Appeal | None = None
    kinds: Iterable[str] = ()


def refresh_desk(comment: Comment) -> None:
    """Put a locked comment on the desk, change its item, or take it off, as the facts are now."""
    columns = None if comment.withdrawn_at or comment.erased_at else item_columns(comment, _facts(comment))
    if columns is None:
        DeskItem.objects.filter(comment=comment).delete()
    else:
        DeskItem.objects.update_or_create(comment=comment, defaults=columns)


def enter_desk(comment: Comment, kinds: Iterable[str]) -> None:
    """Put a comment that was just written on the desk, if it waits or its signals are worth a look.

    Nobody can have decided about it, reported it or appealed: nothing is read for it.
    """
    columns = item_columns(comment, Facts(kinds=kinds))
    if columns is not None:
        DeskItem.objects.create(comment=comment, **columns)


def _facts(comment: Comment) -> Facts:
    reports = comment.reports.filter(handled_at=None).aggregate(number=Count("pk"), first=Min("created_at"))
    return Facts(
        last=Decision.objects.filter(comment=comment).order_by("-pk").first(),
        reports=reports["number"],
        reported_at=reports["first"],
        appeal=Appeal.objects.open().filter(decision__comment=comment).order_by("created_at").first(),
        kinds=Signal.objects.filter(comment=comment, version=comment.latest.number).values_list("kind", flat=True),
    )


def item_columns(comment: Comment, facts: Facts) -> dict | None:
    """The columns of the item of a comment that is neither withdrawn nor erased, or None where nothing waits."""
    latest, last, appeal = comment.latest, facts.last, facts.appeal
    weight = sum(WEIGHTS[kind] for kind in facts.kinds)
    judged = last is not None and last.version >= latest.number
    pending = comment.moderation == Moderation.PENDING
    edited = comment.has_waiting_edit
    escalated = last is not None and last.action == Decision.Action.ESCALATE
    signalled = weight >= WORTH_A_LOOK and comment.moderation == Moderation.PUBLISHED and not judged
    asked = last is not None and last.action == Decision.Action.ASK and judged
    moments = [
        moment
        for waits, moment in (
            (pending or edited or signalled, latest.created_at),
            (facts.reports, facts.reported_at),
            (appeal, appeal and appeal.created_at),
            (escalated, escalated and last.created_at),
        )
        if waits
    ]
    if not moments:
        return None
    since = min(moments)
    if asked and not appeal and not facts.reports:
        since = last.created_at + AUTHOR_HAS
    due = since + DECIDE_WITHIN
    return {
        "measure_id": comment.measure_id,
        "language": latest.language,
        "pending": pending,
        "edited": edited,
        "reports": min(facts.reports, 32000),
        "appealed": appeal is not None,
        "escalated": escalated,
        "signalled": signalled,
        "risk": weight
        + PER_REPORT * min(facts.reports, MOST_REPORTS)
        + (FOR_APPEAL if appeal else 0)
        + (FOR_ESCALATION if escalated else 0),
        "since": since,
        "due_at": min(due, appeal.due_at) if appeal else due,
    }


def claim_item(item: DeskItem, *, by: AbstractBaseUser, take_over: bool = False) -> StaffMember:
    """Hold an item for ten minutes; whoever holds it now is returned, which is not `by` where somebody was faster.

    One conditional update, so that of two who open it at once one holds it.
    """
    member, now = staff_member_of(by), timezone.now()
    free = DeskItem.objects.filter(pk=item.pk)
    if not take_over:
        free = free.filter(Q(claimed_by=None) | Q(claimed_by=member) | Q(claimed_until__lt=now))
    if free.update(claimed_by=member, claimed_until=now + HELD_FOR):
        return member
    holder = DeskItem.objects.filter(pk=item.pk).select_related("claimed_by__user").first()
    return holder.claimed_by if holder and holder.claimed_by else member


def release_item(comment: Comment, *, by: AbstractBaseUser) -> None:
    """Let go of an item that `by` holds."""
    DeskItem.objects.filter(comment=comment, claimed_by=staff_member_of(by)).update(claimed_by=None, claimed_until=None)


@transaction.atomic
def add_note(comment: Comment, *, by: AbstractBaseUser, text: str) -> StaffNote | None:
    """Write a private note of the staff about a comment that still has its text; nothing for a blank one.

    `Invalid` for one of more than 2,000 characters.
    """
    text = clean_text(text)
    if len(text) > LONGEST_NOTE:
        raise Invalid(_("The text is longer than 2,000 characters."))
    if not text or comment.state == State.ERASED:
        return None
    return StaffNote.objects.create(comment=comment, by=staff_member_of(by), text=text)
