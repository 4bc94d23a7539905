"""The profile: what one did, and leaving."""

import pytest
from django.test import Client

from tests.builders import PASSWORD, make_comment, make_participant, rate_as, signed_in
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
    assert browser.get("/en/profile/").status_code == 302
