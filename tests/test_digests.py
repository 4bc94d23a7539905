"""News of what people follow, at the pace of each."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils.timezone import make_aware
from django_tasks_db.models import DBTaskResult

from feedback.actions.due import do_due_work
from feedback.actions.following import follow, set_pace
from feedback.actions.mailing import digest_moment
from feedback.actions.reactions import report_comment
from feedback.ledger.sequencer import sequence
from feedback.models import Notice, Participant
from tests.builders import make_comment, make_participant, make_rule
from tests.notices import MONDAY, at, decide, make_answer, make_closing, moderator, own_comment
from tests.programme_builders import make_measure, make_programme
from tests.test_accounts_mail import rows_that_name
from tests.test_mail_wording import own_lines
from tests.test_notices_mail import LANGUAGES, TITLE, is_foreign
from tests.test_races import at_once
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def monday():
    """It is Monday, 07:00 in the portal's time zone."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def follower(measure, pace: str, **fields) -> Participant:
    person = make_participant(**fields)
    set_pace(person, pace)
    follow(person, measure)
    return person


def letters_to(person) -> list[str]:
    return [message.subject for message in mail.outbox if message.to == [person.user.email]]


@pytest.mark.parametrize(
    ("pace", "now", "moment"),
    [
        ("daily", "2026-11-23 08:00", "2026-11-23 08:00"),
        ("daily", "2026-11-23 07:59", "2026-11-22 08:00"),
        ("weekly", "2026-11-23 08:00", "2026-11-23 08:00"),
        ("weekly", "2026-11-23 07:59", "2026-11-16 08:00"),
        ("weekly", "2026-11-29 23:59", "2026-11-23 08:00"),
    ],
)
def test_digests_are_due_at_eight_in_the_morning_each_day_or_each_monday(pace, now, moment):
    found = digest_moment(pace, make_aware(datetime.fromisoformat(now)))
    assert found == make_aware(datetime.fromisoformat(moment))


def test_news_comes_at_each_ones_pace(monday):
    measure = make_measure()
    people = {pace: follower(measure, pace) for pace in ("at_once", "daily", "weekly", "never")}

    def received():
        return {pace: len(letters_to(person)) for pace, person in people.items()}

    make_answer(measure)
    do_due_work(at(0))
    assert received() == {"at_once": 1, "daily": 0, "weekly": 0, "never": 0}
    do_due_work(at(1))
    do_due_work(at(2))
    assert received() == {"at_once": 1, "daily": 1, "weekly": 1, "never": 0}
    monday.move_to(at(3))
    make_answer(measure)
    do_due_work(at(3))
    assert received() == {"at_once": 2, "daily": 1, "weekly": 1, "never": 0}
    do_due_work(at(25))
    assert received() == {"at_once": 2, "daily": 2, "weekly": 1, "never": 0}
    do_due_work(at(24 * 7))
    assert received() == {"at_once": 2, "daily": 2, "weekly": 1, "never": 0}
    do_due_work(at(24 * 7 + 1))
    assert received() == {"at_once": 2, "daily": 2, "weekly": 2, "never": 0}


def test_several_pieces_of_news_are_one_letter(monday):
    measure = make_measure()
    person = follower(measure, "daily", language="ru")
    for _ in range(2):
        make_answer(measure)
    do_due_work(at(1))
    assert letters_to(person) == ["2 новости о том, за чем вы следите · Test portal"]


def test_news_leads_to_what_it_is_about(monday, client):
    measure = make_measure()
    person = follower(measure, "at_once")
    comment = own_comment(person, measure)
    make_comment(measure, parent=comment)
    make_answer(measure)
    make_closing(measure.principle.programme)
    revise(measure, "New words.")
    sequence()
    do_due_work(at(0))
    [message] = [message for message in mail.outbox if message.to == [person.user.email]]
    links = re.findall(r"http://127\.0\.0\.1:8000(/en/\S+)", message.body)
    assert len(set(links)) >= 6
    assert {client.get(link, follow=True).status_code for link in links} == {200}


def test_many_pieces_of_news_are_one_letter_that_says_how_many_more_there_are(monday):
    measure = make_measure()
    person = follower(measure, "daily")
    for _ in range(45):
        make_answer(measure)
    do_due_work(at(1))
    [message] = [message for message in mail.outbox if message.to == [person.user.email]]
    assert message.subject == "45 pieces of news on what you follow · Test portal"
    assert "5 more are in your profile:" in message.body


def test_where_there_is_no_news_there_is_no_letter(monday):
    follower(make_measure(), "daily")
    for hours in (0, 1, 25, 24 * 7 + 1):
        do_due_work(at(hours))
    assert mail.outbox == []


