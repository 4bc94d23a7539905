"""What waits on the moderation desk, kept in step with the facts; and who holds an item."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from feedback.actions.access import staff_member_of
from feedback.models import Appeal, Comment, Decision, DeskItem, Signal, StaffMember, StaffNote
from feedback.models.comment import Moderation, State
from feedback.text import clean_text

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


def refresh_desk(comment: Comment) -> None:
    """Put a locked comment on the desk, change its item, or take it off, as the facts are now."""
    facts = None if comment.withdrawn_at or comment.erased_at else _facts(comment)
    if facts is None:
        DeskItem.objects.filter(comment=comment).delete()
    else:
        DeskItem.objects.update_or_create(comment=comment, defaults=facts)


def _facts(comment: Comment) -> dict | None:
    """The columns of the comment's item, or None where nothing waits."""
    latest = comment.latest
    last = Decision.objects.filter(comment=comment).order_by("-pk").first()
    reports = comment.reports.filter(handled_at=None).aggregate(number=Count("pk"), first=Min("created_at"))
    appeal = Appeal.objects.open().filter(decision__comment=comment).order_by("created_at").first()
    weight = sum(WEIGHTS[kind] for kind in _signals(comment).values_list("kind", flat=True))
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
            (reports["number"], reports["first"]),
            (appeal, appeal and appeal.created_at),
            (escalated, escalated and last.created_at),
        )
        if waits
    ]
    if not moments:
        return None
    since = min(moments)
    if asked and not appeal and not reports["number"]:
        since = last.created_at + AUTHOR_HAS
    due = since + DECIDE_WITHIN
    return {
        "measure_id": comment.measure_id,
        "language": latest.language,
        "pending": pending,
        "edited": edited,
        "reports": min(reports["number"], 32000),
        "appealed": appeal is not None,
        "escalated": escalated,
        "signalled": signalled,
        "risk": weight
        + PER_REPORT * min(reports["number"], MOST_REPORTS)
        + (FOR_APPEAL if appeal else 0)
        + (FOR_ESCALATION if escalated else 0),
        "since": since,
        "due_at": min(due, appeal.due_at) if appeal else due,
    }


def _signals(comment: Comment):
    return Signal.objects.filter(comment=comment, version=comment.latest.number)


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
    """Write a private note of the staff about a comment that still has its text; nothing for a blank one."""
    text = clean_text(text)[:2000]
    if not text or comment.state == State.ERASED:
        return None
    return StaffNote.objects.create(comment=comment, by=staff_member_of(by), text=text)
