"""Appeals: the author objects, somebody else rules, and both are on the record."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import locked, role_of, staff_member_of
from feedback.actions.decisions import NotAllowed, checked_explanation, decide, finish, make_public, open_case
from feedback.actions.desk import refresh_desk
from feedback.actions.notices import tell_ruling
from feedback.actions.refusals import Invalid, NotPossibleNow, NotYours
from feedback.actions.transitions import APPEALABLE, SENIORS
from feedback.ledger.leaves import record_appeal
from feedback.models import Appeal, Comment, CommentVersion, Decision, Participant, Sanction
from feedback.models.comment import State
from portal.plain_text import clean_text

APPEAL_WITHIN = timedelta(days=30)
RULE_WITHIN = timedelta(days=7)
Outcome = Appeal.Outcome


def appeal_deadline(decided: Decision | Sanction) -> datetime:
    """Until when the author may appeal."""
    return decided.created_at + APPEAL_WITHIN


def can_appeal(decided: Decision | Sanction) -> bool:
    """Whether the author may appeal now: it is not old nor appealed against yet, and, of a decision, still stands."""
    if timezone.now() > appeal_deadline(decided) or hasattr(decided, "appeal"):
        return False
    if isinstance(decided, Sanction):
        return True
    comment = decided.comment
    return (
        decided.action in APPEALABLE and comment.state in {State.PUBLISHED, State.HIDDEN} and _stands(decided, comment)
    )


def _stands(decision: Decision, comment: Comment) -> bool:
    """Whether `decision` still restricts the comment: it hides it, or what is shown is what it left over."""
    if decision.action == Decision.Action.REDACT:
        return comment.shown is not None and comment.shown.redaction_id == decision.pk
    return comment.hiding_decision_id == decision.pk


@transaction.atomic
def appeal_decision(decision: Decision, *, by: Participant, text: str) -> Appeal:
    """Object to a decision about one's own comment; the comment comes back to the desk, for somebody else."""
    comment = locked(decision.comment)
    decision = Decision.objects.get(pk=decision.pk)
    decision.comment = comment
    if comment.author_id != by.pk:
        raise NotYours
    if earlier := Appeal.objects.filter(decision=decision).first():
        return earlier
    if not can_appeal(decision):
        raise NotPossibleNow(_("There is nothing to appeal against any more."))
    now = timezone.now()
    appeal = Appeal.objects.create(
        decision=decision, participant=by, text=_argument(text), created_at=now, due_at=now + RULE_WITHIN
    )
    refresh_desk(comment)
    record_appeal("appeal", decision, outcome=None, at=now)
    return appeal


@transaction.atomic
def appeal_sanction(sanction: Sanction, *, by: Participant, text: str) -> Appeal:
    """Object to a warning or a suspension."""
    sanction = Sanction.objects.select_for_update(no_key=True).get(pk=sanction.pk)
    if sanction.participant_id != by.pk:
        raise NotYours
    if earlier := Appeal.objects.filter(sanction=sanction).first():
        return earlier
    if not can_appeal(sanction):
        raise NotPossibleNow(_("There is nothing to appeal against any more."))
    now = timezone.now()
    return Appeal.objects.create(
        sanction=sanction, participant=by, text=_argument(text), created_at=now, due_at=now + RULE_WITHIN
    )


def _argument(text: str) -> str:
    text = clean_text(text)
    if not text:
        raise Invalid(_("Please say why you think that the decision is wrong."))
    if len(text) > 2000:
        raise Invalid(_("The text is longer than 2,000 characters."))
    return text


@transaction.atomic
def rule_on_appeal(
    appeal: Appeal,
    *,
    by: AbstractBaseUser,
    reverse: bool,
    explanation: str,
    version: int | None = None,
    after: int | None = None,
) -> Appeal:
    """Uphold what was decided, or reverse it; never by whoever decided it.

    About a comment, `version` and `after` name what the senior moderator saw, as in every decision.
    """
    if appeal.decision_id:
        return _rule_on_comment(appeal, by, reverse, explanation, version, after)
    appeal = Appeal.objects.select_for_update(no_key=True, of=("self",)).get(pk=appeal.pk)
    explanation = _may_rule(appeal, appeal.sanction, by, explanation)
    if reverse and appeal.sanction.kind == Sanction.Kind.SUSPENSION:
        Sanction.objects.filter(pk=appeal.sanction_id, lifted_at=None).update(lifted_at=timezone.now())
    return _close(appeal, by, reverse, explanation, None)


def _rule_on_comment(appeal, by, reverse, explanation, version, after) -> Appeal:
    action = Decision.Action.REVERSE if reverse else Decision.Action.UPHOLD
    about = appeal.decision
    case = open_case(about.comment, action, by=by, version=version, after=after, explanation=explanation)
    appeal = Appeal.objects.get(pk=appeal.pk)
    explanation = _may_rule(appeal, about, by, explanation)
    comment = case.comment
    # What the author or another decision has overtaken is reversed on the record alone.
    stands = _stands(about, comment)
    decision = decide(case, about=about, to=None if stands else comment.moderation)
    if reverse and stands:
        original = comment.versions.get(number=about.version)
        if comment.latest.redaction_id == about.pk:
            CommentVersion.objects.filter(pk=comment.latest_id).update(public=False)
            comment.latest = original
        edited_at = comment.edited_at
        make_public(comment, original, at=decision.created_at)
        comment.edited_at = edited_at
    appeal = _close(appeal, by, reverse, explanation, decision)
    finish(comment, decision)
    record_appeal("appeal_decided", about, outcome=appeal.outcome, at=decision.created_at)
    return appeal


def _may_rule(appeal: Appeal, decided: Decision | Sanction, by: AbstractBaseUser, explanation: str) -> str:
    if appeal.outcome != Outcome.OPEN:
        raise NotPossibleNow(_("This appeal has been ruled on already."))
    if role_of(by) not in SENIORS:
        raise NotAllowed
    if decided.by_id == staff_member_of(by).pk:
        raise NotAllowed(_("An appeal is ruled on by somebody who did not make the decision."))
    return checked_explanation(explanation, Decision.Action.UPHOLD)


def _close(appeal: Appeal, by: AbstractBaseUser, reverse: bool, explanation: str, ruling: Decision | None) -> Appeal:
    appeal.outcome = Outcome.REVERSED if reverse else Outcome.UPHELD
    appeal.explanation, appeal.ruling = explanation, ruling
    appeal.ruled_by, appeal.ruled_role, appeal.ruled_at = staff_member_of(by), role_of(by), timezone.now()
    appeal.save()
    tell_ruling(appeal)
    return appeal
