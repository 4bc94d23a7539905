"""How every decision about a comment is made: locked, checked against what the moderator saw, written, recorded."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import locked, role_of, staff_member_of
from feedback.actions.comments import count_reply, show_version
from feedback.actions.desk import refresh_desk
from feedback.actions.notices import tell_reply
from feedback.actions.refusals import Invalid, NotPossibleNow, Refused
from feedback.actions.transitions import NEEDS_EXPLANATION, NEEDS_RULE, SENIORS, Transition, holds, transition
from feedback.ledger.leaves import record_decision, record_redaction
from feedback.models import Appeal, Comment, CommentVersion, Decision, DecisionExplanation, DeskItem, Rule
from feedback.models.comment import Moderation, State
from feedback.search.index import index_comment
from portal.plain_text import clean_text

LONGEST_EXPLANATION = 2000


class VersionChanged(Refused):
    """The author edited the comment after the moderator opened it."""

    status = 409
    message = _("The comment was changed after you opened it. Please read it again, then decide.")


class DecidedMeanwhile(Refused):
    """Somebody else decided after the moderator opened the comment; `decision` says what."""

    status = 409
    message = _("Somebody else has decided about this comment meanwhile.")

    def __init__(self, decision: Decision):
        self.decision = decision
        super().__init__(
            _t("%(name)s has decided meanwhile, at %(time)s: %(action)s. Please look again, then decide.")
            % {
                "name": decision.by,
                "time": date_format(timezone.localtime(decision.created_at), "TIME_FORMAT"),
                "action": decision.get_action_display(),
            }
        )


class NotAllowed(Refused):
    """The staff member's role does not include this."""

    status = 403
    message = _("Your role does not include this decision.")


@dataclass
class Case:
    """A comment that is locked and about to be decided."""

    comment: Comment
    judged: CommentVersion
    last: Decision | None
    transition: Transition
    by: AbstractBaseUser
    role: str
    rule: Rule | None
    explanation: str


def open_case(
    comment: Comment,
    action: str,
    *,
    by: AbstractBaseUser,
    version: int,
    after: int | None,
    rule: Rule | None = None,
    explanation: str = "",
) -> Case:
    """Lock `comment` and check that `action` by `by` is possible on what they saw, or refuse.

    `version` is the number of the latest version and `after` the key of the last decision that they saw (None: none).
    """
    comment = locked(comment)
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        raise NotPossibleNow
    last = last_decision(comment)
    if (last.pk if last else None) != after:
        raise DecidedMeanwhile(last) if last else NotPossibleNow
    if comment.latest.number != version:
        raise VersionChanged
    row = transition(comment.moderation, action)
    appealed = Appeal.objects.open().filter(decision__comment=comment).exists() if row and row.only else False
    if row is None or not holds(row, edit_waits=comment.has_waiting_edit, appealed=appealed):
        raise NotPossibleNow
    role = role_of(by)
    if role not in row.by or (last and last.action == Decision.Action.ESCALATE and role not in SENIORS):
        raise NotAllowed
    if action in NEEDS_RULE and (rule is None or rule.retired):
        raise Invalid(_("This decision needs a rule."))
    return Case(comment, comment.latest, last, row, by, role, rule, checked_explanation(explanation, action))


def checked_explanation(explanation: str, action: str = "") -> str:
    """The cleaned explanation; `Invalid` where it is too long, or missing for an action that needs one."""
    explanation = clean_text(explanation)
    if len(explanation) > LONGEST_EXPLANATION:
        raise Invalid(_("The explanation is longer than 2,000 characters."))
    if not explanation and action in NEEDS_EXPLANATION:
        raise Invalid(_("This decision needs an explanation for the author."))
    return explanation


def last_decision(comment: Comment) -> Decision | None:
    return Decision.objects.filter(comment=comment).select_related("by__user").order_by("-pk").first()


def decide(case: Case, *, authority: str = "", about: Decision | None = None, to: str | None = None) -> Decision:
    """Write the decision of `case`, with its explanation; the comment is not changed yet."""
    shown, now = case.comment.shown, timezone.now()
    item = DeskItem.objects.filter(comment=case.comment, since__lte=now).first()
    decision = Decision.objects.create(
        comment=case.comment,
        action=case.transition.action,
        rule_version=case.rule.current_version if case.rule else None,
        rule=case.rule or (about.rule if about else None),
        authority=authority,
        by=staff_member_of(case.by),
        role=case.role,
        version=case.judged.number,
        commitment=case.judged.commitment,
        language=case.judged.language,
        since=item.since if item else None,
        shown_before=shown.number if shown else None,
        from_state=case.comment.moderation,
        to_state=to or case.transition.end,
        about=about,
        created_at=now,
    )
    if case.explanation:
        DecisionExplanation.objects.create(decision=decision, text=case.explanation)
    return decision


def make_public(comment: Comment, version: CommentVersion, *, at) -> None:
    """Show `version` to everybody; the caller saves the comment."""
    show_version(comment, version, at=at)
    comment.moderation, comment.hiding_decision = Moderation.PUBLISHED, None
    CommentVersion.objects.filter(pk=version.pk).update(public=True)


def finish(comment: Comment, decision: Decision, *, redacted: CommentVersion | None = None) -> None:
    """Save the comment, handle its reports, and keep counts, search, desk and ledger in step."""
    fields = ["moderation", "hiding_decision", "shown", "latest", "language", "stance", "edited_at"]
    comment.save(update_fields=fields)
    published = Moderation.PUBLISHED
    count_reply(comment, (decision.to_state == published) - (decision.from_state == published))
    if decision.action not in {Decision.Action.ASK, Decision.Action.ESCALATE, Decision.Action.UNDO}:
        comment.reports.filter(handled_at=None).update(handled_at=decision.created_at)
    if decision.to_state == published != decision.from_state:
        tell_reply(comment)
    index_comment(comment)
    refresh_desk(comment)
    states = {"count_from": decision.from_state, "count_to": decision.to_state}
    if redacted is not None:
        record_redaction(decision, comment, redacted, **states)
    else:
        record_decision(decision, comment, **states)
