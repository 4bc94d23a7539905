"""Official answers: written by editors as drafts, published once, told once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from feedback.actions.answers import (
    correct_answer,
    discard_draft,
    publish_answer,
    publish_due_answers,
    save_draft,
)
from feedback.actions.comments import withdraw_comment
from feedback.actions.decisions import NotAllowed
from feedback.actions.due import do_due_work
from feedback.actions.following import follow
from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.ledger.canonical import digest
from feedback.ledger.recount import recount
from feedback.models import Answer, Comment, LedgerEntry
from principles.models import Reading, Target
from tests.answers import SAID, contents_of, leaves, make_answer, make_draft, make_editor, make_staff, told
from tests.builders import hide, make_comment, make_moderator, make_participant
from tests.programme_builders import make_measure, make_programme
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["moderator", "senior-moderator", "analyst", "staff"])
def test_only_editors_and_administrators_answer(role):
    measure, staff = make_measure(), make_staff(role)
    draft = make_draft(measure)
    for refused in (
        lambda: save_draft(None, contents_of(measure), by=staff),
        lambda: publish_answer(draft, by=staff),
        lambda: correct_answer(draft, contents_of(measure), by=staff),
        lambda: discard_draft(draft, by=staff),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert list(Answer.objects.published()) == []
    make_answer(measure, by=make_staff("administrator"))
    make_answer(measure, by=make_moderator())  # a superuser


def test_a_draft_changes_nothing_that_anybody_sees():
    measure = make_measure()
    comment = make_comment(measure)
    draft = make_draft(measure, comment)
    assert (draft.code, draft.published_at, list(Answer.objects.published())) == (f"a{draft.pk}", None, [])
    comment.refresh_from_db()
    assert (comment.answered_at, leaves(), told()) == (None, [], [])


def test_publishing_marks_the_comments_leaves_an_entry_and_tells_their_authors():
    measure = make_measure()
    one, two, other = (make_comment(measure) for _ in range(3))
    answer = make_answer(measure, one, two, outcome="partly")
    assert list(Comment.objects.answered().values_list("answered_at", flat=True)) == [answer.published_at] * 2
    assert set(Comment.objects.answered()) == {one, two}
    (leaf,) = leaves()
    assert {name: leaf[name] for name in ("measure", "answer", "comments", "outcome", "digest")} == {
        "measure": measure.slug,
        "answer": answer.code,
        "comments": sorted([str(one.pk), str(two.pk)]),
        "outcome": "partly",
        "digest": digest(
            {
                "text": {language: f"{SAID} ({language})" for language in ("kk", "ru", "en")},
                "body": {language: f"Ministry of Education ({language})" for language in ("kk", "ru", "en")},
                "date": "2026-11-20",
                "link": "",
                "outcome": "partly",
            }
        ),
    }
    assert set(told()) == {(each.author_id, "answered", each.pk, answer.pk) for each in (one, two)}
    assert LedgerEntry.objects.get(kind="answer").key == answer.code
    assert recount() == []


def test_an_answer_to_the_measure_names_no_comments_and_tells_its_followers():
    measure = make_measure()
    follower, of_programme, stranger = (make_participant() for _ in range(3))
    follow(follower, measure)
    follow(of_programme, measure.principle.programme)
    answer = make_answer(measure)
    assert [leaf["comments"] for leaf in leaves()] == [None]
    assert set(told()) == {(each.pk, "answer", None, answer.pk) for each in (follower, of_programme)}


def test_everybody_is_told_of_an_answer_once_however_often_it_is_published_or_corrected():
    measure, editor = make_measure(), make_editor()
    author = make_participant()
    follow(author, measure)
    first, second = make_comment(measure, by=author), make_comment(measure, by=author)
    answer = make_answer(measure, first, second, by=editor)
    publish_answer(answer, by=editor)
    correct_answer(answer, contents_of(measure, first, second, text="Otherwise."), by=editor)
    assert told() == [(author.pk, "answered", first.pk, answer.pk)]
    assert len(leaves()) == 2


def test_many_are_told_in_the_background(monkeypatch):
    monkeypatch.setattr("feedback.actions.answers.TOLD_AT_ONCE", 2)
    measure = make_measure()
    people = [make_participant() for _ in range(3)]
    for person in people:
        follow(person, measure)
    answer = make_answer(measure)
    assert told() == [(person.pk, "answer", None, answer.pk) for person in people]


def test_a_draft_is_published_at_its_time_and_once():
    measure = make_measure()
    comment = make_comment(measure)
    now = timezone.now()
    answer = make_draft(measure, comment, publish_at=now + timedelta(hours=1))
    make_draft(measure)
    do_due_work(now)
    assert list(Answer.objects.published()) == []
    at = now + timedelta(hours=1, seconds=1)
    do_due_work(at)
    do_due_work(at + timedelta(seconds=1))
    answer.refresh_from_db()
    comment.refresh_from_db()
    assert (answer.published_at, comment.answered_at) == (at, at)
    assert (len(leaves()), len(told())) == (1, 1)


def test_an_answer_that_cannot_be_published_at_its_time_goes_back_to_the_drafts_and_holds_up_no_other():
    measure, now = make_measure(), timezone.now()
    comment = make_comment(measure)
    stuck = make_draft(measure, comment, publish_at=now, by=make_editor(language="kk"))
    other = make_draft(measure, publish_at=now)
    hide(comment)
    assert publish_due_answers(now + timedelta(seconds=1)) is False
    stuck.refresh_from_db()
    assert (stuck.published_at, stuck.publish_at, list(stuck.comments.all())) == (None, None, [comment])
    letter = mail.outbox[-1]
    assert letter.to == [stuck.by.user.email]
    assert letter.subject == f"{stuck.code} жауабы белгіленген уақытта жарияланбады · Test portal"
    assert f"http://127.0.0.1:8000/admin/feedback/answer/{stuck.pk}/change/" in letter.body
    assert list(Answer.objects.published()) == [other]


@pytest.mark.parametrize("field", ["text", "body"])
def test_an_answer_without_text_or_body_is_kept_as_a_draft_and_not_published(field):
    measure, editor = make_measure(), make_editor()
    draft = make_draft(measure, by=editor, **{field: {"kk": " "}})
    with pytest.raises(Invalid):
        publish_answer(draft, by=editor)
    with pytest.raises(Invalid):
        make_draft(measure, publish_at=timezone.now(), **{field: {}})
    assert list(Answer.objects.published()) == []


def test_one_language_is_enough():
    answer = make_answer(make_measure(), text={"kk": "Ашылады."}, body={"kk": "Министрлік"})
    assert (answer.text_ru, answer.missing_languages) == ("", ["ru", "en"])


def test_only_published_comments_on_the_same_measure_can_be_answered():
    programme = make_programme()
    measure, elsewhere = programme.principles.get().measures.all()
    hidden, withdrawn = hide(make_comment(measure)), make_comment(measure)
    withdraw_comment(withdrawn, by=withdrawn.author)
    programme.moderation = "before"
    programme.save()
    for comment in (hidden, withdrawn, make_comment(elsewhere), make_comment(measure)):
        with pytest.raises(Invalid, match=str(comment.pk)):
            make_draft(measure, comment)
    assert Answer.objects.count() == 0


def test_comments_that_are_gone_by_publication_are_left_out():
    measure, editor = make_measure(), make_editor()
    stays, goes = make_comment(measure), make_comment(measure)
    draft = make_draft(measure, stays, goes, by=editor)
    hide(goes)
    answer = publish_answer(draft, by=editor)
    assert list(answer.comments.all()) == [stays]
    assert [leaf["comments"] for leaf in leaves()] == [[str(stays.pk)]]
    assert [comment for _person, kind, comment, _answer in told() if kind == "answered"] == [stays.pk]


def test_an_answer_all_of_whose_comments_are_gone_is_not_published_as_one_to_the_measure():
    measure, editor = make_measure(), make_editor()
    comment = make_comment(measure)
    draft = make_draft(measure, comment, by=editor)
    hide(comment)
    with pytest.raises(NotPossibleNow):
        publish_answer(draft, by=editor)
    assert leaves() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "perhaps"},
        {"link": "javascript:alert(1)"},
        {"text": {"en": "x" * 10_001}},
        {"body": {"ru": "x" * 201}},
    ],
)
def test_what_the_fields_do_not_take_is_refused(wrong):
    with pytest.raises(Invalid):
        make_draft(make_measure(), **wrong)


def test_what_came_of_it_belongs_to_the_same_measure():
    programme = make_programme()
    measure, elsewhere = programme.principles.get().measures.all()
    target = Target.objects.create(measure=elsewhere, slug="elsewhere")
    reading = Reading.objects.create(
        target=target,
        read_on="2026-01-01",
        value=1,
        source_name="x",
        source_url="https://x.example",
        voice="government",
    )
    for wrong in ({"edition": elsewhere.current_edition}, {"reading": reading}):
        with pytest.raises(Invalid):
            make_draft(measure, **wrong)
    revise(measure, "New wording")
    assert make_answer(measure, edition=measure.current_edition).edition == measure.current_edition


def test_no_answer_answers_more_than_a_thousand_comments(monkeypatch):
    monkeypatch.setattr("feedback.actions.answers.MOST_COMMENTS", 2)
    measure = make_measure()
    with pytest.raises(Invalid, match="at most 2"):
        make_draft(measure, *(make_comment(measure) for _ in range(3)))
