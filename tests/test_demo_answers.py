"""The answers of a demo consultation: of every kind, repeatable, and as the actions would have written them."""

import json

import pytest
from django.db import transaction

from feedback.actions.answers import correct_answer, publish_due_answers
from feedback.demo.leaves import answer_line
from feedback.ledger import leaves as proper
from feedback.ledger.canonical import canonical, hour
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Answer, AnsweredComment, Comment, LedgerEntry
from tests.answers import contents_of, make_editor
from tests.builders import make_comment
from tests.demo import make_demo, until
from tests.test_make_demo import programme  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("programme")


def contents() -> list:
    return [
        list(Answer.objects.order_by("pk").values_list("outcome", "text_kk", "text_ru", "text_en", "published_at")),
        list(AnsweredComment.objects.order_by("comment").values_list("answer__outcome", "comment", "published_at")),
        list(Comment.objects.order_by("pk").values_list("pk", "answered_at")),
    ]


def test_a_demo_has_answers_of_every_outcome_to_measures_and_comments_in_some_languages_and_drafts():
    make_demo(comments=400)
    published = Answer.objects.published()
    assert set(published.values_list("outcome", flat=True)) == {*Answer.Outcome}
    assert {len(answer.missing_languages) for answer in published} == {0, 1, 2}
    numbers = [answer.answered.count() for answer in published]
    assert (numbers.count(0) > 5, numbers.count(1) > 3, max(numbers) > 1) == (True, True, True)
    drafts = Answer.objects.filter(published_at=None)
    assert drafts.filter(publish_at=None).count() >= 2
    assert drafts.filter(publish_at__gt=until()).count() == 1
    assert Comment.objects.visible().answered().exists()
    assert not Answer.objects.filter(text_ru__regex="[{}]").exists()


def test_answers_come_after_the_comments_that_they_answer_and_stand_in_the_ledger():
    make_demo(comments=300)
    assert recount() == []
    for tie in AnsweredComment.objects.published().select_related("comment", "answer"):
        assert tie.comment.is_visible
        assert tie.comment.created_at < tie.published_at == tie.answer.published_at <= until()
    entries = {entry.key: json.loads(entry.leaf) for entry in LedgerEntry.objects.filter(kind="answer")}
    published = {answer.code: answer for answer in Answer.objects.published().select_related("measure")}
    assert entries.keys() == published.keys()
    for code, answer in published.items():
        comments = list(answer.answered.values_list("comment", flat=True))
        assert entries[code] == proper.answer_leaf(answer, comments, answer.published_at)


def test_the_same_seed_gives_the_same_answers():
    made = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            make_demo(seed=seed)
            made.append(contents())
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_the_leaf_by_template_is_that_of_the_ledger():
    make_demo()
    answer = Answer.objects.published().filter(answered__isnull=False).select_related("measure").first()
    comments = [*Comment.objects.values_list("pk", flat=True)[:3]]
    for answered in (comments, []):
        line = answer_line(
            programme=answer.measure.principle.programme.slug,
            measure=answer.measure.slug,
            code=answer.code,
            comments=sorted(map(str, answered)),
            outcome=answer.outcome,
            digest=proper.answer_digest(answer),
            hour=hour(answer.published_at),
        )
        assert line.leaf == canonical(proper.answer_leaf(answer, answered, answer.published_at))


def test_answers_go_on_after_a_demo():
    make_demo()
    answer = Answer.objects.published().first()
    comment = make_comment(answer.measure)
    correct_answer(answer, contents_of(answer.measure, comment), by=make_editor())
    publish_due_answers(Answer.objects.get(publish_at__isnull=False).publish_at)
    sequence()
    assert recount() == []
    assert Answer.objects.filter(publish_at__isnull=False, published_at=None).count() == 0
