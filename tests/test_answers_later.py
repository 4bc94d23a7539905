"""What becomes of a published answer: corrections, comments that leave or come back, saves that come too late."""

import pytest
from django.utils import timezone

from feedback.actions.answers import (
    ChangedMeanwhile,
    correct_answer,
    discard_draft,
    publish_answer,
    save_draft,
    seen_of,
)
from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import publish_comment
from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Answer, AnsweredComment, Comment
from tests.answers import SAID, contents_of, leaves, make_answer, make_draft, make_editor, told
from tests.builders import hide, make_comment, make_moderator, seen
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db


def test_a_correction_is_dated_recorded_and_told_to_those_who_come_with_it():
    measure, editor = make_measure(), make_editor()
    first, later = make_comment(measure), make_comment(measure)
    answer = make_answer(measure, first, by=editor)
    corrected = correct_answer(answer, contents_of(measure, first, later, outcome="declined"), by=editor)
    later.refresh_from_db()
    assert (corrected.outcome, corrected.published_at) == ("declined", answer.published_at)
    assert corrected.changed_at == later.answered_at > answer.published_at
    before, after = leaves()
    assert (before["outcome"], after["outcome"], before["digest"] == after["digest"]) == ("accepted", "declined", False)
    assert (len(before["comments"]), len(after["comments"])) == (1, 2)
    assert [comment for *_, comment, _answer in told()] == [first.pk, later.pk]


def test_a_correction_that_changes_nothing_does_nothing():
    measure, editor = make_measure(), make_editor()
    comment = make_comment(measure)
    answer = make_answer(measure, comment, by=editor)
    assert correct_answer(answer, contents_of(measure, comment), by=editor).changed_at is None
    assert len(leaves()) == 1


def test_a_comment_that_a_correction_takes_out_is_answered_only_if_another_answer_is_left():
    measure, editor = make_measure(), make_editor()
    twice, once = make_comment(measure), make_comment(measure)
    answer = make_answer(measure, twice, once, by=editor)
    second = make_answer(measure, twice, by=editor)
    correct_answer(answer, contents_of(measure), by=editor)
    assert dict(Comment.objects.values_list("pk", "answered_at")) == {twice.pk: second.published_at, once.pk: None}
    assert recount() == []


def test_what_is_published_is_neither_rewritten_as_a_draft_nor_deleted_nor_moved():
    measure, editor = make_measure(), make_editor()
    answer = make_answer(measure, by=editor)
    with pytest.raises(NotPossibleNow):
        save_draft(answer, contents_of(measure, text="Other"), by=editor)
    with pytest.raises(NotPossibleNow):
        discard_draft(answer, by=editor)
    with pytest.raises(Invalid):
        correct_answer(answer, contents_of(make_measure()), by=editor)
    with pytest.raises(NotPossibleNow):
        correct_answer(make_draft(measure), contents_of(measure), by=editor)
    answer.refresh_from_db()
    assert (answer.text_en, answer.measure) == (f"{SAID} (en)", measure)


def test_a_stale_save_or_publication_is_refused():
    measure, editor = make_measure(), make_editor()
    draft = make_draft(measure, by=editor)
    opened = seen_of(draft)
    save_draft(draft, contents_of(measure, text="By somebody else."), by=make_editor(), seen=opened)
    for stale in (
        lambda: save_draft(draft, contents_of(measure), by=editor, seen=opened),
        lambda: publish_answer(draft, by=editor, seen=opened),
    ):
        with pytest.raises(ChangedMeanwhile):
            stale()
    draft.refresh_from_db()
    discard_draft(draft, by=editor)
    with pytest.raises(ChangedMeanwhile):
        publish_answer(draft, by=editor)
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "erased"])
def test_an_answer_outlives_the_comment_and_counts_it_no_longer(how):
    measure = make_measure()
    comment = make_comment(measure)
    answer = make_answer(measure, comment)
    if how == "hidden":
        hide(comment)
    elif how == "withdrawn":
        withdraw_comment(comment, by=comment.author)
    else:
        delete_account(comment.author.user, erase_comments=True)
    assert list(Answer.objects.published().on(measure)) == [answer]
    assert list(Comment.objects.visible().answered()) == []
    assert list(AnsweredComment.objects.of_visible()) == []
    sequence()
    assert recount() == []


def test_a_hidden_comment_that_comes_back_is_answered_again():
    measure = make_measure()
    comment = make_comment(measure)
    make_answer(measure, comment)
    hide(comment)
    publish_comment(comment, by=make_moderator(), **seen(comment))
    assert list(Comment.objects.visible().answered()) == [comment]


def test_recount_finds_a_comment_that_is_said_to_be_answered_and_is_not():
    measure = make_measure()
    answered, not_answered = make_comment(measure), make_comment(measure)
    make_answer(measure, answered)
    sequence()
    Comment.objects.filter(pk=answered.pk).update(answered_at=None)
    Comment.objects.filter(pk=not_answered.pk).update(answered_at=timezone.now())
    assert sorted(line.split(": ")[0] for line in recount()) == sorted(
        f"comment {pk}" for pk in (answered.pk, not_answered.pk)
    )
