"""The page of a measure for people who are signed in: what is common to them is kept, and nobody sees another's."""

import re

import pytest
from django.test import Client

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.following import follow
from feedback.actions.notices import tell_answer
from feedback.actions.reactions import vote_on_comment
from feedback.versions import versions
from feedback.views import marks
from feedback.views.kept_parts import KeptParts
from tests.answers import make_answer
from tests.builders import hide, make_comment, make_moderator, make_participant, rate_as, signed_in
from tests.programme_builders import make_measure

TOKEN = re.compile('name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def sharing(settings, monkeypatch):
    settings.SHARED_PAGES = True
    versions.forget()
    monkeypatch.setattr("feedback.views.framed.kept_parts", KeptParts())


def page(browser: Client, measure, query: str = "", language: str = "en") -> str:
    """The page without what differs each time: the tokens of its forms."""
    html = browser.get(f"/{language}/measures/{measure.slug}/{query}").content.decode()
    html = re.sub('name="token" value="[^"]*"', 'name="token" value=""', html)
    return TOKEN.sub('name="csrfmiddlewaretoken" value=""', html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("query", ["", "?sort=agreed", "?sort=sides", "?language=en", "?answered=yes"])
def test_a_kept_page_is_the_page_that_would_be_made_for_its_reader(settings, query, language):
    measure = make_measure()
    people = [make_participant() for _ in range(3)]
    comments = [make_comment(measure, by=person, stance="for") for person in people]
    replies = [make_comment(measure, by=person, parent=comments[0]) for person in people]
    hide(make_comment(measure, by=people[1]))
    vote_on_comment(comments[1], by=people[0], value=1)
    vote_on_comment(replies[2], by=people[1], value=-1)
    follow(people[0], measure)
    rate_as(people[2], measure, 4)
    others = [make_participant(display_name="<b>Asel & Co</b>"), make_participant(display_name="")]
    tell_answer(make_answer(measure))
    browsers = [signed_in(person) for person in [*people, *others]]
    staff = Client()
    staff.force_login(make_moderator())
    browsers.append(staff)
    kept = [[page(browser, measure, query, language) for browser in browsers] for _ in range(3)]
    settings.SHARED_PAGES = False
    made = [page(browser, measure, query, language) for browser in browsers]
    assert kept == [made] * 3
    assert len(set(made)) == len(made)


@pytest.mark.django_db
def test_what_is_kept_holds_nothing_of_who_was_reading(monkeypatch):
    parts = KeptParts()
    monkeypatch.setattr("feedback.views.framed.kept_parts", parts)
    measure = make_measure()
    comment = make_comment(measure)
    secrets, people = [], [make_participant(display_name=f"Reader {name}") for name in ("Aaa", "Bbb")]
    for person in people:
        browser = signed_in(person)
        rate_as(person, measure, 4)
        vote_on_comment(comment, by=person, value=1)
        for _ in range(2):
            html = browser.get(f"/en/measures/{measure.slug}/").content.decode()
            secrets += [*TOKEN.findall(html), *re.findall('name="token" value="([^"]+)"', html)]
        secrets += [person.user.display_name, person.user.email, person.pseudonym, f'data-person="{person.user.pk}"']
        secrets += [cookie.value for cookie in browser.cookies.values()]
    (kept,) = parts._kept.values()
    texts = [*kept.parts.pieces.values(), *(text for frame in kept.parts.frames.values() for text in frame.texts)]
    assert (len(kept.parts.frames), len(texts) > 10, len(secrets) > 20) == (1, True, True)
    assert [secret for secret in secrets for text in texts if secret in text] == []


@pytest.mark.django_db
def test_a_mark_that_somebody_writes_into_a_comment_stays_what_it_is():
    measure = make_measure()
    make_comment(measure, text="token-of-the-reader token- name- hole-")
    browser = signed_in(make_participant())
    for _ in range(2):
        assert "token-of-the-reader token- name- hole-" in page(browser, measure)


@pytest.mark.django_db
def test_forms_carry_the_token_of_their_reader_alone():
    measure = make_measure()
    make_comment(measure)
    for browser in (signed_in(make_participant()), signed_in(make_participant())):
        for _ in range(2):
            html = browser.get(f"/en/measures/{measure.slug}/").content.decode()
            assert [mark for mark in (marks.TOKEN, marks.NAME, marks.FORM, marks.HOLE) if mark in html] == []
            assert str(marks.PERSON) not in html
            tokens = set(TOKEN.findall(html))
            assert (len(TOKEN.findall(html)) > 3, len(tokens)) == (True, 1)
            client = Client(enforce_csrf_checks=True)
            client.cookies = browser.cookies
            action = re.search(r'action="(/en/measures/[^"]+/vote/)"', html)[1]
            sent = client.post(action, {"value": "1", "csrfmiddlewaretoken": tokens.pop()})
            assert sent.status_code == 302


@pytest.mark.django_db
def test_one_s_own_deeds_are_on_the_page_at_once_and_others_votes_too():
    measure, person, other = make_measure(), make_participant(), make_participant()
    browser, reader = signed_in(person), signed_in(other)
    page(browser, measure), page(reader, measure)
    comment = make_comment(measure, by=person, text="A bridge, please.")
    assert "A bridge, please." in page(browser, measure)
    assert "A bridge, please." in page(reader, measure)
    vote_on_comment(comment, by=other, value=1)
    assert 'aria-pressed="true">Agree <span>1</span>' in page(reader, measure)
    edit_comment(comment, by=person, text="Two bridges, please.")
    assert "Two bridges, please." in page(browser, measure)
    rate_as(other, measure, 5)
    assert "It is saved; it joins the results with the next group of ten" in page(reader, measure)
    withdraw_comment(comment, by=person)
    assert "bridges" not in page(browser, measure) + page(reader, measure)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 30])
def test_a_kept_page_costs_the_same_few_queries_at_one_and_at_thirty_rows(django_assert_num_queries, monkeypatch, rows):
    monkeypatch.setattr("feedback.versions.FRESH", 60)
    measure = make_measure()
    for _ in range(rows):
        comment = make_comment(measure)
        make_comment(measure, parent=comment)
    browser = signed_in(make_participant())
    page(browser, measure)
    with django_assert_num_queries(3):
        page(browser, measure)


@pytest.mark.django_db
def test_what_somebody_had_typed_comes_back_to_them_alone():
    measure, person = make_measure(), make_participant()
    reader = signed_in(make_participant())
    browser = Client()
    browser.post(f"/en/measures/{measure.slug}/comments/", {"text": "Typed before signing in.", "edition": "1"})
    draft = browser.session["draft"]
    browser.force_login(person.user)
    session = browser.session
    session["draft"] = draft
    session.save()
    assert "Typed before signing in." in page(browser, measure)
    assert "Typed before signing in." not in page(browser, measure) + page(reader, measure)
