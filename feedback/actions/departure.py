"""Leaving: what becomes of a person's feedback when the account goes."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from feedback.actions.access import locked
from feedback.actions.comments import count_reply
from feedback.actions.desk import refresh_desk
from feedback.actions.reactions import count_vote
from feedback.erasures import note_erasure
from feedback.ledger.leaves import record_departure
from feedback.models import (
    Appeal,
    BrigadeComment,
    Comment,
    CommentVote,
    CountedParticipant,
    DecisionExplanation,
    Follow,
    Notice,
    Participant,
    Rating,
    Report,
    Sanction,
    Submission,
    TextPrint,
)
from feedback.models.comment import State
from feedback.search.engines import leave_no_trace
from feedback.search.index import change_index, forget_words
from portal.sqlite import empty_log


@transaction.atomic
def delete_account(user: AbstractBaseUser, *, erase_comments: bool) -> None:
    """Delete the account; comments are erased, or stay under "former participant".

    Ratings never released are deleted; released ones stay counted at their released value, unlinked. Votes, reports
    and submission keys go. A restored backup does so again, by a journal that the deletion waits for.
    """
    participant = Participant.objects.select_for_update(no_key=True).filter(user=user).first()
    if participant:
        _lock_comments(participant, erase_comments=erase_comments)
        _forget_ratings(participant)
        _forget_votes(participant)
        _forget_reports(participant)
        Notice.objects.filter(participant=participant).delete()
        Follow.objects.filter(participant=participant).delete()
        Sanction.objects.filter(participant=participant).update(explanation="")
        Appeal.objects.filter(participant=participant).update(text="", explanation="")
        Submission.objects.filter(participant=participant).delete()
        if erase_comments:
            comments = Comment.objects.filter(author=participant).exclude(erased_at__isnull=False)
            words = [erase_comment(comment) for comment in comments.order_by("pk").only("pk")]
            forget_words(set().union(*words))
            leave_no_trace(connection)
        Participant.objects.filter(pk=participant.pk).update(user=None)
    note_erasure(user, erase_comments=erase_comments)
    # What staff changed about the account stays noted, without the name that the administration noted with it.
    kind = ContentType.objects.get_for_model(user)
    LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).update(object_repr="", change_message="")
    user.delete()
    # Deleted is deleted, even where the log cannot be emptied now: the nightly command does so again.
    transaction.on_commit(lambda: empty_log(connection), robust=True)


def _lock_comments(participant: Participant, *, erase_comments: bool) -> None:
    """Lock every comment that leaving changes, before anything is changed.

    Replies first and then what they reply to, each by key: the order in which every other action takes its one or
    two, so that nobody waits for somebody who waits for them.
    """
    touched = set(CommentVote.objects.filter(participant=participant).values_list("comment", flat=True))
    touched.update(Report.objects.filter(participant=participant).values_list("comment", flat=True))
    if erase_comments:
        for pk, parent in Comment.objects.filter(author=participant).values_list("pk", "parent"):
            touched.update({pk, parent} - {None})
    comments = Comment.objects.filter(pk__in=touched).order_by("pk").select_for_update(no_key=True)
    for level in (comments.exclude(parent=None), comments.filter(parent=None)):
        list(level.values_list("pk", flat=True))


def erase_comment(comment: Comment) -> set[str]:
    """Delete text, salts, versions, explanations and the link to the author; the stub and its ledger entries stay.

    Returns the words that search lost; the caller has them forgotten when it needs no further lock.
    """
    comment = locked(comment)
    before = comment.state
    comment.erased_at = timezone.now()
    comment.author = comment.shown = comment.latest = None
    comment.stance = ""
    comment.save(update_fields=["erased_at", "author", "shown", "latest", "stance"])
    words = change_index(comment)
    comment.versions.all().delete()
    comment.reports.all().delete()
    comment.signals.all().delete()
    comment.staff_notes.all().delete()
    TextPrint.objects.filter(comment=comment).delete()
    BrigadeComment.objects.filter(comment=comment).delete()
    DecisionExplanation.objects.filter(decision__comment=comment).delete()
    appeals = Appeal.objects.filter(decision__comment=comment)
    appeals.open().update(outcome=Appeal.Outcome.CLOSED)
    appeals.update(text="", explanation="")
    refresh_desk(comment)
    if before == State.PUBLISHED:
        count_reply(comment, -1)
    record_departure(comment, kind="comment_erased", count_from=before, at=comment.erased_at)
    return words


def _forget_ratings(participant: Participant) -> None:
    ratings = Rating.objects.filter(participant=participant)
    list(ratings.select_for_update().order_by("pk").values_list("pk", flat=True))  # the sequencer's order of locks
    ratings.filter(released_once=False).delete()
    ratings.update(value=F("released_value"), participant=None)
    CountedParticipant.objects.filter(participant=participant).update(participant=None)


def _forget_reports(participant: Participant) -> None:
    reports = Report.objects.filter(participant=participant)
    waiting = list(reports.filter(handled_at=None).order_by("comment_id").select_related("comment"))
    reports.delete()
    for report in waiting:
        refresh_desk(locked(report.comment))


def _forget_votes(participant: Participant) -> None:
    votes = CommentVote.objects.filter(participant=participant)
    for vote in votes.order_by("comment_id").select_related("comment"):
        count_vote(locked(vote.comment), before=vote.value, after=0)
    votes.delete()
