"""The queue of letters: nothing is lost, nothing is sent twice, and an operator can see whether mail works."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from feedback.actions.departure import delete_account
from feedback.actions.due import do_due_work
from feedback.models import Notice
from portal.mail import RETRY_AFTER, RETRY_FOR_DAYS, rescue_stuck_mail, send_for_days, send_message
from tests.builders import make_participant, signed_in
from tests.notices import decide, mail_due, own_comment
from tests.programme_builders import make_measure
from tests.test_accounts_mail import rows_that_name, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_a_mail_server_that_is_down_for_a_day_loses_no_letter_and_delays_no_page(in_database, settings):
    settings.EMAIL_BACKEND = "tests.accounts.BrokenMail"
    person, measure = make_participant(), make_measure()
    comment = own_comment(person, measure)
    decide("hide", comment)
    assert signed_in(person).get("/en/profile/").status_code == 200
    mail_due()
    for hours in range(27):
        work(timedelta(hours=hours))
    assert rows_that_name(person.user.email) == ["READY"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for hours in range(27, 32):
        work(timedelta(hours=hours))
    assert [message.to for message in mail.outbox] == [[person.user.email]]
    assert rows_that_name(person.user.email) == []


def test_a_letter_is_tried_for_five_days_and_a_code_for_a_quarter_of_an_hour():
    assert sum(RETRY_FOR_DAYS, timedelta()) >= timedelta(days=5)
    assert sum(RETRY_AFTER, timedelta()) < timedelta(minutes=30)


def test_an_address_that_is_refused_for_good_is_not_tried_for_days(in_database, settings):
    settings.EMAIL_BACKEND = "tests.accounts.RefusingMail"
    send_for_days(subject="s", body="b", to="b@example.kz")
    for minutes in (0, 1, 4, 10, 30):
        work(timedelta(minutes=minutes))
    assert rows_that_name("b@example.kz") == []
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1


def test_a_code_goes_out_before_letters_that_waited_longer(in_database):
    send_for_days(subject="a letter", body="b", to="b@example.kz")
    send_message.enqueue(subject="a code", body="b", sender="a@example.kz", to=["c@example.kz"])
    work()
    assert [message.subject for message in mail.outbox] == ["a code", "a letter"]


def test_a_letter_whose_worker_was_killed_is_sent_by_the_next_one(in_database):
    send_for_days(subject="s", body="b", to="b@example.kz")
    DBTaskResult.objects.get().claim("killed")
    now = timezone.now()
    assert rescue_stuck_mail(now + timedelta(minutes=9)) == 0
    do_due_work(now + timedelta(minutes=11))
    work(timedelta(minutes=12))
    assert [message.to for message in mail.outbox] == [["b@example.kz"]]
    assert rescue_stuck_mail(now + timedelta(hours=1)) == 0


def test_a_sent_letter_whose_worker_was_killed_afterwards_is_not_sent_again(in_database):
    send_for_days(subject="s", body="b", to="b@example.kz")
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), args_kwargs={"args": [], "kwargs": {}})
    assert rescue_stuck_mail(timezone.now() + timedelta(hours=1)) == 0


def test_an_account_that_is_deleted_takes_along_its_notices_and_the_letters_that_wait(in_database):
    person, measure = make_participant(), make_measure()
    first, second = own_comment(person, measure), own_comment(person, measure, text="Another one.")
    decide("hide", first)
    mail_due()
    decide("hide", second)
    address = person.user.email
    assert rows_that_name(address) == ["READY"]
    delete_account(person.user, erase_comments=False)
    mail_due()
    assert (rows_that_name(address), Notice.objects.count(), DBTaskResult.objects.count()) == ([], 0, 0)


def test_a_test_mail_is_sent_at_once_and_in_the_language_of_its_owner(in_database):
    person = make_participant(language="kk")
    out = StringIO()
    call_command("send_test_mail", person.user.email, stdout=out)
    assert mail.outbox[0].subject == "Портал поштасын тексеру · Test portal"
    assert out.getvalue() == (
        f"A mail to {person.user.email} was sent by django.core.mail.backends.locmem.EmailBackend, "
        "from portal@localhost.\n"
    )


def test_a_test_mail_that_fails_says_what_failed(settings):
    settings.EMAIL_BACKEND = "tests.accounts.BrokenMail"
    with pytest.raises(CommandError, match="OSError: the mail server does not answer"):
        call_command("send_test_mail", "a@example.kz")
    with pytest.raises(CommandError, match="a is no e-mail address"):
        call_command("send_test_mail", "a")


def test_a_test_mail_through_a_server_that_is_not_there_names_the_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(CommandError, match="through 127.0.0.1:9: ConnectionRefusedError"):
        call_command("send_test_mail", "a@example.kz")
