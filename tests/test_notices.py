"""Who is told of what, and what the profile shows of it."""

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from feedback.actions import notices
from feedback.actions.departure import delete_account
from feedback.actions.due import do_due_work
from feedback.actions.following import follow
from feedback.actions.moderation import undo_decision
from feedback.actions.notices import mark_read, tell_answer
from feedback.actions.rating import withdraw_rating
from feedback.ledger.sequencer import sequence
from feedback.models import Notice, Rule, SequencedEdition
from tests.builders import make_comment, make_moderator, make_participant, make_rule, rate_as, signed_in
from tests.notices import (
    UNDO_IS_OVER,
    decide,
    kinds_told,
    make_answer,
    make_closing,
    own_comment,
    suspend,
    warn,
)
from tests.programme_builders import make_measure, make_programme
from tests.test_contributing import text_of
from tests.test_languages import foreign_texts
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db
TITLE = {"kk": "Мектептер салынады", "ru": "Построят школы", "en": "Schools are built"}


def headlines(browser: Client, path: str = "/en/profile/") -> list[str]:
    """The headlines of the notices that a page shows, the first first; new ones with a star."""
    html = browser.get(path).content.decode()
    found = re.findall(r'<article class="told( is-new)?">\s*<h[23] class="small">.*?<a href="[^"]+">([^<]+)</a>', html)
    return [f"{'*' if new else ''}{headline}" for new, headline in found]


def later(after=UNDO_IS_OVER):
    return time_machine.travel(timezone.now() + after)


def test_the_author_of_a_comment_is_told_of_a_reply_and_nobody_of_their_own():
    author = make_participant()
    comment = own_comment(author, make_measure())
    make_comment(comment.measure, by=author, parent=comment, text="And one thing more.")
    assert kinds_told(author) == []
    make_comment(comment.measure, parent=comment)
    assert kinds_told(author) == ["reply"]


def test_in_a_programme_that_moderates_first_a_reply_is_told_when_it_is_published():
    author = make_participant()
    programme = make_programme(moderation="before")
    comment = own_comment(author, programme.principles.get().measures.first())
    decide("publish", comment)
    comment.refresh_from_db()
    reply = make_comment(comment.measure, parent=comment)
    assert kinds_told(author) == ["decision"]
    decide("publish", reply)
    assert kinds_told(author) == ["decision", "reply"]


def test_a_reply_that_was_hidden_and_comes_back_is_told_once():
    author, moderator = make_participant(), make_moderator()
    comment = own_comment(author, make_measure())
    reply = make_comment(comment.measure, parent=comment)
    decision = decide("hide", reply, by=moderator)
    assert headlines(signed_in(author)) == []
    undo_decision(reply, by=moderator, after=decision.pk)
    assert kinds_told(author) == ["reply"]
    assert headlines(signed_in(author)) == ["*Somebody has replied to your comment"]


def test_nobody_is_told_for_a_former_participant():
    author = make_participant()
    comment = own_comment(author, make_measure())
    delete_account(author.user, erase_comments=False)
    make_comment(comment.measure, parent=comment)
    decide("hide", comment)
    assert Notice.objects.filter(participant=author).count() == 0


def test_an_answer_is_told_once_to_the_authors_that_it_answers_and_to_who_follows():
    measure = make_measure()
    author, follower, of_all, other = (make_participant() for _ in range(4))
    first = own_comment(author, measure)
    second = own_comment(author, measure, text="And another.")
    follow(author, measure)
    follow(follower, measure)
    follow(of_all, measure.principle.programme)
    follow(other, make_measure())
    answer = make_answer(measure, first, second)
    tell_answer(answer)
    told = {person: kinds_told(person) for person in (author, follower, of_all, other)}
    assert told == {author: ["answered"], follower: ["answer"], of_all: ["answer"], other: []}
    assert Notice.objects.get(participant=author).comment == first


def test_a_closing_statement_is_told_once_to_who_follows_the_programme_or_a_measure_of_it():
    measure = make_measure()
    of_one, of_all, other = (make_participant() for _ in range(3))
    follow(of_one, measure)
    follow(of_all, measure)
    follow(of_all, measure.principle.programme)
    make_closing(measure.principle.programme)
    assert {person: kinds_told(person) for person in (of_one, of_all, other)} == {
        of_one: ["closing"],
        of_all: ["closing"],
        other: [],
    }


def test_a_substantive_edition_is_told_to_who_follows_and_to_who_rated_an_earlier_one():
    measure = make_measure()
    follower, rater, took_back, other, rated_another = (make_participant() for _ in range(5))
    follow(follower, measure)
    rate_as(rater, measure, 4)
    rate_as(took_back, measure, 4)
    withdraw_rating(took_back, measure=measure.slug, question="support", edition=1)
    rate_as(rated_another, make_measure(measure.principle.programme), 4)
    sequence()
    do_due_work()
    assert kinds_told(follower) == []  # a first edition is no news
    revise(measure, "New words.")
    sequence()
    for _ in range(3):
        do_due_work()
    told = {person: kinds_told(person) for person in (follower, rater, took_back, other, rated_another)}
    assert told == {follower: ["edition"], rater: ["edition"], took_back: [], other: [], rated_another: []}
    assert SequencedEdition.objects.filter(told=False).count() == 0


def test_a_correction_is_told_nobody():
    measure, follower = make_measure(), make_participant()
    follow(follower, measure)
    revise(measure, "Mended.", substantive=False)
    sequence()
    do_due_work()
    assert kinds_told(follower) == []
    assert SequencedEdition.objects.filter(told=False).count() == 0


