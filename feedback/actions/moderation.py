"""What staff decide: publish or hide, under a rule, with an explanation, about the version that they saw."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import locked, role_of, staff_member_of
from feedback.actions.comments import count_reply, show_version
from feedback.actions.refusals import Invalid, NotPossibleNow, Refused
from feedback.ledger.leaves import record_decision
from feedback.models import Comment, CommentVersion, Decision, DecisionExplanation, Rule
from feedback.models.comment import Moderation, State
from feedback.search.index import index_comment
from feedback.text import clean_text


class VersionChanged(Refused):
    """The author edited the comment after the moderator opened it."""

    status = 409
    message = _("The comment was changed after you opened it. Please read it again, then decide.")


@transaction.atomic
def publish_comment(
    comment: Comment, *, by: AbstractBaseUser, version: int, rule: Rule | None = None, explanation: str = ""
) -> Decision:
    """Show `version` (the latest) to everybody, and record the decision."""
    comment, judged = _for_decision(comment, version)
    if comment.moderation == Moderation.PUBLISHED and not comment.has_waiting_edit:
        raise NotPossibleNow
    decision = _decide(comment, judged, Decision.Action.PUBLISH, by, rule, explanation, to=Moderation.PUBLISHED)
    show_version(comment, judged, at=decision.created_at)
    comment.moderation, comment.hiding_decision = Moderation.PUBLISHED, None
    CommentVersion.objects.filter(pk=judged.pk).update(public=True)
    _finish(comment, decision)
    return decision


@transaction.atomic
def hide_comment(comment: Comment, *, by: AbstractBaseUser, version: int, rule: Rule, explanation: str) -> Decision:
    """Hide a comment and record why, or do neither. The version judged leaves the public history."""
    comment, judged = _for_decision(comment, version)
    if comment.moderation == Moderation.HIDDEN:
        raise NotPossibleNow
    if rule is None or not clean_text(explanation):
        raise Invalid(_("Hiding needs a rule and an explanation for the author."))
    decision = _decide(comment, judged, Decision.Action.HIDE, by, rule, explanation, to=Moderation.HIDDEN)
    comment.moderation, comment.hiding_decision = Moderation.HIDDEN, decision
    CommentVersion.objects.filter(pk=judged.pk).update(public=False)
    _finish(comment, decision)
    return decision


def _for_decision(comment: Comment, version: int) -> tuple[Comment, CommentVersion]:
    comment = locked(comment)
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        raise NotPossibleNow
    if comment.latest.number != version:
        raise VersionChanged
    return comment, comment.latest


def _decide(comment, judged, action, by, rule, explanation, *, to) -> Decision:
    decision = Decision.objects.create(
        comment=comment,
        action=action,
        rule_version=rule.current_version if rule else None,
        by=staff_member_of(by),
        role=role_of(by),
        version=judged.number,
        commitment=judged.commitment,
        from_state=comment.moderation,
        to_state=to,
        created_at=timezone.now(),
    )
    explanation = clean_text(explanation)
    if len(explanation) > 2000:
        raise Invalid(_("The explanation is longer than 2,000 characters."))
    if explanation:
        DecisionExplanation.objects.create(decision=decision, text=explanation)
    return decision


def _finish(comment: Comment, decision: Decision) -> None:
    comment.save(update_fields=["moderation", "hiding_decision", "shown", "language", "stance", "edited_at"])
    published = Moderation.PUBLISHED
    count_reply(comment, (decision.to_state == published) - (decision.from_state == published))
    comment.reports.filter(handled_at=None).update(handled_at=decision.created_at)
    index_comment(comment)
    record_decision(decision, comment, count_from=decision.from_state, count_to=decision.to_state)
