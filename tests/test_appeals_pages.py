"""What the author sees of a decision, and how they appeal: signed in, or by the link in their mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import escalate_comment
from feedback.mail.links import appeal_address
from feedback.models import Appeal, DeskItem
from tests.builders import make_comment, make_moderator, make_participant, seen, signed_in
from tests.notices import appeal, decide, own_comment, rule, suspend, warn
from tests.programme_builders import make_measure
from tests.test_contributing import text_of

pytestmark = pytest.mark.django_db
ARGUMENT = "It is a school shop, and it is what the measure is about."
MONTH = timedelta(days=30)


@pytest.fixture
def case():
    """Somebody, their comment, and the decision that hid it."""
    person = make_participant()
    comment = own_comment(person, make_measure())
    return person, comment, decide("hide", comment)


def link(decided, person, language="en") -> str:
    return re.sub("^.*?8000/../", f"/{language}/", appeal_address(decided, person))


def test_the_page_says_what_was_decided_under_which_rule_why_and_until_when_to_appeal(case):
    person, comment, decision = case
    with time_machine.travel(timezone.now(), tick=False):
        text = text_of(signed_in(person).get(f"/en/profile/decisions/{decision.pk}/"))
    for words in ("Your comment has been hidden", comment.latest.text, "spam in en", "No shop here.", "Deadline for"):
        assert words in text


@pytest.mark.parametrize("way", ["signed in", "link"])
def test_an_author_appeals_and_reads_by_when_there_is_an_answer(case, way):
    person, comment, decision = case
    browser, path = {
        "signed in": (signed_in(person), f"/en/profile/decisions/{decision.pk}/"),
        "link": (Client(), link(decision, person)),
    }[way]
    answer = browser.post(path, {"text": ARGUMENT})
    assert (answer.status_code, answer["Location"]) == (302, f"{path}#appeal")
    made = Appeal.objects.get()
    assert (made.participant, made.decision, made.text) == (person, decision, ARGUMENT)
    assert DeskItem.objects.get(comment=comment).appealed
    page = browser.get(path)
    due = timezone.localtime(made.due_at)
    assert f"You will get an answer by {due.day} {due:%B} {due.year}." in text_of(page)
    assert ARGUMENT in text_of(page)
    assert "<textarea" not in page.content.decode()
    assert (person.user.is_authenticated, "sessionid" in browser.cookies) == (True, False)


@pytest.mark.parametrize("way", ["signed in", "link"])
@pytest.mark.parametrize(("text", "error"), [("", "Please say why"), ("x" * 2001, "1 character too long")])
def test_a_refused_appeal_comes_back_with_its_text(case, way, text, error):
    person, _comment, decision = case
    browser, path = {
        "signed in": (signed_in(person), f"/en/profile/decisions/{decision.pk}/"),
        "link": (Client(), link(decision, person)),
    }[way]
    page = browser.post(path, {"text": text})
    assert page.status_code == 422
    assert error in text_of(page)
    assert text in page.content.decode()
    assert Appeal.objects.count() == 0


def test_what_was_typed_survives_the_end_of_the_session(case):
    person, _comment, decision = case
    path = f"/en/profile/decisions/{decision.pk}/"
    browser = Client()
    assert browser.post(path, {"text": ARGUMENT})["Location"].startswith("/en/accounts/login/?next=")
    browser.force_login(person.user)
    assert ARGUMENT in browser.get(path).content.decode()
    assert Appeal.objects.count() == 0


def test_the_same_appeal_twice_is_one(case):
    person, _comment, decision = case
    browser = Client()
    for text in (ARGUMENT, "Once more."):
        assert browser.post(link(decision, person), {"text": text}).status_code == 302
    assert [made.text for made in Appeal.objects.all()] == [ARGUMENT]


@pytest.mark.parametrize("kind", [warn, suspend])
def test_a_warning_and_a_suspension_are_appealed_against_in_the_same_way(kind):
    person = make_participant()
    sanction = kind(person)
    browser = signed_in(person)
    assert "No shop here." in text_of(browser.get(f"/en/profile/sanctions/{sanction.pk}/"))
    assert Client().post(link(sanction, person), {"text": ARGUMENT}).status_code == 302
    assert Appeal.objects.get().sanction == sanction
    assert ARGUMENT in text_of(browser.get(f"/en/profile/sanctions/{sanction.pk}/"))


def test_the_pages_are_never_cached_and_found_by_no_search_engine(case):
    person, _comment, decision = case
    for browser, path in (
        (signed_in(person), f"/en/profile/decisions/{decision.pk}/"),
        (Client(), link(decision, person)),
    ):
        page = browser.get(path)
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"


def test_a_link_dies_with_the_deadline_and_shows_nothing_of_the_comment_then(case):
    person, comment, decision = case
    path = link(decision, person)
    with time_machine.travel(decision.created_at + MONTH - timedelta(seconds=5)):
        assert Client().get(path).status_code == 200
    with time_machine.travel(decision.created_at + MONTH + timedelta(seconds=5)):
        page = Client().get(path)
        assert page.status_code == 410
        assert comment.latest.text not in page.content.decode()
        assert Client().post(path, {"text": ARGUMENT}).status_code == 410
        signed = signed_in(person).get(f"/en/profile/decisions/{decision.pk}/")
        assert "The deadline for an appeal is over." in text_of(signed)
        refused = signed_in(person).post(f"/en/profile/decisions/{decision.pk}/", {"text": ARGUMENT})
        assert (refused.status_code, ARGUMENT in refused.content.decode()) == (409, True)
    assert Appeal.objects.count() == 0


def test_a_forged_link_and_one_for_somebody_elses_comment_are_no_page(case):
    person, _comment, decision = case
    token = link(decision, person).split("/")[3]
    other = make_participant()
    wrong = [token[:-1], f"d{decision.pk}-{other.pk}.{token.partition('.')[2]}", "x", "d1-1.x"]
    paths = [f"/en/appeals/{each}/" for each in wrong] + [link(decision, other), link(warn(person), other)]
    assert {Client().get(path).status_code for path in paths} == {404}


def test_the_link_of_somebody_who_left_is_no_page(case):
    person, _comment, decision = case
    path = link(decision, person)
    delete_account(person.user, erase_comments=False)
    assert Client().get(path).status_code == 404


def test_nobody_else_sees_the_page_and_internal_decisions_have_none(case):
    person, comment, decision = case
    sanction = warn(person)
    paths = [f"/en/profile/decisions/{decision.pk}/", f"/en/profile/sanctions/{sanction.pk}/"]
    for path in paths:
        assert signed_in(make_participant()).get(path).status_code == 404
        assert Client().get(path).status_code == 302
    other = own_comment(person, comment.measure, text="Another.")
    passed_on = escalate_comment(other, by=make_moderator(), explanation="For the seniors only.", **seen(other))
    assert signed_in(person).get(f"/en/profile/decisions/{passed_on.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_a_decision_that_does_not_exist_is_no_page(number):
    browser = signed_in(make_participant())
    assert browser.get(f"/en/profile/decisions/{number}/").status_code == 404
    assert browser.get(f"/en/profile/sanctions/{number}/").status_code == 404


def test_a_withdrawn_comment_leaves_nothing_to_appeal_against(case):
    person, comment, decision = case
    withdraw_comment(comment, by=person)
    path = f"/en/profile/decisions/{decision.pk}/"
    assert "There is nothing to appeal against any more." in text_of(signed_in(person).get(path))
    assert signed_in(person).post(path, {"text": ARGUMENT}).status_code == 409


def test_a_removed_part_is_appealed_against_from_ones_own_comment():
    person = make_participant()
    comment = own_comment(person, make_measure())
    decision = decide("redact", comment)
    browser = signed_in(person)
    path = f"/en/profile/decisions/{decision.pk}/"
    assert f'href="{path}"' in browser.get("/en/profile/").content.decode()
    assert comment.latest.text in text_of(browser.get(path))  # what they wrote, whole
    assert browser.post(path, {"text": ARGUMENT}).status_code == 302


def test_a_hidden_comment_leads_to_its_decision_from_the_profile_and_from_the_measure(case):
    person, comment, decision = case
    browser = signed_in(person)
    for path in ("/en/profile/", f"/en/measures/{comment.measure.slug}/"):
        assert f'href="/en/profile/decisions/{decision.pk}/"' in browser.get(path).content.decode()


@pytest.mark.parametrize(("reverse", "said"), [(False, "The decision stands."), (True, "The decision is reversed.")])
def test_the_outcome_stands_on_the_page_and_in_the_profile_with_its_explanation(case, reverse, said):
    person, _comment, decision = case
    rule(appeal(decision, person), reverse=reverse)
    browser = signed_in(person)
    page = text_of(browser.get(f"/en/profile/decisions/{decision.pk}/"))
    assert said in page
    assert page.count("No shop here.") == 2  # of the decision, and of the ruling
    assert said in text_of(browser.get("/en/profile/"))


def test_an_overdue_appeal_says_so(case):
    person, _comment, decision = case
    appeal(decision, person)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert "It is overdue; it is not forgotten." in text_of(signed_in(person).get("/en/profile/"))


def test_the_profile_shows_warnings_and_suspensions_with_their_end():
    person = make_participant()
    warn(person)
    sanction = suspend(person)
    end = timezone.localtime(sanction.until)
    text = text_of(signed_in(person).get("/en/profile/"))
    assert "You have received a warning" in text
    assert f"Until: {end.day} {end:%B} {end.year}, {end:%H:%M}. You can go on rating." in text
    with time_machine.travel(sanction.until + timedelta(minutes=1)):
        assert "· over" in text_of(signed_in(person).get("/en/profile/"))


def test_the_pages_cost_a_bounded_number_of_queries(case, django_assert_num_queries):
    person, comment, decision = case
    for _ in range(5):
        make_comment(comment.measure, by=person)
    browser, path = signed_in(person), f"/en/profile/decisions/{decision.pk}/"
    with django_assert_num_queries(5):
        browser.get(path)
    with django_assert_num_queries(4):
        Client().get(link(decision, person))