def test_a_digest_that_was_due_while_nothing_ran_comes_late(monday):
    measure = make_measure()
    person = follower(measure, "daily")
    make_answer(measure)
    do_due_work(at(20))
    assert len(letters_to(person)) == 1


def test_news_that_is_written_just_while_the_digest_goes_out_waits_for_the_next_one(monday):
    measure = make_measure()
    person = follower(measure, "daily")
    make_answer(measure)
    do_due_work(at(1))
    make_answer(measure)  # dated before the digest, as by a transaction that ended after it
    do_due_work(at(1.1))
    assert len(letters_to(person)) == 1
    do_due_work(at(25))
    assert len(letters_to(person)) == 2


def test_news_that_came_while_none_was_wanted_is_not_mailed_after_a_change_of_mind(monday):
    measure = make_measure()
    person = follower(measure, "never")
    make_answer(measure)
    do_due_work(at(0))
    set_pace(person, "at_once")
    do_due_work(at(1))
    assert letters_to(person) == []
    assert Notice.objects.of(person).count() == 1


def test_a_reply_that_is_hidden_before_it_is_mailed_is_not_mailed(monday):
    author = make_participant()
    comment = own_comment(author, make_measure())
    kept = make_comment(comment.measure, parent=comment, text="A good point.")
    decide("hide", make_comment(comment.measure, parent=comment, text="Something rude."))
    do_due_work(at(1))
    [message] = [message for message in mail.outbox if message.to == [author.user.email]]
    assert kept.shown.text in message.body
    assert "Something rude." not in message.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_carries_the_headers_that_end_it_with_one_click_and_a_link_that_does(monday, settings, client, language):
    settings.SITE_URL = "https://portal.example.kz"
    measure = make_measure()
    person = follower(measure, "at_once", language=language)
    make_answer(measure)
    do_due_work(at(0))
    [message] = mail.outbox
    address = message.extra_headers["List-Unsubscribe"]
    assert address.startswith(f"<https://portal.example.kz/{language}/unsubscribe/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.strip("<>") in message.body.splitlines()
    client.post(address.strip("<>").removeprefix("https://portal.example.kz"), {"List-Unsubscribe": "One-Click"})
    person.refresh_from_db()
    assert person.pace == "never"


def test_a_letter_about_ones_own_words_offers_no_unsubscribing(monday):
    decide("hide", own_comment(make_participant(), make_measure()))
    do_due_work(at(1))
    assert mail.outbox[0].extra_headers == {}


def test_a_digest_is_whole_in_each_language_and_holds_no_text_of_another(monday):
    lines = {}
    for number, language in enumerate(LANGUAGES):
        title = {"title_kk": "Бағдарлама", "title_ru": "Программа", "title_en": "Programme"}
        measure = make_measure(make_programme(f"programme-{number}", measures=0, **title), title=TITLE)
        person = follower(measure, "at_once", language=language, display_name="Айгүл")
        replier = make_participant(display_name={"kk": "Айгүл", "ru": "Ольга", "en": "Olga"}[language])
        texts = {"kk": "Дұрыс айтасыз, мен де солай ойлаймын.", "ru": "Я тоже так думаю.", "en": "I think so too."}
        comment = own_comment(person, measure)
        make_comment(measure, by=replier, parent=comment, text=texts[language], language=language)
        make_answer(measure)
        make_closing(measure.principle.programme)
        sequence()
        do_due_work(at(0))
        mail.outbox.clear()
        Notice.objects.update(mailed_at=None)
        revise(measure, TITLE[language])
        sequence()
        do_due_work(at(0))
        [message] = [message for message in mail.outbox if message.to == [person.user.email]]
        lines[language] = own_lines(message.subject, message.body)
    assert {language: len(found) for language, found in lines.items()} == dict.fromkeys(LANGUAGES, len(lines["en"]))
    assert [(each, line) for each in LANGUAGES for line in lines[each] if is_foreign(line, each)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_two_processes_tell_everything_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    measure = make_measure()
    with time_machine.travel(MONDAY - timedelta(hours=1), tick=False):
        authors = [make_participant() for _ in range(10)]
        for author in authors:
            decide("hide", own_comment(author, measure))
        followers = [follower(measure, pace) for pace in ("at_once", "daily") * 5]
        make_answer(measure)
        moderators = [moderator() for _ in range(3)]
        report_comment(make_comment(measure), by=make_participant(), rule=make_rule())
    at_once([lambda: do_due_work(at(1)) for _ in range(4)])
    do_due_work(at(1))
    people = [person.user for person in (*authors, *followers)] + moderators
    assert {user.email: len(rows_that_name(user.email)) for user in people} == {user.email: 1 for user in people}
    assert DBTaskResult.objects.exclude(status="READY").count() == 0
