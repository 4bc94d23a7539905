"""Letters about one's own words: whole in each language, sent once, and not lost."""

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from feedback.actions import due
from feedback.actions.comments import withdraw_comment
from feedback.actions.due import do_due_work
from feedback.actions.mailing import PER_PASS
from feedback.actions.moderation import undo_decision
from feedback.actions.sanctions import lift_suspension
from feedback.models import Notice, Participant, Rule
from feedback.text import detect_language
from tests.builders import make_comment, make_moderator, make_participant
from tests.notices import (
    TEXT,
    WRITTEN,
    appeal,
    decide,
    mail_due,
    make_answer,
    own_comment,
    rule,
    suspend,
    warn,
)
from tests.programme_builders import make_measure
from tests.test_mail_wording import own_lines

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")
TITLE = {"kk": "Мектептер салынады", "ru": "Построят школы", "en": "Schools are built"}
MEASURE_LINE = {
    "kk": "Шара: 1.1 Мектептер салынады",
    "ru": "Мера: 1.1 Построят школы",
    "en": "Measure: 1.1 Schools are built",
}
NOW = timezone.make_aware(timezone.datetime(2026, 11, 23, 14, 5))
# How a letter is made, and what it is called in each language.
OWN = {
    "hide": ["Пікіріңіз жасырылды", "Ваш комментарий скрыт", "Your comment has been hidden"],
    "redact": [
        "Пікіріңіздің бір бөлігі алып тасталды",
        "Часть вашего комментария удалена",
        "A part of your comment has been removed",
    ],
    "demand": [
        "Пікіріңіз мемлекеттік органның талабымен жасырылды",
        "Ваш комментарий скрыт по требованию органа власти",
        "Your comment has been hidden at an authority's demand",
    ],
    "ask": ["Пікіріңізді түзетуіңізді сұраймыз", "Просим исправить ваш комментарий", "Please edit your comment"],
    "publish": ["Пікіріңіз жарияланды", "Ваш комментарий опубликован", "Your comment has been published"],
    "warning": ["Сізге ескерту жасалды", "Вы получили предупреждение", "You have received a warning"],
    "suspension": [
        "Порталда жазу мүмкіндігіңіз уақытша шектелді",
        "Вам временно нельзя писать на портале",
        "You cannot write on the portal for a time",
    ],
    "lifted": [
        "Шектеу алып тасталды: енді қайта жаза аласыз",
        "Ограничение снято: вы снова можете писать",
        "Your suspension has ended: you can write again",
    ],
    "upheld": [
        "Апелляцияңыз бойынша шешім күшінде қалды",
        "Ваша апелляция: решение оставлено в силе",
        "Your appeal: the decision stands",
    ],
    "reversed": [
        "Апелляцияңыз бойынша шешімнің күші жойылды",
        "Ваша апелляция: решение отменено",
        "Your appeal: the decision is reversed",
    ],
    "answered": [
        "Пікіріңізге ресми жауап берілді",
        "На ваш комментарий дан официальный ответ",
        "Your comment has an official answer",
    ],
}


@pytest.fixture(autouse=True)
def names(settings):
    settings.SITE_URL, settings.OPERATOR_NAME = "https://portal.example.kz", "Test operator"


def bring_about(what: str, person: Participant):
    """Let happen what the letter `what` tells `person`; nothing else of it is mailed."""
    call_command("load_rules", stdout=StringIO())
    measure = make_measure(title=TITLE)
    if what in {"warning", "suspension"}:
        return (warn if what == "warning" else suspend)(person, rule=Rule.objects.in_force().first())
    if what == "lifted":
        suspension = suspend(person, rule=Rule.objects.in_force().first())
        Notice.objects.all().delete()
        return lift_suspension(suspension, by=make_moderator())
    if what == "publish":
        measure.principle.programme.moderation = "before"
        measure.principle.programme.save()
    comment = own_comment(person, measure)
    if what == "answered":
        return make_answer(measure, comment)
    if what in {"upheld", "reversed"}:
        decision = decide("hide", comment, rule=Rule.objects.in_force().first())
        Notice.objects.all().delete()
        return rule(appeal(decision, person), reverse=what == "reversed")
    fields = {"rule": Rule.objects.in_force().first()} if what in {"hide", "redact"} else {}
    return decide(what, comment, **fields)


def letter(what: str, language: str):
    """The letter `what` to a participant whose language is `language`, as it went out."""
    person = make_participant(language=language, display_name="Айгүл")
    with time_machine.travel(NOW, tick=False):
        bring_about(what, person)
        mail.outbox.clear()
        mail_due()
    [message] = mail.outbox
    assert message.to == [person.user.email]
    return message


def is_foreign(line: str, language: str) -> bool:
    letters = re.findall(r"[^\W\d_]", line)
    other_script = "[а-яёәғқңөұүһі]" if language == "en" else "[a-z]"
    return bool(re.search(other_script, line, re.IGNORECASE)) or (
        len(letters) >= 25 and detect_language(line) != language
    )


