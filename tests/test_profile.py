"""The profile: what one did, and leaving."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feedback.ledger.sequencer import sequence
from principles.models import Programme
from tests.builders import PASSWORD, make_comment, make_participant, rate_as, rate_by_many, signed_in
from tests.programme_builders import make_measure
from tests.test_contributing import text_of


@pytest.mark.django_db
def test_the_profile_lists_my_ratings_and_comments_with_their_state():
    measure = make_measure()
    person = make_participant()
    rate_as(person, measure, 5)
    make_comment(measure, by=person, text="Mine.")
    text = text_of(signed_in(person).get("/en/profile/"))
    assert ("support 5 (en)" in text, "with the next group of ten" in text, "Mine." in text) == (True, True, True)


@pytest.mark.django_db
def test_once_the_consultation_is_over_ratings_of_a_group_too_small_are_said_to_be_left_out():
    measure = make_measure()
    few, changer = make_participant(), make_participant()
    rate_as(changer, measure, 4)
    rate_by_many(measure, [5] * 9)
    sequence()
    rate_as(changer, measure, 1)
    rate_as(few, measure, 2)
    page = f"/en{measure.get_absolute_url()[3:]}"
    waits = "it joins the results with the next group of ten"
    assert [waits in text_of(signed_in(each).get(page)) for each in (few, changer)] == [True, True]
    Programme.objects.update(closes_at=timezone.now() - timedelta(minutes=2))
    sequence()
    shown = text_of(signed_in(few).get(page))
    assert "the answer of 1 of them is not shown, because its last group stayed smaller than ten." in shown
    assert "It is not shown in the results: its last group stayed smaller than ten." in shown
    assert "What you had answered before is counted." in text_of(signed_in(changer).get(page))
    assert [waits in text_of(signed_in(each).get(page)) for each in (few, changer)] == [False, False]
    profiles = [text_of(signed_in(each).get("/en/profile/")) for each in (few, changer)]
    assert "no: its last group stayed smaller than ten" in profiles[0]
    assert "as it was before the last change" in profiles[1]
    results = text_of(Client().get(f"{page}results/"))
    assert results.count("because its last group stayed smaller than ten") == 1
    whole = text_of(Client().get("/en/results/"))
    assert "1 rating is not shown, because its last group stayed smaller than ten." in whole


@pytest.mark.django_db
def test_where_no_group_came_together_before_the_end_that_is_said():
    measure = make_measure()
    rate_by_many(measure, [5] * 3)
    Programme.objects.update(closes_at=timezone.now() - timedelta(minutes=2))
    sequence()
    shown = text_of(Client().get(f"/en{measure.get_absolute_url()[3:]}"))
    assert "3 participants have rated. No group of ten came together before the end" in shown


@pytest.mark.django_db
def test_pages_that_need_an_account_lead_to_sign_in(client):
    comment = make_comment(make_measure())
    for path in ("/en/profile/", "/en/profile/delete/", f"/en{comment.get_absolute_url()[3:]}edit/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].startswith("/en/accounts/login/")) == (302, True)


@pytest.mark.django_db
def test_deleting_my_account_asks_what_becomes_of_my_comments_and_does_it():
    person = make_participant()
    measure = make_measure()
    comment = make_comment(measure, by=person, text="Erase me.")
    browser = Client()
    browser.post("/en/accounts/login/", {"login": person.user.email, "password": PASSWORD})
    asked = browser.get("/en/profile/delete/")
    assert asked["Location"].startswith("/en/accounts/reauthenticate/")
    browser.post(asked["Location"], {"password": PASSWORD})
    assert browser.post("/en/profile/delete/", {"comments": "erase"}).status_code == 422
    answer = browser.post("/en/profile/delete/", {"comments": "erase", "sure": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/en/")
    person.refresh_from_db()
    comment.refresh_from_db()
    assert (person.user, comment.state) == (None, "erased")
    shown = text_of(Client().get(f"/en{measure.get_absolute_url()[3:]}"))
    assert ("Erase me." in shown, "Erased at its author's wish." in shown.replace("&#x27;", "'")) == (False, True)
    assert browser.get("/en/profile/").status_code == 302
