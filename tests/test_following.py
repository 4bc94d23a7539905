"""Following a measure or a programme: the button, the list in the profile, and the way out of the mail."""

import re

import pytest
from django.test import Client

from feedback.mail.links import unsubscribe_address
from feedback.models import Follow, Participant
from tests.builders import make_participant, make_user, signed_in
from tests.programme_builders import make_measure
from tests.test_contributing import text_of

pytestmark = pytest.mark.django_db


def path_of(address: str) -> str:
    return address.removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("what", ["measure", "programme"])
def test_a_measure_and_a_programme_are_followed_and_no_longer_followed_by_their_button(what):
    measure = make_measure()
    page = {
        "measure": f"/en/measures/{measure.slug}/",
        "programme": f"/en/programmes/{measure.principle.programme.slug}/",
    }[what]
    person = make_participant()
    browser = signed_in(person)
    assert 'name="follow"' in browser.get(page).content.decode()
    answer = browser.post(f"{page}follow/", {"follow": "1"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    browser.post(f"{page}follow/", {"follow": "1"})
    followed = measure if what == "measure" else measure.principle.programme
    assert [getattr(row, what) for row in Follow.objects.filter(participant=person)] == [followed]
    assert 'name="unfollow"' in browser.get(page).content.decode()
    browser.post(f"{page}follow/", {"unfollow": "1"})
    assert Follow.objects.count() == 0


def test_a_person_without_any_contribution_may_follow():
    user, measure = make_user(), make_measure()
    browser = Client()
    browser.force_login(user)
    browser.post(f"/en/measures/{measure.slug}/follow/", {"follow": "1"})
    assert Follow.objects.get().participant.user == user


def test_nobody_follows_without_signing_in(client):
    measure = make_measure()
    page = f"/en/measures/{measure.slug}/"
    html = client.get(page).content.decode()
    assert "Sign in to follow this" in html
    assert "<form" not in html
    answer = client.post(f"{page}follow/", {"follow": "1"})
    assert answer["Location"].startswith("/en/accounts/login/?next=")
    assert Follow.objects.count() == 0


def test_a_look_at_the_address_of_the_button_follows_nothing():
    measure = make_measure()
    page = f"/en/measures/{measure.slug}/"
    assert signed_in(make_participant()).get(f"{page}follow/")["Location"] == page
    assert Follow.objects.count() == 0


@pytest.mark.parametrize("path", ["/en/measures/nowhere/follow/", "/en/programmes/nowhere/follow/"])
def test_what_does_not_exist_cannot_be_followed(path):
    assert signed_in(make_participant()).post(path).status_code == 404


def test_the_profile_lists_what_is_followed_and_ends_it():
    measure, person = make_measure(), make_participant()
    browser = signed_in(person)
    programme = measure.principle.programme
    browser.post(f"/en/measures/{measure.slug}/follow/")
    browser.post(f"/en/programmes/{programme.slug}/follow/")
    actions = re.findall(r'action="(/en/[^"]+/follow/)"', browser.get("/en/profile/").content.decode())
    assert actions == [f"/en/measures/{measure.slug}/follow/", f"/en/programmes/{programme.slug}/follow/"]
    answer = browser.post(actions[0], {"unfollow": "1", "back": "profile"})
    assert answer["Location"] == "/en/profile/#following"
    assert [row.programme for row in Follow.objects.all()] == [programme]


def test_the_profile_shows_and_changes_how_often_news_is_mailed():
    person = make_participant()
    browser = signed_in(person)
    assert re.findall(r'value="(\w+)"[^>]* checked', browser.get("/en/profile/").content.decode()) == ["daily"]
    assert browser.post("/en/profile/pace/", {"pace": "weekly"})["Location"] == "/en/profile/#following"
    person.refresh_from_db()
    assert person.pace == "weekly"
    browser.post("/en/profile/pace/", {"pace": "hourly"})
    assert "Please choose how often we may write to you." in text_of(browser.get("/en/profile/"))
    assert Participant.objects.get(pk=person.pk).pace == "weekly"


def unsubscribe_path(person: Participant, language: str = "en") -> str:
    return re.sub("^/../", f"/{language}/", path_of(unsubscribe_address(person)))


def test_one_click_of_a_mail_program_ends_the_mail_without_signing_in_or_a_form_token():
    """RFC 8058: a POST of this one field, without cookies, answered without a redirect."""
    person = make_participant()
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(unsubscribe_path(person), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    person.refresh_from_db()
    assert person.pace == "never"


def test_looking_at_the_page_ends_nothing_and_its_button_does():
    person = make_participant()
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(unsubscribe_path(person))
    assert 'name="List-Unsubscribe" value="One-Click"' in page.content.decode()
    assert (page["X-Robots-Tag"], page.cookies) == ("noindex", {})
    assert "no-store" in page["Cache-Control"]
    person.refresh_from_db()
    assert person.pace == "daily"
    browser.post(unsubscribe_path(person), {"List-Unsubscribe": "One-Click"})
    assert "We send you no more news" in text_of(browser.get(unsubscribe_path(person)))


def test_a_forged_link_and_one_of_somebody_who_left_are_no_page(client):
    person, other = make_participant(), make_participant()
    token = unsubscribe_path(person).split("/")[3]
    forged = f"{other.pk}.{token.partition('.')[2]}"
    for wrong in (forged, "x", token[:-1], f"{token}.x", "%00"):
        assert client.post(f"/en/unsubscribe/{wrong}/").status_code in {400, 404}
    Participant.objects.update(user=None)
    assert client.post(unsubscribe_path(person)).status_code == 404
    assert set(Participant.objects.values_list("pace", flat=True)) == {"daily"}
