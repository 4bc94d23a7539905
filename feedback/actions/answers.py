"""Official answers: written as drafts, published once - now or at their time - and corrected in the open."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from feedback.actions.access import role_of, staff_member_of
from feedback.actions.answer_contents import Contents, require_whole, write_contents
from feedback.actions.decisions import NotAllowed
from feedback.actions.notices import followers_of, tell_answer
from feedback.actions.refusals import Invalid, NotPossibleNow, Refused
from feedback.actions.transitions import EDITORS
from feedback.ledger.canonical import digest
from feedback.ledger.leaves import answer_digest, record_answer
from feedback.mail.letters import send_answer_held
from feedback.models import Answer, AnsweredComment, Comment, StaffMember
from feedback.search.index import index_comments

log = logging.getLogger(__name__)

MOST_COMMENTS = 1000  # that one answer answers
PER_PASS = 20
TOLD_AT_ONCE = 500  # people; more are told in the background
TELL_AGAIN_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))


class ChangedMeanwhile(Refused):
    """Somebody else saved or published the answer after the editor opened it."""

    status = 409
    message = _("Somebody else has changed this meanwhile. Please compare with what is saved, then save again.")


def editor_of(user: AbstractBaseUser) -> StaffMember:
    """Who answers; refuses unless it is an editor or administrator."""
    if role_of(user) not in EDITORS:
        raise NotAllowed(_("Your role does not include answers."))
    return staff_member_of(user)


def seen_of(answer: Answer) -> str:
    """Names everything that an editor sees of `answer`: what they hand back when they save."""
    ties = answer.answered.values_list("comment", flat=True)
    return digest(
        {
            "says": answer_digest(answer),
            "measure": answer.measure_id,
            "comments": sorted(map(str, ties)),
            "edition": answer.edition_id,
            "reading": answer.reading_id,
            "publish_at": answer.publish_at and answer.publish_at.isoformat(),
            "published": answer.published_at is not None,
        }
    )


@transaction.atomic
def save_draft(
    answer: Answer | None,
    contents: Contents,
    *,
    by: AbstractBaseUser,
    publish_at: datetime | None = None,
    publish: bool = False,
    seen: str | None = None,
) -> Answer:
    """Write a draft, the first time or again; with `publish_at` it is published at that time, with `publish` at once.

    `seen` is `seen_of` the answer as the editor opened it; a draft that changed since is refused.
    """
    editor = editor_of(by)
    answer = _locked(answer, seen) if answer else Answer()
    if answer.published_at:
        raise NotPossibleNow(_("This answer is published: it can only be corrected."))
    write_contents(answer, contents)
    answer.by, answer.publish_at = editor, publish_at
    if publish_at:
        require_whole(answer)
    answer.save()
    _attach(answer, contents)
    return _publish(answer, timezone.now()) if publish else answer


@transaction.atomic
def discard_draft(answer: Answer, *, by: AbstractBaseUser) -> None:
    """Delete a draft; what is published stays."""
    editor_of(by)
    answer = _locked(answer)
    if answer.published_at:
        raise NotPossibleNow(_("This answer is published: it can only be corrected."))
    answer.delete()


@transaction.atomic
def publish_answer(answer: Answer, *, by: AbstractBaseUser, seen: str | None = None) -> Answer:
    """Publish a draft: on the measure, under its comments, in the ledger, and to whom it concerns.

    Comments that are published no longer are left out. An answer that is published already stays as it is.
    """
    editor_of(by)
    answer = _locked(answer, seen)
    return answer if answer.published_at else _publish(answer, timezone.now())


def publish_due_answers(now: datetime) -> bool:
    """Publish the drafts whose time has come, some per call; whether more wait.

    One that cannot be published goes back to being a draft without a time, and its editor is told why.
    """
    keys = list(Answer.objects.due(now).order_by("publish_at", "pk").values_list("pk", flat=True)[:PER_PASS])
    for key in keys:
        try:
            with transaction.atomic():
                answer = _locked(Answer(pk=key))
                if answer.published_at is None and answer.publish_at and answer.publish_at <= now:
                    _publish(answer, now)
        except Refused as refusal:
            log.warning("Answer a%s could not be published at its time: %s", key, refusal)
            if Answer.objects.filter(pk=key, published_at=None).update(publish_at=None):
                send_answer_held(Answer.objects.select_related("by__user").get(pk=key), refusal)
    return len(keys) == PER_PASS


@transaction.atomic
def correct_answer(answer: Answer, contents: Contents, *, by: AbstractBaseUser, seen: str | None = None) -> Answer:
    """Change a published answer, visibly: with a date, and an entry in the ledger. Nothing changed: nothing happens.

    Authors of comments that it answers from now on are told.
    """
    editor_of(by)
    answer = _locked(answer, seen)
    if not answer.published_at:
        raise NotPossibleNow(_("This answer is not published yet."))
    if contents.measure.pk != answer.measure_id:
        raise Invalid(_("A published answer stays with its measure."))
    before = seen_of(answer)
    now = timezone.now()
    write_contents(answer, contents)
    require_whole(answer)
    added, removed = _attach(answer, contents)
    if seen_of(answer) == before:
        return answer
    answer.changed_at = now
    answer.save()
    _make_public(answer, added, now)
    _take_back(removed)
    record_answer(answer, answer.answered.values_list("comment", flat=True), at=now)
    _tell(answer)
    return answer


def _locked(answer: Answer, seen: str | None = None) -> Answer:
    """The answer, locked; refuses where it is gone, or is not what the editor saw."""
    rows = Answer.objects.select_for_update(no_key=True).filter(pk=answer.pk).values_list("pk", flat=True)
    if not list(rows):
        raise ChangedMeanwhile(_("Somebody else has deleted this draft meanwhile."))
    answer = Answer.objects.select_related("measure__principle__programme").get(pk=answer.pk)
    if seen is not None and seen != seen_of(answer):
        raise ChangedMeanwhile
    return answer


def _attach(answer: Answer, contents: Contents) -> tuple[list[Comment], list[Comment]]:
    """Tie the answer to exactly the comments that `contents` names; the ones that came and that went, locked.

    What comes must be published, and on the same measure.
    """
    ties = set(answer.answered.values_list("comment", flat=True))
    new, gone = contents.comments - ties, ties - contents.comments
    if len(contents.comments) > MOST_COMMENTS:
        raise Invalid(_t("One answer answers at most %(number)d comments.") % {"number": MOST_COMMENTS})
    comments = {comment.pk: comment for comment in _locked_comments(new | gone)}
    wrong = [
        str(pk)
        for pk in sorted(new, key=str)
        if pk not in comments or comments[pk].measure_id != answer.measure_id or not comments[pk].is_visible
    ]
    if wrong:
        raise Invalid(
            _t("Only published comments on this measure can be answered. These are not: %(ids)s")
            % {"ids": ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")}
        )
    AnsweredComment.objects.filter(answer=answer, comment__in=gone).delete()
    # In the order in which they were said: an author of several is told of the first.
    AnsweredComment.objects.bulk_create(
        [AnsweredComment(answer=answer, comment=comments[pk]) for pk in comments if pk in new]
    )
    return [comments[pk] for pk in new], [comments[pk] for pk in gone]


def _locked_comments(keys: Iterable[UUID]) -> list[Comment]:
    """The comments, locked in the order of every other action: replies first, each by key."""
    rows = Comment.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    for level in (rows.exclude(parent=None), rows.filter(parent=None)):
        list(level.values_list("pk", flat=True))
    return list(Comment.objects.filter(pk__in=keys).select_related("shown").order_by("created_at", "pk"))


def _publish(answer: Answer, now: datetime) -> Answer:
    require_whole(answer)
    keys = set(answer.answered.values_list("comment", flat=True))
    comments = [comment for comment in _locked_comments(keys) if comment.is_visible]
    if keys and not comments:
        raise NotPossibleNow(_("None of the comments that it answers is published any more."))
    left = {comment.pk for comment in comments}
    answer.answered.exclude(comment__in=left).delete()
    answer.published_at = now
    answer.save(update_fields=["published_at"])
    _make_public(answer, comments, now)
    record_answer(answer, left, at=now)
    _tell(answer)
    return answer


def _make_public(answer: Answer, comments: list[Comment], now: datetime) -> None:
    """Show that the answer answers `comments`, which are locked; search learns which of them had no answer before."""
    answer.answered.filter(comment__in=comments, published_at=None).update(published_at=now)
    # One whose answer came a moment before its turn has waited for the lock: its date is the earlier one.
    first = [comment for comment in comments if comment.answered_at is None or now < comment.answered_at]
    Comment.objects.filter(pk__in=[comment.pk for comment in first]).update(answered_at=now)
    for comment in first:
        comment.answered_at = now
    index_comments(first)


def _take_back(comments: list[Comment]) -> None:
    """Undo for locked `comments` that they are answered, where no other answer is left."""
    for comment in comments:
        first = comment.answered_by.published().aggregate(first=Min("published_at"))["first"]
        Comment.objects.filter(pk=comment.pk).update(answered_at=first)
        comment.answered_at = first
    index_comments(comment for comment in comments if comment.is_visible)


def _tell(answer: Answer) -> None:
    """Tell whom it concerns, once; many in the background."""
    if followers_of(answer.measure).count() + answer.answered.count() > TOLD_AT_ONCE:
        tell_in_background.enqueue(answer.pk)
    else:
        tell_answer(answer)


@task(takes_context=True)
def tell_in_background(context, pk: int, attempt: int = 0) -> None:
    """Tell of the answer `pk`; where the database fails, try again: whoever has been told is not told twice."""
    try:
        tell_answer(Answer.objects.select_related("measure__principle").get(pk=pk))
    except DatabaseError:
        if attempt >= len(TELL_AGAIN_AFTER):
            raise
        again = context.task_result.task.using(run_after=timezone.now() + TELL_AGAIN_AFTER[attempt])
        again.enqueue(pk, attempt + 1)