def test_an_edition_is_told_to_many_in_passes(monkeypatch):
    monkeypatch.setattr(notices, "PEOPLE_PER_PASS", 2)
    measure = make_measure()
    for _ in range(3):
        follow(make_participant(), measure)
    revise(measure, "New words.")
    sequence()
    told = []
    for _ in range(3):
        more = do_due_work()
        told.append((Notice.objects.filter(kind="edition").count(), more))
    assert told == [(2, True), (3, True), (3, False)]


def test_the_profile_shows_the_newest_first_with_rule_explanation_and_deadline():
    person = make_participant()
    comment = own_comment(person, make_measure())
    warn(person)
    decide("hide", comment)
    with later():
        browser = signed_in(person)
        assert headlines(browser) == ["*Your comment has been hidden", "*You have received a warning"]
        text = text_of(browser.get("/en/profile/"))
    assert "Rule: spam in en" in text
    assert "No shop here." in text
    assert "Deadline for your appeal: " in text


def test_a_decision_stands_in_the_profile_when_it_can_no_longer_be_undone():
    person = make_participant()
    decide("hide", own_comment(person, make_measure()))
    assert headlines(signed_in(person)) == []


def test_notices_are_new_until_they_are_marked_as_read_and_later_ones_stay_new():
    person, measure = make_participant(), make_measure()
    browser = signed_in(person)
    warn(person)
    page = browser.get("/en/profile/").content.decode()
    seen = re.search(r'name="until" value="(\d+)"', page)[1]
    suspend(person)
    answer = browser.post("/en/profile/notices/read/", {"until": seen})
    assert answer["Location"] == "/en/profile/#notices"
    assert headlines(browser) == ["*You cannot write on the portal for a time", "You have received a warning"]
    comment = own_comment(make_participant(), measure)
    assert mark_read(comment.author, until=10**6) == 0


def test_the_header_of_every_page_says_how_many_notices_are_new(django_assert_num_queries):
    person = make_participant()
    browser = signed_in(person)
    warn(make_participant())
    assert "New: " not in text_of(browser.get("/en/privacy/"))
    for number in (1, 2):
        suspension = suspend(person)
        assert f"New: {number}" in text_of(browser.get("/en/privacy/"))
    Notice.objects.bulk_create(Notice(participant=person, kind="sanction") for _ in range(200))
    with django_assert_num_queries(3):
        assert "New: 99+" in text_of(browser.get("/en/privacy/"))
    mark_read(person, until=suspension.pk + 10**6)
    assert "New: " not in text_of(browser.get("/en/privacy/"))


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30, "١"])
def test_a_form_with_a_forged_key_marks_nothing_and_is_no_fault(until):
    person = make_participant()
    warn(person)
    browser = signed_in(person)
    assert browser.post("/en/profile/notices/read/", {"until": until}).status_code == 302
    assert browser.get("/en/profile/notices/", {"before": until}).status_code == 200
    assert headlines(browser) == ["*You have received a warning"]


def test_reading_the_profile_marks_nothing():
    person = make_participant()
    warn(person)
    browser = signed_in(person)
    assert headlines(browser) == headlines(browser) == ["*You have received a warning"]
    browser.get("/en/profile/notices/read/")
    assert headlines(browser) == ["*You have received a warning"]


def test_the_profile_shows_a_few_and_a_page_of_their_own_shows_all_in_parts():
    person = make_participant()
    for _ in range(33):
        warn(person)
    browser = signed_in(person)
    assert len(headlines(browser)) == 5
    first = browser.get("/en/profile/notices/").content.decode()
    assert len(headlines(browser, "/en/profile/notices/")) == 30
    before = re.search(r'href="\?before=(\d+)"', first)[1]
    assert len(headlines(browser, f"/en/profile/notices/?before={before}")) == 3


def test_notices_are_seen_by_whom_they_are_for_alone():
    person, other = make_participant(), make_participant()
    warn(person)
    assert headlines(signed_in(other)) == []
    assert Client().get("/en/profile/notices/").status_code == 302
    signed_in(other).post("/en/profile/notices/read/", {"until": "1000000"})
    assert headlines(signed_in(person)) == ["*You have received a warning"]


def fill_with_everything(person, measure):
    """One notice of each kind, a follow, a warning and an appeal."""
    from_others = own_comment(person, measure)
    make_comment(measure, parent=from_others)
    rule = Rule.objects.in_force().first() or make_rule()
    decide("hide", own_comment(person, measure), rule=rule)
    warn(person, rule=rule)
    extra = make_measure(measure.principle.programme, title=TITLE)
    follow(person, extra)
    make_answer(extra)
    make_answer(measure, from_others)


def test_the_page_of_notices_and_the_profile_cost_the_same_at_few_and_at_many_rows(django_assert_num_queries):
    person, measure = make_participant(), make_measure()
    browser = signed_in(person)
    for times in (1, 4):
        for _ in range(times):
            fill_with_everything(person, measure)
        with later():
            with django_assert_num_queries(5):
                browser.get("/en/profile/notices/")
            with django_assert_num_queries(10):
                browser.get("/en/profile/")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_profile_with_every_kind_of_notice_is_in_one_language(language, settings):
    settings.SITE_NAME = ""
    call_command("load_rules", stdout=StringIO())
    person = make_participant(display_name="Person", language=language)
    measure = make_measure(make_programme(measures=0, title_kk="Бағдарлама", title_ru="Программа"), title=TITLE)
    revised = make_measure(measure.principle.programme, title=TITLE)
    follow(person, revised)
    fill_with_everything(person, measure)
    with later(timedelta(minutes=2)):
        html = signed_in(person).get(f"/{language}/profile/notices/").content.decode()
    assert foreign_texts(html, language) == []
