"""What a person typed comes back: after a refusal, an ended session, a stale form, a consultation that closed."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from feedback.models import Comment, Rating
from principles.models import Programme
from tests.builders import (
    PASSWORD,
    make_comment,
    make_participant,
    signed_in,
)
from tests.programme_builders import make_measure
from tests.test_contributing import page_of, text_of


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The text is empty. Please write your comment."),
        (" \u200b\x00 ", "The text is empty. Please write your comment."),
        ("!!!", "There is nothing to read in this text."),
        ("y" * 5003, "The text is 3 characters too long (at most 5,000)."),
    ],
)
def test_a_refused_comment_says_why_and_comes_back_with_its_text(text, reason):
    measure = make_measure()
    answer = signed_in(make_participant()).post(
        page_of(measure, "comments/"), {"text": text, "edition": "1", "stance": "for", "language": "kk"}
    )
    assert (answer.status_code, Comment.objects.count()) == (422, 0)
    assert reason.replace("5,000", "5000") in text_of(answer).replace("5,000", "5000")
    html = answer.content.decode()
    assert text.strip(" \u200b\x00") in html
    assert re.search(r'<input[^>]*value="for"[^>]*checked', html)
    assert re.search(r'<option value="kk" selected', html)


@pytest.mark.django_db
def test_a_stale_form_token_is_a_403_that_shows_the_text_again_and_can_be_sent_from_there():
    measure = make_measure()
    person = make_participant()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person.user)
    answer = browser.post(
        page_of(measure, "comments/"),
        {"text": "Long and <b>thought</b> over.", "edition": "1", "csrfmiddlewaretoken": "old"},
        headers={"origin": "http://testserver"},
    )
    assert (answer.status_code, Comment.objects.count()) == (403, 0)
    html = answer.content.decode()
    assert "Long and &lt;b&gt;thought&lt;/b&gt; over." in html
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    fields["text"] = "Long and thought over."
    again = browser.post(page_of(measure, "comments/"), fields, headers={"origin": "http://testserver"})
    assert (again.status_code, Comment.objects.get().shown.text) == (302, "Long and thought over.")


@pytest.mark.django_db
def test_a_form_sent_from_elsewhere_is_refused_without_a_button_to_send_it():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_participant().user)
    answer = browser.post(
        page_of(make_measure(), "comments/"), {"text": "Planted."}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "<button" not in answer.content.decode()


@pytest.mark.django_db
def test_what_was_typed_while_the_session_had_ended_is_there_after_sign_in():
    measure = make_measure()
    person = make_participant()
    browser = signed_in(person)
    Session.objects.all().delete()
    answer = browser.post(
        page_of(measure, "comments/", "kk"), {"text": "Written for an hour.", "edition": "1", "stance": "for"}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/kk/accounts/login/?next=")
    answer = browser.post(answer["Location"], {"login": person.user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, page_of(measure, language="kk"))
    html = browser.get(answer["Location"]).content.decode()
    assert "Written for an hour." in html
    assert re.search(r'<input[^>]*value="for"[^>]*checked', html)
    assert Comment.objects.count() == 0


@pytest.mark.django_db
def test_a_rating_sent_while_the_session_had_ended_is_chosen_after_sign_in():
    measure = make_measure()
    person = make_participant()
    browser = Client()
    answer = browser.post(page_of(measure, "ratings/support/"), {"value": "4", "edition": "1"})
    browser.post(answer["Location"], {"login": person.user.email, "password": PASSWORD})
    html = browser.get(page_of(measure)).content.decode()
    assert re.findall(r'name="value" value="(\d)" checked', html) == ["4"]


@pytest.mark.django_db
def test_a_rating_that_is_none_sent_while_the_session_had_ended_spoils_no_page():
    measure = make_measure()
    person = make_participant()
    browser = Client()
    answer = browser.post(page_of(measure, "ratings/support/"), {"value": "9" * 5000, "edition": "1"})
    browser.post(answer["Location"], {"login": person.user.email, "password": PASSWORD})
    assert browser.get(page_of(measure)).status_code == 200


@pytest.mark.django_db
def test_a_reply_typed_while_the_session_had_ended_comes_back_as_a_reply():
    measure = make_measure()
    comment = make_comment(measure)
    person = make_participant()
    page = page_of(measure, f"comments/{comment.pk}/")
    browser = Client()
    answer = browser.post(f"{page}reply/", {"text": "A long reply.", "edition": "1"})
    answer = browser.post(answer["Location"], {"login": person.user.email, "password": PASSWORD})
    assert answer["Location"] == page
    assert "A long reply." in browser.get(page).content.decode()


@pytest.mark.django_db
def test_what_was_typed_for_a_consultation_that_closed_before_sign_in_is_shown_for_copying():
    measure = make_measure()
    person = make_participant()
    browser = Client()
    answer = browser.post(page_of(measure, "comments/"), {"text": "Too late.", "edition": "1"})
    Programme.objects.update(closes_at=timezone.now())
    browser.post(answer["Location"], {"login": person.user.email, "password": PASSWORD})
    html = browser.get(page_of(measure)).content.decode()
    assert re.search(r"<textarea[^>]*readonly[^>]*>Too late.</textarea>", html)


@pytest.mark.django_db
@pytest.mark.parametrize("edition", [None, "", "x", "1.5", "9" * 400])
def test_a_form_without_its_edition_says_so_and_can_be_sent_again(edition):
    measure = make_measure()
    browser = signed_in(make_participant())
    fields = {"text": "Kept."} | ({} if edition is None else {"edition": edition})
    answer = browser.post(page_of(measure, "comments/"), fields)
    assert answer.status_code in {409, 422}
    hidden = dict(re.findall(r'<input type="hidden" name="(edition|token)" value="([^"]*)"', answer.content.decode()))
    assert (hidden["edition"], len(hidden["token"])) == ("1", 36)
    assert browser.post(page_of(measure, "comments/"), fields | hidden).status_code == 302
    if answer.status_code == 422:
        assert "The form was incomplete." in text_of(answer)


@pytest.mark.django_db
def test_pages_of_a_closed_consultation_offer_nothing_that_it_would_refuse():
    measure = make_measure()
    person = make_participant()
    comment = make_comment(measure, by=person, text="Mine.")
    Programme.objects.update(closes_at=timezone.now())
    browser = signed_in(person)
    page = page_of(measure, f"comments/{comment.pk}/")
    assert "takes no contributions now" in text_of(browser.get(f"{page}edit/"))
    assert "takes no contributions now" in text_of(signed_in(make_participant()).get(f"{page}report/"))
    assert f"{page}edit/" not in browser.get("/en/profile/").content.decode()
    answer = browser.post(f"{page}edit/", {"text": "Changed too late.", "edition": "1"})
    assert (answer.status_code, "Changed too late." in answer.content.decode()) == (403, True)


@pytest.mark.django_db
def test_outside_its_times_a_consultation_is_readable_refuses_writes_and_gives_the_text_back():
    measure = make_measure()
    make_comment(measure, text="Said in time.")
    browser = signed_in(make_participant())
    Programme.objects.update(closes_at=timezone.now())
    page = browser.get(page_of(measure))
    assert "Said in time." in text_of(page)
    assert "This consultation closed on" in text_of(page)
    # What is left is the button that follows what comes after.
    assert [form for form in page.content.decode().split("<form")[1:] if 'class="follow"' not in form[:20]] == []
    answer = browser.post(page_of(measure, "comments/"), {"text": "Said too late.", "edition": "1"})
    assert (answer.status_code, Comment.objects.count()) == (403, 1)
    assert "Said too late." in answer.content.decode()
    answer = browser.post(page_of(measure, "ratings/support/"), {"value": "4", "edition": "1"})
    assert (answer.status_code, Rating.objects.count()) == (403, 0)
