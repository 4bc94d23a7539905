from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone, translation
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from portal.mail import MAIL_TASK, send_message
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


MESSAGE = {"subject": "s", "body": "b", "sender": "a@example.kz", "to": ["b@example.kz"]}


def work(after=timedelta()):
    """Let a worker do all that is due after this time."""
    options = {"queue_names": ["*"], "excluded_queue_names": [], "backend_name": "default", "worker_id": "test"}
    worker = Worker(interval=0, batch=True, startup_delay=False, max_tasks=None, **options)
    with time_machine.travel(timezone.now() + after, tick=False):
        while row := DBTaskResult.objects.ready().get_locked():
            row.claim("test")
            worker.run_task(row)


def rows_that_name(address):
    return [row.status for row in DBTaskResult.objects.all() if address in str(list(vars(row).values())).lower()]


@pytest.fixture
def in_database(settings):
    settings.TASKS = IN_DATABASE


def test_a_mail_that_fails_is_tried_again_later_a_few_times(in_database, settings):
    settings.EMAIL_BACKEND = "tests.accounts.BrokenMail"
    send_message.enqueue(**MESSAGE)
    waits = []
    for minutes in (0, 1, 4, 10, 30):
        work(timedelta(minutes=minutes))
        waits += [
            (row.args_kwargs["kwargs"]["attempt"], row.run_after - row.enqueued_at)
            for row in DBTaskResult.objects.filter(status="READY")
        ]
    assert waits == [
        (1, timedelta(seconds=30)),
        (2, timedelta(minutes=2)),
        (3, timedelta(minutes=5)),
        (4, timedelta(minutes=15)),
    ]
    failed = DBTaskResult.objects.get(status="FAILED")
    assert failed.exception_class_path == "portal.mail.MailNotSent"


def test_a_mail_that_was_sent_leaves_neither_address_nor_text(in_database):
    send_message.enqueue(**MESSAGE)
    work()
    assert mail.outbox[0].to == ["b@example.kz"]
    row = DBTaskResult.objects.get()
    assert (row.status, row.args_kwargs) == ("SUCCESSFUL", {"args": [], "kwargs": {}})


def test_a_mail_that_cannot_be_sent_leaves_no_address_in_the_end(in_database, settings):
    settings.EMAIL_BACKEND = "tests.accounts.RefusingMail"
    send_message.enqueue(**MESSAGE)
    for minutes in (0, 1, 4, 10):
        work(timedelta(minutes=minutes))
    assert rows_that_name("b@example.kz") == ["READY"]
    work(timedelta(minutes=30))
    assert rows_that_name("b@example.kz") == []


def make_row(status, age, to="b@example.kz", path=MAIL_TASK):
    at = timezone.now() - age
    return DBTaskResult.objects.create(
        status=status,
        started_at=at,
        finished_at=None if status in {"READY", "RUNNING"} else at,
        run_after=timezone.now(),
        args_kwargs={"args": [], "kwargs": MESSAGE | {"to": [to]}},
        task_path=path,
        backend_name="default",
        exception_class_path="",
        traceback="",
    )


def test_finished_mail_is_deleted_by_the_next_mail_and_by_command(in_database):
    assert send_message.module_path == MAIL_TASK
    minute, day = timedelta(minutes=1, seconds=1), timedelta(hours=24, seconds=1)
    kept = {make_row("SUCCESSFUL", minute / 2), make_row("FAILED", day / 2), make_row("RUNNING", day / 2)}
    kept |= {make_row("SUCCESSFUL", day, path="feedback.tasks.other")}
    gone = [("SUCCESSFUL", minute), ("FAILED", day), ("RUNNING", day)]
    for status, age in gone:
        make_row(status, age)
    out = StringIO()
    call_command("prune_mail", stdout=out)
    assert out.getvalue() == "3 mail tasks were deleted.\n"
    assert set(DBTaskResult.objects.all()) == kept

    for status, age in gone:
        make_row(status, age)
    send_message.enqueue(**MESSAGE)
    work()
    assert set(DBTaskResult.objects.exclude(args_kwargs={"args": [], "kwargs": {}})) == kept


def test_an_account_that_is_deleted_takes_along_the_mail_to_its_addresses(in_database):
    user = make_user()
    user.emailaddress_set.create(email="new@example.kz")
    for address in ("Aigul@example.kz", "new@example.kz", "other@example.kz"):
        for status in ("READY", "SUCCESSFUL", "FAILED", "RUNNING"):
            make_row(status, timedelta(), to=address)

    user.delete()

    assert (rows_that_name("aigul@example.kz"), rows_that_name("new@example.kz")) == ([], [])
    assert len(rows_that_name("other@example.kz")) == 4
    # A worker that is at it must find its row when it is done.
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 3


def test_a_registration_that_is_given_up_takes_along_its_mail(client, in_database):
    register(client)
    assert len(rows_that_name("aigul@example.kz")) == 1
    client.cookies.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        register(client)
    assert len(rows_that_name("aigul@example.kz")) == 1
