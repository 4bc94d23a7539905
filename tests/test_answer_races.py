"""Real threads that publish, correct and answer while comments leave, on both engines."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from feedback.actions.answers import correct_answer, publish_answer, publish_due_answers
from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import AnsweredComment, Comment, CommentWords, LedgerEntry, Notice
from tests.answers import contents_of, make_answer, make_draft, make_editor
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule
from tests.programme_builders import make_measure
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]


def test_a_draft_that_several_publish_at_once_is_published_once_and_told_once():
    measure, editors = make_measure(), [make_editor() for _ in range(6)]
    comment = make_comment(measure)
    draft = make_draft(measure, comment, by=editors[0])
    type(draft).objects.filter(pk=draft.pk).update(publish_at=draft.created_at)
    tasks = [lambda by=editor: publish_answer(draft, by=by).published_at for editor in editors]
    tasks += [lambda: publish_due_answers(draft.created_at)] * 2
    times = {each for each in at_once(tasks) if not isinstance(each, bool)}
    sequence()
    assert (len(times), LedgerEntry.objects.filter(kind="answer").count(), Notice.objects.count()) == (1, 1, 1)
    assert recount() == []


def test_comments_that_leave_while_they_are_answered_are_either_answered_or_left_out():
    measure, editor, moderator = make_measure(), make_editor(), make_moderator()
    make_rule()
    for _round in range(4):
        authors = [make_participant() for _ in range(4)]
        comments = [make_comment(measure, by=author) for author in authors]
        reply = make_comment(measure, parent=comments[0])
        draft = make_draft(measure, *comments, reply, by=editor)
        results = at_once(
            [
                lambda draft=draft: publish_answer(draft, by=editor),
                lambda comment=comments[0], author=authors[0]: withdraw_comment(comment, by=author),
                lambda author=authors[1]: delete_account(author.user, erase_comments=True),
                lambda comment=comments[2]: hide(comment, by=moderator),
                lambda reply=reply: withdraw_comment(reply, by=reply.author),
            ]
        )
        assert len(results) == 5
    sequence()
    answered = dict(AnsweredComment.objects.published().values_list("comment", "published_at"))
    assert dict(Comment.objects.answered().values_list("pk", "answered_at")) == answered
    visible = set(Comment.objects.visible().values_list("pk", flat=True))
    assert set(CommentWords.objects.values_list("comment", flat=True)) == visible
    indexed = CommentWords.objects.filter(words__contains="ёanswered").values_list("comment", flat=True)
    assert set(indexed) == visible & answered.keys()
    assert recount() == []


def test_answers_that_come_to_and_leave_the_same_comments_at_once_leave_their_dates_right():
    measure, editor = make_measure(), make_editor()
    comments = [make_comment(measure) for _ in range(3)]
    answers = [make_answer(measure, *comments, by=editor) for _ in range(3)]
    drafts = [make_draft(measure, *comments, by=editor) for _ in range(2)]
    at_once(
        [lambda each=each: correct_answer(each, contents_of(measure, comments[0]), by=editor) for each in answers]
        + [lambda each=each: publish_answer(each, by=editor) for each in drafts]
    )
    sequence()
    assert recount() == []
    assert Comment.objects.answered().count() == 3


def test_of_two_answers_the_earlier_gives_the_date_also_where_it_waited_for_the_other():
    measure, editor = make_measure(), make_editor()
    comment = make_comment(measure)
    later, earlier = (make_draft(measure, comment, by=editor) for _ in range(2))
    now = timezone.now()
    publish_answer(later, by=editor)
    with time_machine.travel(now - timedelta(seconds=1), tick=False):
        publish_answer(earlier, by=editor)
    sequence()
    assert recount() == []
    assert Comment.objects.get().answered_at == earlier.answered.get().published_at < now