@pytest.mark.parametrize("what", OWN)
def test_a_letter_is_whole_in_each_language_and_holds_no_text_of_another(what):
    lines = {}
    for place, language in enumerate(LANGUAGES):
        message = letter(what, language)
        assert message.subject == f"{OWN[what][place]} · Test portal"
        body = message.body.replace("Prosecutor's office 7", "")
        lines[language] = own_lines(message.subject, body)
        Participant.objects.all().update(user=None)
        Notice.objects.all().delete()
    assert {language: len(found) for language, found in lines.items()} == dict.fromkeys(LANGUAGES, len(lines["en"]))
    assert [(each, line) for each in LANGUAGES for line in lines[each] if is_foreign(line, each)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_about_a_hidden_comment_says_which_under_which_rule_why_and_how_to_appeal(language):
    rule_title = {
        "kk": "Адамды емес, пікірді талқылаңыз",
        "ru": "Обсуждайте мнение, а не человека",
        "en": "Discuss the view, not the person",
    }[language]
    deadline = {
        "kk": "Апелляция берудің соңғы мерзімі: 2026\xa0ж. 23\xa0желтоқсан, 14:05.",
        "ru": "Срок обжалования — до 23\xa0декабря 2026\xa0г., 14:05.",
        "en": "Deadline for your appeal: 23 December 2026, 14:05.",
    }[language]
    quote = {"kk": "«{}»", "ru": "«{}»", "en": "“{}”"}[language].format(WRITTEN[language])
    lines = letter("hide", language).body.splitlines()
    assert MEASURE_LINE[language] in lines
    assert [line for line in lines if line.endswith(quote)] != []
    assert [line for line in lines if line.endswith(rule_title)] != []
    assert TEXT[language] in lines
    assert deadline in lines
    assert [line for line in lines if line.startswith(f"https://portal.example.kz/{language}/appeals/")] != []


def test_the_link_in_a_letter_opens_the_form_without_signing_in(client):
    address = re.search(r"https://portal\.example\.kz(/en/appeals/\S+)", letter("hide", "en").body)[1]
    with time_machine.travel(NOW):
        assert 'name="text"' in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("kk", "Мерзімі: 2026\xa0ж. 30\xa0қараша, 14:05."),
        ("ru", "До: 30\xa0ноября 2026\xa0г., 14:05."),
        ("en", "Until: 30 November 2026, 14:05."),
    ],
)
def test_a_letter_about_a_suspension_says_until_when(language, until):
    assert until in letter("suspension", language).body


def test_a_decision_is_told_once_it_can_no_longer_be_undone():
    comment = own_comment(make_participant(), make_measure())
    decide("hide", comment)
    mail_due(timedelta(seconds=30))
    assert mail.outbox == []
    mail_due()
    mail_due()
    assert len(mail.outbox) == 1


def test_an_undone_decision_is_told_nobody():
    moderator = make_moderator()
    comment = own_comment(make_participant(), make_measure())
    decision = decide("hide", comment, by=moderator)
    undo_decision(comment, by=moderator, after=decision.pk)
    mail_due()
    assert mail.outbox == []


def test_what_concerns_ones_own_words_is_mailed_whatever_pace_was_chosen():
    person = make_participant()
    Participant.objects.filter(pk=person.pk).update(pace="never")
    decide("hide", own_comment(person, make_measure()))
    mail_due()
    assert len(mail.outbox) == 1


def test_nothing_is_mailed_where_nothing_is_to_be_told():
    make_comment(make_measure())
    assert do_due_work() is False
    assert mail.outbox == []


def test_more_than_one_pass_can_mail_is_mailed_in_passes():
    person, measure = make_participant(), make_measure()
    comment = own_comment(person, measure)
    decision = decide("hide", comment)
    Notice.objects.all().delete()
    Notice.objects.bulk_create(
        Notice(participant=person, kind="decision", comment=comment, decision=decision)
        for person in people(PER_PASS + 1)
    )
    assert do_due_work() is True
    assert len(mail.outbox) == PER_PASS
    assert do_due_work() is False
    assert len(mail.outbox) == PER_PASS + 1


def people(number: int) -> list[Participant]:
    return [make_participant() for _ in range(number)]


def test_a_letter_that_cannot_be_written_holds_up_no_other_and_waits_an_hour(caplog):
    measure = make_measure()
    broken, whole = own_comment(make_participant(), measure), own_comment(make_participant(), measure)
    for comment in (broken, whole):
        decide("hide", comment)
    # No action leaves a notice of a decision without its comment.
    Notice.objects.filter(comment=broken).update(decision=None)
    mail_due()
    assert [message.to for message in mail.outbox] == [[whole.author.user.email]]
    assert Notice.objects.get(comment=broken).mailed_at is None
    assert Notice.objects.get(comment=broken).due_at > timezone.now() + timedelta(minutes=59)
    assert caplog.messages == ["A letter could not be written, and is put off"]


def test_a_step_that_fails_holds_up_no_other_step(caplog, monkeypatch):
    decide("hide", own_comment(make_participant(), make_measure()))

    def fail(now):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(due, "STEPS", (fail, *due.STEPS))
    mail_due()
    assert len(mail.outbox) == 1
    assert caplog.messages == ["Due work failed: fail"]


def test_a_closed_account_gets_no_letter():
    person = make_participant()
    decide("hide", own_comment(person, make_measure()))
    person.user.is_active = False
    person.user.save()
    mail_due()
    assert mail.outbox == []


def test_a_letter_about_a_comment_that_was_withdrawn_meanwhile_offers_no_appeal():
    person = make_participant()
    comment = own_comment(person, make_measure())
    decide("hide", comment)
    withdraw_comment(comment, by=person)
    mail_due()
    assert "/appeals/" not in mail.outbox[0].body
