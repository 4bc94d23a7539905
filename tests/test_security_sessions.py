"""Sessions: a new key at sign-in, an end by time, and an end of all others with a new password."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from tests.builders import PASSWORD, make_moderator, make_user, staff_client

pytestmark = pytest.mark.django_db
PROFILE = "/en/profile/"


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opens(browser: Client, page: str = PROFILE) -> bool:
    return browser.get(page).status_code == 200


def test_signing_in_gives_the_session_a_new_key():
    make_user(email="me@example.org")
    browser = Client()
    session = browser.session
    session["before"] = "kept"
    session.save()
    old = session.session_key
    browser.cookies[settings.SESSION_COOKIE_NAME] = old
    browser.post("/en/accounts/login/", {"login": "me@example.org", "password": PASSWORD})
    assert (opens(browser), browser.session.session_key == old, Session.objects.filter(pk=old).exists()) == (
        True,
        False,
        False,
    )


def test_a_session_ends_after_a_fortnight_without_a_visit_and_lives_on_with_visits():
    browser, forgotten = browser_of(make_user()), browser_of(make_user())
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=10), tick=False):
        assert opens(browser)
    with time_machine.travel(now + timedelta(days=15), tick=False):
        assert (opens(browser), opens(forgotten)) == (True, False)


def test_a_session_ends_after_sixty_days_however_often_it_is_used():
    browser = browser_of(make_user())
    now = timezone.now()
    for day in range(10, 70, 10):
        with time_machine.travel(now + timedelta(days=day), tick=False):
            assert opens(browser) == (day <= 60)
    with time_machine.travel(now + timedelta(days=60, minutes=1), tick=False):
        assert not opens(browser)


def fail_writes(execute, sql, params, many, context):
    if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_a_visit_is_written_down_once_in_ten_minutes_and_a_full_disk_keeps_nobody_from_reading():
    browser = browser_of(make_user())
    now = timezone.now()

    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        assert settings.SESSION_COOKIE_NAME not in browser.get(PROFILE).cookies
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        with connection.execute_wrapper(fail_writes):
            assert opens(browser)
        assert settings.SESSION_COOKIE_NAME in browser.get(PROFILE).cookies


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_no_staff_from_reading_the_administration():
    browser = staff_client(make_moderator())
    later = timezone.now() + timedelta(minutes=11)
    with time_machine.travel(later, tick=False), connection.execute_wrapper(fail_writes):
        assert [browser.get(page).status_code for page in ("/admin/", "/admin/feedback/comment/")] == [200, 200]


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (61, 302)])
def test_the_administration_asks_for_the_second_factor_again_after_an_hour_without_a_visit(minutes, status):
    browser = staff_client(make_moderator())
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        answer = browser.get("/admin/")
    assert answer.status_code == status
    assert status == 200 or answer["Location"].startswith("/en/accounts/2fa/reauthenticate/")


def test_the_administration_asks_again_after_twelve_hours_of_visits():
    browser = staff_client(make_moderator())
    now = timezone.now()
    statuses = {}
    for half_hours in range(1, 26):
        with time_machine.travel(now + timedelta(minutes=30 * half_hours), tick=False):
            statuses[half_hours / 2] = browser.get("/admin/").status_code
    assert [hours for hours, status in statuses.items() if status == 302] == [12.5]


def test_a_new_password_ends_every_other_session():
    user = make_user(email="me@example.org")
    here, elsewhere = Client(), browser_of(user)
    here.post("/en/accounts/login/", {"login": "me@example.org", "password": PASSWORD})
    fields = {"oldpassword": PASSWORD, "password1": "another horse battery"}
    assert here.post("/en/accounts/password/change/", fields).status_code == 302
    assert (opens(here), opens(elsewhere)) == (True, False)


@pytest.mark.parametrize("page", ["password_change/", "password_change/done/"])
def test_staff_change_their_password_on_the_portal_s_own_page(page):
    browser = staff_client(make_moderator())
    fields = {
        "old_password": PASSWORD,
        "new_password1": "another horse battery",
        "new_password2": "another horse battery",
    }
    for answer in (browser.get(f"/admin/{page}"), browser.post(f"/admin/{page}", fields)):
        assert (answer.status_code, "/accounts/" in answer["Location"]) == (302, True)
    assert opens(browser)  # so the password is what it was


def test_staff_without_a_second_factor_in_this_session_reach_nothing():
    user = make_moderator()
    staff_client(user)
    plain = browser_of(user)
    assert plain.get("/admin/")["Location"].startswith("/en/accounts/2fa/reauthenticate/")
    assert browser_of(make_moderator()).get("/admin/")["Location"] == "/en/accounts/2fa/"
