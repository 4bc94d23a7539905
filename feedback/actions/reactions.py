"""What readers do with others' comments: vote and report."""

from django.db import transaction

from feedback.actions.access import locked, require_may_write, require_open
from feedback.actions.desk import refresh_desk
from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.agreement import agreement
from feedback.models import Comment, CommentVote, Participant, Report, Rule
from portal.plain_text import clean_text


@transaction.atomic
def vote_on_comment(comment: Comment, *, by: Participant, value: int) -> Comment:
    """Agree (1), disagree (-1) or take the vote back (0); never on one's own comment."""
    if isinstance(value, bool) or value not in (1, -1, 0):
        raise Invalid
    comment = _visible_locked(comment)
    require_open(comment.measure)
    require_may_write(by)
    if comment.author_id == by.pk:
        raise NotPossibleNow
    vote = CommentVote.objects.filter(comment=comment, participant=by).first()
    before = vote.value if vote else 0
    if before == value:
        return comment
    if value == 0:
        vote.delete()
    else:
        CommentVote.objects.update_or_create(comment=comment, participant=by, defaults={"value": value})
    return count_vote(comment, before=before, after=value)


def count_vote(comment: Comment, *, before: int, after: int) -> Comment:
    """Move the counts of a locked `comment` from one vote (1, -1 or 0 for none) to another, and its agreement."""
    comment.agree_count += (after == 1) - (before == 1)
    comment.disagree_count += (after == -1) - (before == -1)
    comment.agreement = agreement(comment.agree_count, comment.disagree_count)
    comment.save(update_fields=["agree_count", "disagree_count", "agreement"])
    return comment


@transaction.atomic
def report_comment(comment: Comment, *, by: Participant, rule: Rule, note: str = "") -> Report:
    """Tell staff that a comment breaks `rule`; a second report by the same person replaces nothing and adds nothing."""
    comment = _visible_locked(comment)
    require_open(comment.measure)
    require_may_write(by)
    if comment.author_id == by.pk:
        raise NotPossibleNow
    note = clean_text(note)
    if len(note) > 1000 or rule.retired:
        raise Invalid
    report, made = Report.objects.get_or_create(comment=comment, participant=by, defaults={"rule": rule, "note": note})
    if made:
        refresh_desk(comment)
    return report


def _visible_locked(comment: Comment) -> Comment:
    comment = locked(comment)
    if not comment.is_visible:
        raise NotPossibleNow
    return comment
