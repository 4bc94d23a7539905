"""What staff decide about one comment, about the version that they saw and under its last decision that they saw."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import locked, role_of
from feedback.actions.comments import new_version
from feedback.actions.decisions import (
    Case,
    DecidedMeanwhile,
    decide,
    finish,
    last_decision,
    make_public,
    open_case,
)
from feedback.actions.notices import tell_decision, untell_decision
from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.actions.transitions import UNDOABLE, Transition
from feedback.models import Appeal, Comment, CommentVersion, Decision, Rule
from feedback.models.comment import Moderation, State
from feedback.text import has_words
from portal.plain_text import clean_text

Action = Decision.Action
UNDO_WITHIN = timedelta(seconds=30)
# The clock goes on while the answer travels: the button shows 30 seconds, the action takes a little more.
UNDO_GRACE = timedelta(seconds=5)
REMOVED = "▮▮▮"


@transaction.atomic
def publish_comment(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    rule: Rule | None = None,
    explanation: str = "",
) -> Decision:
    """Show `version` (the latest) to everybody, and record the decision."""
    case = open_case(comment, Action.PUBLISH, by=by, version=version, after=after, rule=rule, explanation=explanation)
    decision = decide(case)
    make_public(case.comment, case.judged, at=decision.created_at)
    return _finished(case, decision)


@transaction.atomic
def hide_comment(
    comment: Comment, *, by: AbstractBaseUser, version: int, after: int | None, rule: Rule, explanation: str
) -> Decision:
    """Hide a comment and record why, or do neither. The version judged leaves the public history."""
    case = open_case(comment, Action.HIDE, by=by, version=version, after=after, rule=rule, explanation=explanation)
    return _hidden(case, decide(case))


@transaction.atomic
def hide_on_demand(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    authority: str,
    explanation: str,
    rule: Rule | None = None,
) -> Decision:
    """Hide a comment because an authority demands it; the authority's name is public."""
    case = open_case(comment, Action.DEMAND, by=by, version=version, after=after, rule=rule, explanation=explanation)
    authority = " ".join(clean_text(authority).split())
    if not authority or len(authority) > 200:
        raise Invalid(_("Name the authority that demands it, in at most 200 characters."))
    return _hidden(case, decide(case, authority=authority))


@transaction.atomic
def redact_comment(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    rule: Rule,
    explanation: str,
    spans: list[tuple[int, int]],
) -> Decision:
    """Show the comment with ▮▮▮ in place of each of `spans` (start, end in characters of the version judged).

    The original stays for staff; readers see that a part was removed, and under which rule.
    """
    case = open_case(comment, Action.REDACT, by=by, version=version, after=after, rule=rule, explanation=explanation)
    text = redacted(case.judged.text, spans)
    decision = decide(case)
    comment, judged = case.comment, case.judged
    number = comment.versions.aggregate(Max("number"))["number__max"] + 1
    made = new_version(
        comment,
        comment.author,
        number,
        text,
        judged.language,
        judged.stance,
        public=True,
        at=decision.created_at,
        redaction=decision,
    )
    edited_at = comment.edited_at
    make_public(comment, made, at=decision.created_at)
    comment.edited_at = edited_at  # the author has edited nothing
    CommentVersion.objects.filter(pk=judged.pk).update(public=False)
    comment.latest = made
    return _finished(case, decision, redacted=made)


@transaction.atomic
def keep_comment(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    rule: Rule | None = None,
    explanation: str = "",
) -> Decision:
    """Leave a published comment as it is: reports and signals are dealt with."""
    case = open_case(comment, Action.KEEP, by=by, version=version, after=after, rule=rule, explanation=explanation)
    return _finished(case, decide(case))


@transaction.atomic
def ask_to_edit(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    explanation: str,
    rule: Rule | None = None,
) -> Decision:
    """Ask the author to edit. The comment's state stays; it comes back to the desk when they have, or after a week."""
    case = open_case(comment, Action.ASK, by=by, version=version, after=after, rule=rule, explanation=explanation)
    return _finished(case, decide(case))


@transaction.atomic
def escalate_comment(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    rule: Rule | None = None,
    explanation: str = "",
) -> Decision:
    """Pass the comment on: from now on a senior moderator alone decides about it."""
    case = open_case(comment, Action.ESCALATE, by=by, version=version, after=after, rule=rule, explanation=explanation)
    return _finished(case, decide(case))


