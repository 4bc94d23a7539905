"""Decisions about many comments: one decision each, under what was seen, and nothing twice whatever is killed."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from feedback.actions.bulk import (
    advance_bulk,
    confirm_bulk,
    preview_bulk,
    progress_of,
)
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.decisions import NotAllowed
from feedback.actions.refusals import Invalid
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import BulkDecision, BulkTarget, Comment, Decision, DecisionExplanation, DeskItem
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, make_user
from tests.programme_builders import make_measure, make_programme

TEXTS = {"kk": "Бұл — жарнама.", "ru": "Это реклама.", "en": "It is advertising."}


def make_staff(role: str, **fields):
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def make_comments(number: int, *, measure=None, **fields) -> list[Comment]:
    measure, author = measure or make_measure(), make_participant()
    return [make_comment(measure, by=author, text=f"Comment {n}.", **fields) for n in range(number)]


def preview(*, by, comments=None) -> BulkDecision:
    return preview_bulk(Comment.objects.all() if comments is None else comments, by=by)


def confirm(bulk: BulkDecision, *, by, action: str = "hide", rule=None, explanations=TEXTS) -> BulkDecision:
    return confirm_bulk(bulk, by=by, action=action, rule=rule or make_rule(), explanations=explanations)


def outcomes(bulk: BulkDecision) -> dict[str, int]:
    return {name: number for name, number in progress_of(bulk).items() if number}


@pytest.mark.django_db
def test_each_comment_gets_a_decision_of_its_own_and_its_author_a_text_in_their_language():
    measure, moderator = make_measure(), make_moderator()
    for language in ("kk", "ru", "en"):
        make_comment(measure, language=language)
    bulk = confirm(preview(by=moderator), by=moderator)
    assert (outcomes(bulk), bulk.finished_at is not None) == ({"done": 3}, True)
    explained = DecisionExplanation.objects.values_list("decision__comment__language", "text")
    assert dict(explained) == TEXTS
    assert set(Comment.objects.values_list("state", flat=True)) == {"hidden"}
    sequence()
    assert recount() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "before", "state"),
    [("publish", "pending", "published"), ("hide", "pending", "hidden"), ("keep", "published", "published")],
)
def test_comments_are_published_hidden_or_left_as_they_are(action, before, state):
    programme = make_programme(measures=0, moderation="before" if before == "pending" else "after")
    make_comments(2, measure=make_measure(programme))
    moderator = make_moderator()
    bulk = confirm(preview(by=moderator), by=moderator, action=action)
    assert outcomes(bulk) == {"done": 2}
    assert list(Comment.objects.values_list("state", flat=True)) == [state] * 2
    assert list(Decision.objects.values_list("action", flat=True)) == [action] * 2
    assert DeskItem.objects.count() == 0


@pytest.mark.django_db
def test_what_changed_after_the_preview_is_refused_with_the_reason_and_left_as_it_is():
    moderator, other = make_moderator(), make_moderator(display_name="Dana")
    edited, decided, withdrawn, untouched = make_comments(4)
    bulk = preview(by=moderator)
    edit_comment(edited, by=edited.author, text="Now with another text.")
    hide(decided, by=other)
    withdraw_comment(withdrawn, by=withdrawn.author)
    confirm(bulk, by=moderator)
    reasons = {target.comment_id: target.message for target in BulkTarget.objects.filter(outcome="refused")}
    assert reasons.keys() == {edited.pk, decided.pk, withdrawn.pk}
    assert reasons[edited.pk] == "The comment was changed after you opened it. Please read it again, then decide."
    assert reasons[decided.pk].startswith("Dana has decided meanwhile")
    assert reasons[withdrawn.pk] == "This comment can no longer be changed in this way."
    untouched.refresh_from_db()
    edited.refresh_from_db()
    assert (untouched.state, edited.state) == ("hidden", "published")
    assert Decision.objects.count() == 2


@pytest.mark.django_db
def test_the_reasons_are_in_the_language_of_whoever_decided():
    moderator = make_moderator(language="ru")
    (comment,) = make_comments(1)
    bulk = preview(by=moderator)
    withdraw_comment(comment, by=comment.author)
    confirm(bulk, by=moderator)
    assert BulkTarget.objects.get().message == "Этот комментарий больше нельзя изменить таким образом."


@pytest.mark.django_db
def test_confirming_twice_decides_once():
    moderator = make_moderator()
    make_comments(2)
    bulk = preview(by=moderator)
    first = confirm(bulk, by=moderator)
    again = confirm(bulk, by=moderator, action="keep")
    assert (again.action, again.confirmed_at, Decision.objects.count()) == ("hide", first.confirmed_at, 2)


@pytest.mark.django_db
def test_up_to_a_hundred_are_for_any_moderator_and_more_for_seniors():
    measure = make_measure()
    make_many(measure, 101)
    moderator, senior = make_staff("moderator"), make_staff("senior-moderator")
    with pytest.raises(NotAllowed, match="more than 100"):
        preview(by=moderator)
    hundred = Comment.objects.filter(pk__in=Comment.objects.values("pk")[:100])
    assert outcomes(confirm(preview(by=moderator, comments=hundred), by=moderator, action="keep")) == {"done": 100}
    # The queue of tests works at once: the task is run, batch after batch, until nothing waits.
    bulk = confirm(preview(by=senior), by=senior, action="keep")
    assert (outcomes(bulk), bulk.finished_at is not None) == ({"done": 101}, True)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["editor", "analyst"])
def test_others_of_the_staff_decide_nothing(role):
    make_comments(1)
    with pytest.raises(NotAllowed):
        preview(by=make_staff(role))


@pytest.mark.django_db
def test_nobody_confirms_what_another_looked_at():
    make_comments(1)
    bulk = preview(by=make_moderator())
    with pytest.raises(NotAllowed):
        confirm(bulk, by=make_moderator())


@pytest.mark.django_db
def test_who_lost_the_role_meanwhile_decides_nothing_any_more():
    moderator = make_staff("moderator")
    make_comments(2)
    bulk = preview(by=moderator)
    BulkDecision.objects.update(action="keep", confirmed_at=timezone.now(), moved_at=timezone.now())
    moderator.groups.clear()
    advance_bulk(bulk.pk)
    assert (outcomes(bulk), Decision.objects.count()) == ({"refused": 2}, 0)


@pytest.mark.django_db
def test_more_than_ten_thousand_and_none_are_refused():
    with pytest.raises(Invalid, match="Nothing is selected"):
        preview(by=make_moderator())
    make_many(make_measure(), 10_001)
    with pytest.raises(Invalid, match="More than 10,000"):
        preview(by=make_moderator())
    assert BulkDecision.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"action": "erase"}, "Choose what to decide"),
        ({"action": "redact"}, "Choose what to decide"),
        ({"explanations": {"en": "Spam."}}, "no explanation in Kazakh, in which 1 comment"),
        ({"explanations": {"en": "x" * 2001, "kk": "x"}}, "longer than 2,000"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_the_preview_stays(changes, said):
    measure, moderator = make_measure(), make_moderator()
    make_comment(measure, language="en")
    make_comment(measure, language="kk")
    bulk = preview(by=moderator)
    with pytest.raises(Invalid, match=said):
        confirm(bulk, by=moderator, **changes)
    assert (BulkDecision.objects.get().confirmed_at, Decision.objects.count()) == (None, 0)


@pytest.mark.django_db
def test_hiding_needs_a_rule_in_force():
    moderator, rule = make_moderator(), make_rule()
    make_comments(1)
    bulk = preview(by=moderator)
    rule.retired = True
    with pytest.raises(Invalid, match="needs a rule"):
        confirm(bulk, by=moderator, rule=rule)


def make_many(measure, number: int) -> None:
    """So many comments, of which nothing but the stub and the text is made."""
    first = make_comment(measure)
    comments = Comment.objects.bulk_create(
        Comment(measure=measure, edition=1, moderation="published", language="en", author=first.author)
        for _ in range(number - 1)
    )
    versions = type(first.latest).objects.bulk_create(
        type(first.latest)(comment=comment, number=1, text="Spam.", language="en", salt="0" * 64, commitment="0" * 64)
        for comment in comments
    )
    for comment, version in zip(comments, versions, strict=True):
        comment.latest = comment.shown = version
    Comment.objects.bulk_update(comments, ["latest", "shown"], batch_size=300)
