"""What moderators on duty find in their mail in the morning."""

import pytest
import time_machine
from django.core import mail

from feedback.actions.access import staff_member_of
from feedback.actions.due import do_due_work
from feedback.actions.mailing import mail_moderators
from feedback.actions.reactions import report_comment
from feedback.models import DeskItem, Notice
from tests.builders import make_comment, make_moderator, make_participant, make_rule, make_user, staff_client
from tests.notices import MONDAY, appeal, at, decide, moderator, own_comment, warn
from tests.programme_builders import make_measure, make_programme
from tests.test_accounts_mail import rows_that_name
from tests.test_mail_wording import own_lines
from tests.test_notices_mail import LANGUAGES, TITLE, is_foreign
from tests.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def monday():
    """It is Monday, 07:00 in the portal's time zone."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def fill_desk():
    """One pending comment, one reported and one appealed one, and an overdue one among them."""
    measure = make_measure(title=TITLE)
    before = make_measure(make_programme("read-first", measures=0, moderation="before"), title=TITLE)
    pending = make_comment(before)
    reported = make_comment(measure)
    report_comment(reported, by=make_participant(), rule=make_rule())
    person = make_participant()
    appealed = own_comment(person, measure)
    appeal(decide("hide", appealed), person)
    DeskItem.objects.filter(pk=pending.pk).update(due_at=at(-1))
    Notice.objects.all().delete()
    return pending, reported, appealed


def to(user) -> list:
    return [message for message in mail.outbox if message.to == [user.email]]


def test_moderators_on_duty_get_in_the_morning_what_waits_with_links_that_open_it(monday, settings):
    settings.SITE_URL = "https://portal.example.kz"
    pending, reported, appealed = fill_desk()
    someone = moderator()
    do_due_work(at(0.9))
    assert to(someone) == []
    do_due_work(at(1))
    [message] = to(someone)
    assert message.subject == "3 comments wait for moderation · Test portal"
    links = [line.strip() for line in message.body.splitlines() if "/admin/moderation/" in line]
    desk = "https://portal.example.kz/admin/moderation/"
    assert links == [f"{desk}{item.pk}/" for item in (pending, reported, appealed, pending)] + [desk]
    counted = [line for line in message.body.splitlines() if line.endswith(": 1")]
    assert counted == ["New: 1", "Reported: 1", "Appealed: 1", "Overdue: 1"]
    assert pending.latest.text not in message.body


def test_who_gets_it_decides_is_active_and_on_duty(monday):
    fill_desk()
    yes = [moderator(), moderator("senior-moderator"), moderator("administrator"), make_moderator()]
    off = moderator()
    member = staff_member_of(off)
    member.on_duty = False
    member.save()
    no = [off, moderator("editor"), moderator("analyst"), moderator(is_active=False), make_user()]
    do_due_work(at(1))
    assert [len(to(user)) for user in yes] == [1, 1, 1, 1]
    assert [len(to(user)) for user in no] == [0] * 5


def test_an_administrator_says_who_is_on_duty(monday):
    fill_desk()
    someone, boss = moderator(), staff_client(make_moderator())
    member = staff_member_of(someone)
    page = boss.get("/admin/feedback/staffmember/")
    assert str(member) in page.content.decode()
    boss.post(f"/admin/feedback/staffmember/{member.pk}/change/", {})  # the box is not ticked
    do_due_work(at(1))
    assert to(someone) == []


def test_it_comes_once_a_morning_and_not_after_noon(monday):
    fill_desk()
    first = moderator()
    for hours in (1, 1.01, 3):
        do_due_work(at(hours))
    assert len(to(first)) == 1
    late = moderator()
    do_due_work(at(5.1))
    assert len(to(late)) == 0
    do_due_work(at(25))
    assert (len(to(first)), len(to(late))) == (2, 1)


def test_where_nothing_waits_in_the_morning_nothing_comes_even_when_something_waits_later(monday):
    someone = moderator()
    do_due_work(at(1))
    fill_desk()
    do_due_work(at(2))
    assert to(someone) == []


def test_moderators_read_it_in_their_own_language(monday):
    fill_desk()
    staff = {language: moderator(language=language) for language in LANGUAGES}
    do_due_work(at(1))
    lines = {language: own_lines(to(user)[0].subject, to(user)[0].body) for language, user in staff.items()}
    assert [(each, line) for each in LANGUAGES for line in lines[each] if is_foreign(line, each)] == []
    assert lines["ru"][0] == "Модерации ждут 3 комментария ·"


def test_an_open_appeal_against_a_warning_is_told_with_the_list_of_them(monday):
    person = make_participant()
    appeal(warn(person), person)
    someone = moderator("senior-moderator")
    do_due_work(at(1))
    assert to(someone)[0].subject == "Appeals against warnings and suspensions: 1 · Test portal"
    lines = to(someone)[0].body.splitlines()
    where = lines.index("Appeals against warnings and suspensions: 1")
    assert lines[where + 1].endswith("/admin/moderation/appeals/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_two_processes_send_each_moderator_one_letter(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    fill_desk()
    staff = [moderator() for _ in range(8)]
    at_once([lambda: mail_moderators(at(1)) for _ in range(4)])
    assert [len(rows_that_name(user.email)) for user in staff] == [1] * 8