@transaction.atomic
def undo_decision(comment: Comment, *, by: AbstractBaseUser, after: int) -> Decision:
    """Take back one's own decision `after` (a key, the comment's last) within 30 seconds, by a decision of its own."""
    comment = locked(comment)
    last = last_decision(comment)
    if last is None or comment.state in {State.WITHDRAWN, State.ERASED}:
        raise NotPossibleNow
    if last.pk != after:
        raise DecidedMeanwhile(last)
    late = timezone.now() - last.created_at > UNDO_WITHIN + UNDO_GRACE
    if last.action not in UNDOABLE or last.by.user_id != by.pk or late:
        raise NotPossibleNow(_("This decision can no longer be undone."))
    if comment.latest.number != last.version and comment.latest.redaction_id != last.pk:
        raise NotPossibleNow(_("The author has edited the comment meanwhile."))
    if Appeal.objects.filter(decision=last).exists():
        raise NotPossibleNow(_("The author has appealed against it: rule on the appeal."))
    row = Transition(comment.moderation, Action.UNDO, (), last.from_state)
    judged = comment.versions.get(number=last.version)
    case = Case(comment, judged, last, row, by, role_of(by), None, "")
    decision = decide(case, about=last)
    bring_back(comment, last, judged)
    comment.reports.filter(handled_at=last.created_at).update(handled_at=None)
    finish(comment, decision)
    untell_decision(last)
    return decision


def bring_back(comment: Comment, decision: Decision, judged: CommentVersion) -> None:
    """Put a locked comment back to where `decision` found it; the caller saves it."""
    if comment.latest.redaction_id == decision.pk:
        CommentVersion.objects.filter(pk=comment.latest_id).update(public=False)
    comment.latest = judged
    shown = comment.versions.filter(number=decision.shown_before).first()
    comment.shown = shown
    if shown:
        comment.language, comment.stance = shown.language, shown.stance
        CommentVersion.objects.filter(pk=shown.pk).update(public=True)
        if shown.number == 1:
            comment.edited_at = None
    if shown is None or shown.pk != judged.pk:
        CommentVersion.objects.filter(pk=judged.pk).update(public=False)
    comment.moderation = decision.from_state
    comment.hiding_decision = None
    if decision.from_state == Moderation.HIDDEN:
        hiding = Decision.objects.filter(comment=comment, action__in=[Action.HIDE, Action.DEMAND], pk__lt=decision.pk)
        comment.hiding_decision = hiding.order_by("-pk").first()


def redacted(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with ▮▮▮ in place of each span; spans that touch become one. `Invalid` where nothing readable stays."""
    if not spans or any(not 0 <= start < end <= len(text) for start, end in spans):
        raise Invalid(_("Mark what to remove."))
    pieces, place = [], 0
    for start, end in sorted(spans):
        if start > place or not pieces:
            pieces += [text[place:start], REMOVED]
        place = max(place, end)
    pieces.append(text[place:])
    kept = "".join(pieces)
    if not has_words(kept.replace(REMOVED, "")):
        raise Invalid(_("Nothing would be left to read: hide the comment instead."))
    return kept


def spans_of(text: str, phrases: list[str]) -> list[tuple[int, int]]:
    """Where each of `phrases` stands in `text`, every time; `Invalid` names one that does not."""
    spans = []
    for phrase in phrases:
        places = [start for start in range(len(text)) if text.startswith(phrase, start)]
        if not phrase or not places:
            raise Invalid(_("“%(phrase)s” does not stand in the comment.") % {"phrase": phrase[:80]})
        spans += [(start, start + len(phrase)) for start in places]
    return spans


def _hidden(case: Case, decision: Decision) -> Decision:
    case.comment.moderation, case.comment.hiding_decision = Moderation.HIDDEN, decision
    CommentVersion.objects.filter(pk=case.judged.pk).update(public=False)
    return _finished(case, decision)


def _finished(case: Case, decision: Decision, *, redacted: CommentVersion | None = None) -> Decision:
    finish(case.comment, decision, redacted=redacted)
    tell_decision(decision, case.comment)
    return decision
