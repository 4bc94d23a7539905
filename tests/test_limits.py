"""Each declared limit admits as many as it says and not one more; each of these fails when its limit is removed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.core.internal.ratelimit import parse_rates
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.test import Client

from feedback.actions.tokens import make_token
from feedback.models import Comment, RequestCount
from portal import limit_settings
from portal.accounts.shared_cache import LONGEST
from portal.clients import client_network, hidden
from tests.accounts import question_of, register, registration
from tests.builders import PASSWORD, make_participant, make_user, signed_in
from tests.processes import manage
from tests.programme_builders import make_measure
from tests.test_races import at_once

pytestmark = pytest.mark.django_db
ACCOUNTS = "/en/accounts/"
# Within one day and one window of a minute, whatever the clock says.
NOON = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)
SHARED = {
    "default": {"BACKEND": "portal.accounts.shared_cache.DailyKeys", "LOCATION": "counted"},
    "counted": {"BACKEND": "portal.accounts.shared_cache.SharedCache"},
}


def rates() -> list[tuple[str, str, int]]:
    """Each (action, what it is counted by, number) of what is declared for accounts."""
    declared = limit_settings.ACCOUNT_RATE_LIMITS.items()
    split = [(action, rate.split("/")) for action, rates in declared for rate in rates.split(",")]
    return [(action, parts[-1], int(parts[0])) for action, parts in split]


def sent(page: str, **fields):
    """One try from the address `at`; whether it was let through to the form."""
    at = fields.pop("at", "192.0.2.1")
    browser = fields.pop("browser", None) or Client()
    answer = browser.post(ACCOUNTS + page, fields, REMOTE_ADDR=at)
    assert answer.status_code in {200, 302, 429}
    return answer.status_code != 429 and "Too many" not in answer.content.decode()


def wrong(number: int = 0) -> dict:
    return {"login": f"a{number}@example.org", "password": "wrong-password-1"}


def tries(action: str, per: str):
    """What makes try number n, counting from 0."""
    browser = Client()
    if per == "user":
        browser.force_login(make_user(email="me@example.org"))
        browser.post(f"{ACCOUNTS}reauthenticate/", {"password": PASSWORD})
        cache.clear()
    pages = {"reauthenticate": "reauthenticate/", "change_password": "password/change/", "manage_email": "email/"}
    if action == "signup_by_question":
        token, _right = question_of(browser.get(f"{ACCOUNTS}signup/").content.decode())
        form = registration(browser, altcha=None, question=token, answer="99")
    return {
        ("signup", "ip"): lambda n: sent("signup/"),
        ("signup_by_question", "ip"): lambda n: later(4 * n, lambda: by_question(browser, form)),
        ("login", "ip"): lambda n: sent("login/"),
        ("login_failed", "ip"): lambda n: sent("login/", **wrong(n)),
        ("login_failed", "key"): lambda n: sent("login/", at=f"192.0.2.{n}", **wrong()),
        ("request_login_code", "ip"): lambda n: sent("login/code/", email=f"a{n}@example.org"),
        ("request_login_code", "key"): lambda n: sent("login/code/", at=f"192.0.2.{n}", email="a@example.org"),
        ("reset_password", "ip"): lambda n: sent("password/reset/", email=f"a{n}@example.org"),
        ("reset_password", "key"): lambda n: sent("password/reset/", at=f"192.0.2.{n}", email="a@example.org"),
        ("reset_password_from_key", "ip"): lambda n: sent("password/reset/complete/"),
        ("confirm_email", "key"): lambda n: mails_a_code(browser, first=n == 0),
    }.get((action, per), lambda n: sent(pages[action], browser=browser))


def later(seconds: int, do):
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        return do()


def by_question(browser: Client, form: dict) -> bool:
    return "came from your network" not in browser.post(f"{ACCOUNTS}signup/", form).content.decode()


def mails_a_code(browser: Client, *, first: bool) -> bool:
    before = len(mail.outbox)
    register(browser) if first else browser.post(f"{ACCOUNTS}confirm-email/", {"action": "resend"})
    return len(mail.outbox) > before


@pytest.mark.parametrize(("action", "per", "number"), rates())
def test_accounts_admit_as_many_tries_as_declared_and_not_one_more(action, per, number):
    with time_machine.travel(NOON, tick=False):
        attempt = tries(action, per)
        assert [attempt(n) for n in range(number + 1)] == [True] * number + [False]


def reads(number: int) -> list[int]:
    return [Client().get("/api/v1/rules/").status_code for _ in range(number)]


def test_reads_of_the_api_are_limited_by_network(settings):
    settings.API_READS_PER_MINUTE = 2
    with time_machine.travel(NOON, tick=False):
        assert reads(3) == [200, 200, 429]


def test_all_addresses_of_one_network_of_version_6_are_counted_together(settings):
    settings.API_READS_PER_MINUTE = 2
    with time_machine.travel(NOON, tick=False):
        answers = [Client().get("/api/v1/rules/", REMOTE_ADDR=f"2001:db8:1:2::{n}") for n in range(3)]
        other = Client().get("/api/v1/rules/", REMOTE_ADDR="2001:db8:1:3::1")
    assert [answer.status_code for answer in (*answers, other)] == [200, 200, 429, 200]


def test_writes_on_pages_and_by_the_api_count_together_for_one_person(settings):
    settings.API_WRITES_PER_MINUTE = 3
    measure, person, other = make_measure(), make_participant(), make_participant()
    secret = make_token(person.user, name="script", scope="write")[1]
    page, resource = f"/en/measures/{measure.slug}/ratings/support/", f"/api/v1/ratings/{measure.slug}/support/"
    headers = {"authorization": f"Bearer {secret}"}
    with time_machine.travel(NOON, tick=False):
        answers = [signed_in(person).post(page, {"value": 3, "edition": 1}) for _ in range(2)]
        answers += [
            Client().put(resource, {"value": 4, "edition": 1}, content_type="application/json", headers=headers)
            for _ in range(2)
        ]
        answers += [signed_in(each).post(page, {"value": 5, "edition": 1}) for each in (person, other)]
    assert [answer.status_code for answer in answers] == [302, 302, 200, 429, 429, 302]


@pytest.mark.parametrize(
    ("language", "says"), [("kk", "Сәл күте тұрыңыз"), ("ru", "Подождите немного"), ("en", "Please wait a moment")]
)
def test_a_page_over_the_limit_says_so_in_its_language_and_keeps_everything_that_was_typed(settings, language, says):
    settings.API_WRITES_PER_MINUTE = 1
    measure, browser = make_measure(), signed_in(make_participant())
    page = f"/{language}/measures/{measure.slug}/comments/"
    typed = {"text": "A <b>long</b> thought.", "edition": "1", "stance": "for", "language": "kk", "token": "one"}
    with time_machine.travel(NOON, tick=False):
        browser.post(page, typed | {"text": "The first.", "token": "other"})
        answer = browser.post(page, typed)
    html = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (429, "55", "no-store")
    assert f"<h1>{says}</h1>" in html
    assert "A &lt;b&gt;long&lt;/b&gt; thought.</textarea>" in html
    hidden_fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert {name: hidden_fields[name] for name in typed if name != "text"} == {
        name: value for name, value in typed.items() if name != "text"
    }
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        again = browser.post(page, hidden_fields | {"text": typed["text"]})
    assert (again.status_code, Comment.objects.count()) == (302, 2)


def test_forms_that_are_sent_without_signing_in_are_limited_by_network(settings):
    settings.STRANGERS_FORMS_PER_MINUTE = 2
    page = f"/en/measures/{make_measure().slug}/comments/"
    with time_machine.travel(NOON, tick=False):
        answers = [Client().post(page, {"text": "A thought."}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]


def test_a_form_of_more_fields_or_bytes_than_declared_is_refused():
    page = f"{ACCOUNTS}login/"
    fields = limit_settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    many = [Client().post(page, {f"f{n}": "" for n in range(number)}).status_code for number in (fields, fields + 1)]
    size = limit_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    large = [
        Client().post(page, "a=" + "b" * number, content_type="application/x-www-form-urlencoded").status_code
        for number in (size - 2, size + 1)
    ]
    assert (many, large) == ([200, 400], [200, 400])


def test_every_declared_limit_is_among_those_tested_here():
    assert {name for name in vars(limit_settings) if name.isupper()} == {
        "READS_PER_MINUTE",
        "WRITES_PER_MINUTE",
        "STRANGERS_FORMS_PER_MINUTE",
        "ACCOUNT_RATE_LIMITS",
        "DATA_UPLOAD_MAX_MEMORY_SIZE",
        "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    }


def test_no_table_of_counts_holds_an_address_and_a_digest_of_one_lasts_a_day(settings, rf):
    settings.CACHES = SHARED
    request = rf.post("/", REMOTE_ADDR="198.51.100.7")
    with time_machine.travel(NOON, tick=False):
        Client().get("/api/v1/rules/", REMOTE_ADDR="198.51.100.7")
        sent("login/", at="198.51.100.7", **wrong())
        today = hidden(client_network(request))
        kept = list(RequestCount.objects.values_list("key", flat=True)) + cached_keys()
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        tomorrow = hidden(client_network(request))
    assert (len(kept) > 2, [key for key in kept if "198.51" in key or "example" in key]) == (True, [])
    assert [key for key in kept if key.startswith("read:")] == [f"read:{today}:{int(NOON.timestamp()) - 5}"]
    assert today != tomorrow


def attempt_at(moment: datetime, login: str) -> bool:
    with time_machine.travel(moment, tick=False):
        return sent("login/", login=login, password="wrong-password-1")  # noqa: S106 - a wrong one


def test_midnight_gives_nobody_new_tries_at_a_password(settings):
    settings.CACHES = SHARED
    before, after = MIDNIGHT - timedelta(seconds=30), MIDNIGHT + timedelta(seconds=1)
    tried = [attempt_at(before, "a@example.org") for _ in range(3)] + [
        attempt_at(after, "a@example.org") for _ in "456"
    ]
    assert tried == [True] * 5 + [False]
    assert [key for key in cached_keys() if "example" in key or "192.0" in key] == []
    # Five minutes after the first tries they no longer count, and the two since midnight still do.
    later_on = [attempt_at(before + timedelta(seconds=301), "a@example.org") for _ in range(4)]
    assert later_on == [True] * 3 + [False]


def test_nothing_that_is_counted_counts_for_longer_than_the_keys_of_two_days_are_read():
    declared = [rate for rates in limit_settings.ACCOUNT_RATE_LIMITS.values() for rate in parse_rates(rates)]
    assert max(rate.duration for rate in declared) < LONGEST


def at(moment: datetime, do):
    with time_machine.travel(moment, tick=False):
        return do()


def test_what_is_counted_before_midnight_is_there_for_an_hour_after_it_and_goes_with_its_time(settings):
    settings.CACHES = SHARED
    before, after = MIDNIGHT - timedelta(seconds=1), MIDNIGHT + timedelta(minutes=59)
    assert at(before, lambda: (cache.add("lock", 1, timeout=3600), cache.set("tries", [1.0], timeout=3600))) == (
        True,
        None,
    )
    assert at(MIDNIGHT, lambda: (cache.add("lock", 2, timeout=3600), cache.get("tries"))) == (False, [1.0])
    at(after, lambda: cache.set("tries", [2.0, 1.0], timeout=3600))
    assert at(after, lambda: (cache.get("lock"), cache.get("tries"))) == (1, [2.0, 1.0])
    assert at(MIDNIGHT + timedelta(minutes=62), lambda: (cache.get("lock"), cache.get("tries"))) == (None, [2.0, 1.0])
    at(after, lambda: cache.delete("lock"))
    assert at(after, lambda: (cache.get("lock"), cache.add("lock", 3), cache.add("lock", 4))) == (None, True, False)


def cached_keys() -> list[str]:
    return list(apps.get_model("accounts.CachedValue").objects.values_list("key", flat=True))


ATTEMPTS = """
from django.test import Client
fields = {"login": "a@example.org", "password": "wrong-password-1"}
browser = Client(HTTP_HOST="localhost")
answers = [browser.post("/en/accounts/login/", fields, REMOTE_ADDR=f"192.0.2.{n}") for n in range(12)]
print("tried", sum("is not right" in answer.content.decode() for answer in answers))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_processes_without_a_cache_server_count_attempts_at_sign_in_together():
    limit = 5
    started = [manage("shell", "--no-imports", "-c", ATTEMPTS, CACHE_URL="", stdout=True) for _ in range(3)]
    tried = [int(re.search(r"tried (\d+)", process.communicate(timeout=240)[0])[1]) for process in started]
    assert sum(tried) == limit


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_a_value_is_added_to_the_shared_cache_once_however_many_try_at_once(settings):
    settings.CACHES = SHARED
    added = at_once([lambda: cache.add("a code", "used", timeout=30) for _ in range(40)])
    assert (added.count(True), cache.get("a code"), cache.get("another")) == (1, "used", None)
    cache.delete("a code")
    assert (cache.get("a code"), cache.add("a code", [1.5], timeout=30), cache.get("a code")) == (None, True, [1.5])
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=31), tick=False):
        assert (cache.get("a code"), cache.add("a code", "again", timeout=30)) == (None, True)
