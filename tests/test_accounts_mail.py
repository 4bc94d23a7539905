from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from portal.accounts.tasks import send_message
from tests.accounts import make_user, register

pytestmark = pytest.mark.django_db
IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def subject(language, text="Your sign-in code"):
    with translation.override(language):
        return f"{translation.gettext(text)} · Test portal"


@pytest.mark.parametrize("saved", ["kk", "ru", "en"])
@pytest.mark.parametrize("shown", ["kk", "ru", "en"])
def test_a_mail_to_an_account_is_in_its_saved_language_whatever_page_asked_for_it(client, saved, shown):
    make_user(language=saved)
    client.post(f"/{shown}/accounts/login/code/", {"email": "aigul@example.kz"})
    assert mail.outbox[0].subject == subject(saved)
    client.cookies.clear()
    register(client, at="en", language=shown)
    assert mail.outbox[1].subject == subject(saved, "You have an account already")
    assert f"/{saved}/accounts/login/" in mail.outbox[1].body


@pytest.mark.parametrize("shown", ["kk", "ru", "en"])
def test_a_mail_to_an_unknown_address_is_in_the_pages_language(client, shown):
    client.post(f"/{shown}/accounts/login/code/", {"email": "nobody@example.kz"})
    assert mail.outbox[0].subject == subject(shown, "There is no account with this address")


def test_links_in_mails_come_from_the_settings_and_not_from_the_request(client, settings):
    settings.SITE_URL = "https://portal.example.kz"
    client.post("/en/accounts/login/code/", {"email": "nobody@example.kz"}, HTTP_HOST="evil.example")
    assert "https://portal.example.kz/en/accounts/signup/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_a_mail_is_plain_text_with_its_own_words_and_nothing_escaped(client, settings):
    settings.SITE_NAME = "Біз & Сіз"
    make_user()
    client.post("/en/accounts/login/code/", {"email": "aigul@example.kz"})
    message = mail.outbox[0]
    assert message.subject == "Your sign-in code · Біз & Сіз"
    assert "&amp;" not in message.body
    assert getattr(message, "alternatives", []) == []


def test_a_page_only_queues_its_mail(client, settings):
    settings.TASKS = IN_DATABASE
    settings.EMAIL_BACKEND = "tests.accounts.BrokenMail"
    make_user()
    answer = client.post("/en/accounts/login/code/", {"email": "aigul@example.kz"})
    assert answer.status_code == 302
    assert DBTaskResult.objects.get().args_kwargs["kwargs"]["to"] == ["aigul@example.kz"]


@override_settings(TASKS=IN_DATABASE, EMAIL_BACKEND="tests.accounts.BrokenMail")
def test_a_mail_that_fails_is_tried_again_later_a_few_times():
    message = {"subject": "s", "body": "b", "sender": "a@example.kz", "to": ["b@example.kz"]}
    for attempt in range(4):
        send_message.call(**message, attempt=attempt)
    again = DBTaskResult.objects.order_by("enqueued_at")
    assert [row.args_kwargs["kwargs"]["attempt"] for row in again] == [1, 2, 3, 4]
    assert again[0].run_after > timezone.now() + timedelta(seconds=20)
    with pytest.raises(OSError, match="mail server"):
        send_message.call(**message, attempt=4)
