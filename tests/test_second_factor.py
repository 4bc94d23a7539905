"""The administration opens to staff who gave a second factor in this session, and to nobody else."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from tests.accounts import PASSWORD, make_user, sign_in
from tests.admin_pages import admin_pages
from tests.builders import staff_client
from tests.test_accounts_staff import create_staff, totp
from tests.test_limits import SHARED

pytestmark = pytest.mark.django_db
SET_UP = "/en/accounts/2fa/"


def make_staff(**fields):
    return make_user(**{"is_staff": True, "is_superuser": True, "language": "en"} | fields)


def by_password_alone(user) -> Client:
    """A browser in which `user` is signed in without a second factor: none was set up then, or it came later."""
    browser = Client()
    browser.force_login(user)
    return browser


def notes_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_without_a_second_factor_staff_reach_its_set_up_page_and_are_told_why():
    answer = by_password_alone(make_staff()).get("/admin/", follow=True)
    assert answer.redirect_chain == [(SET_UP, 302)]
    assert notes_of(answer) == [
        "The administration needs a second factor. Set up an authenticator app or a security key here."
    ]


def test_the_set_up_page_comes_in_the_language_of_the_staff_member():
    answer = by_password_alone(make_staff(language="kk")).get("/admin/")
    assert answer["Location"] == "/kk/accounts/2fa/"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("kk", ["Қауіпсіздік кілті", "Қауіпсіздік кілті 2"]),
        ("ru", ["Ключ безопасности", "Ключ безопасности 2"]),
        ("en", ["Security key", "Security key 2"]),
    ],
)
def test_a_new_security_key_is_offered_a_plain_name(language, names):
    user, offered = make_user(), []
    for _ in names:
        with override(language):
            offered.append(get_adapter().generate_authenticator_name(user, Authenticator.Type.WEBAUTHN))
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    assert offered == names


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_of_the_administration_is_behind_the_second_factor(method):
    browser = by_password_alone(make_staff())
    pages = admin_pages()
    answers = {name: getattr(browser, method)(address) for name, address in pages.items()}
    assert len(pages) > 50
    assert {name: (answer.status_code, answer["Location"]) for name, answer in answers.items()} == dict.fromkeys(
        pages, (302, SET_UP)
    )


@pytest.mark.parametrize(
    "address", ["/admin/nowhere/", "/admin/jsi18n/", "/admin/autocomplete/?app_label=feedback", "/admin/r/1/1/"]
)
def test_what_only_looks_like_a_page_is_behind_it_too(address):
    assert by_password_alone(make_staff()).get(address)["Location"] == SET_UP


def test_the_field_for_the_code_says_what_it_is_once(client):
    user = make_staff()
    Authenticator.objects.create(user=user, type="totp", data={"secret": generate_totp_secret()})
    sign_in(client)
    page = client.get(f"{SET_UP}authenticate/").content.decode()
    assert (page.count('<label for="id_code">Code</label>'), "placeholder" in page) == (1, False)


def test_setting_the_app_up_opens_the_administration_at_once(client):
    make_staff()
    sign_in(client)
    assert client.get("/admin/")["Location"] == SET_UP
    page = client.get(f"{SET_UP}totp/activate/")
    secret = re.search(r"secret=(\w+)", page.context["totp_url"])[1]
    answer = client.post(f"{SET_UP}totp/activate/", {"code": totp(secret)})
    assert answer["Location"] == f"{SET_UP}recovery-codes/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_sets_nothing_up_and_opens_nothing(client):
    make_staff()
    sign_in(client)
    client.get(f"{SET_UP}totp/activate/")
    client.post(f"{SET_UP}totp/activate/", {"code": "12345"})
    assert Authenticator.objects.count() == 0
    assert client.get("/admin/")["Location"] == SET_UP


def test_a_session_from_before_the_set_up_is_asked_for_the_code_and_then_led_on():
    user = make_staff()
    browser = by_password_alone(user)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    answer = browser.get("/admin/feedback/comment/?q=road", follow=True)
    asked = f"{SET_UP}reauthenticate/?next=%2Fadmin%2Ffeedback%2Fcomment%2F%3Fq%3Droad"
    assert answer.redirect_chain == [(asked, 302)]
    assert notes_of(answer) == ["The administration asks for your second factor."]
    answer = browser.post(asked, {"code": totp(secret), "next": "/admin/feedback/comment/?q=road"})
    assert answer["Location"] == "/admin/feedback/comment/?q=road"
    assert browser.get(answer["Location"]).status_code == 200


def test_whoever_has_a_key_alone_is_asked_for_the_key():
    user = make_staff()
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}})
    answer = by_password_alone(user).get("/admin/")
    assert answer["Location"] == f"{SET_UP}webauthn/reauthenticate/?next=%2Fadmin%2F"


def test_proving_the_password_once_more_is_no_second_factor(client):
    user = make_staff()
    sign_in(client)
    TOTP.activate(user, generate_totp_secret())
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/admin/")["Location"] == f"{SET_UP}reauthenticate/?next=%2Fadmin%2F"


@pytest.mark.parametrize("role", ["administrator", "senior-moderator", "moderator", "editor", "analyst"])
def test_a_recovery_code_stands_in_for_the_app_at_sign_in(client, role):
    made = create_staff(role=role, language="en")
    user = Authenticator.objects.get().user
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    answer = client.post("/en/accounts/login/?next=/admin/", {"login": made["email"], "password": made["password"]})
    answer = client.post(answer["Location"], {"code": code})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("role", ["senior-moderator", "moderator", "editor", "analyst"])
def test_every_role_made_by_command_reaches_the_administration_with_password_and_app(client, role):
    made = create_staff(role=role, language="en")
    answer = client.post("/en/accounts/login/?next=/admin/", {"login": made["email"], "password": made["password"]})
    answer = client.post(answer["Location"], {"code": totp(made["totp"])})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_taking_the_second_factor_away_closes_the_administration_to_every_session():
    user = make_staff()
    browser = staff_client(user)
    assert browser.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=user).delete()
    assert browser.get("/admin/")["Location"] == SET_UP


def test_recovery_codes_alone_are_no_second_factor():
    user = make_staff()
    browser = staff_client(user)
    RecoveryCodes.activate(user)
    Authenticator.objects.filter(type=Authenticator.Type.TOTP).delete()
    assert browser.get("/admin/")["Location"] == SET_UP


def test_people_who_are_not_of_the_staff_are_sent_away_as_before(client):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    client.force_login(make_user())
    assert client.get("/admin/login/?next=/admin/").status_code == 403


def test_pages_outside_the_administration_ask_staff_for_no_second_factor():
    browser = by_password_alone(make_staff())
    assert [browser.get(address).status_code for address in ("/en/about/", "/en/profile/")] == [200, 200]


def test_the_gate_costs_a_page_of_the_administration_one_query(django_assert_num_queries):
    browser = staff_client(make_staff())
    browser.get("/admin/jsi18n/")
    with django_assert_num_queries(3):  # session, user, second factor
        browser.get("/admin/jsi18n/")


def kept_secrets(user) -> str:
    return str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))


def opens_by(user, code: str) -> bool:
    """Whether the page that asks for the second factor takes `code`."""
    browser = by_password_alone(user)
    browser.post("/en/accounts/2fa/reauthenticate/", {"code": code})
    return browser.get("/admin/").status_code == 200


def opens_at(moment: datetime, user, code: str) -> bool:
    with time_machine.travel(moment, tick=False):
        return opens_by(user, code)


def test_secrets_of_apps_and_recovery_codes_are_encrypted_in_the_database():
    user, secret = make_staff(), generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    kept = kept_secrets(user)
    assert ([text for text in (secret, *codes) if text in kept], kept.count("fernet:")) == ([], 2)
    assert [opens_by(user, code) for code in (totp(secret), codes[0], "000000")] == [True, True, False]


@pytest.mark.parametrize("seconds", [0, 31, 59])
def test_a_used_code_is_wrong_for_as_long_as_it_would_be_right(seconds):
    user, secret = make_staff(), generate_totp_secret()
    TOTP.activate(user, secret)
    early = datetime(2026, 11, 26, 0, 0, 1, tzinfo=UTC)  # the code is that of the half minute which then begins
    code = format_hotp_value(hotp_value(secret, int(early.timestamp()) // 30 + 1))
    first, again = early, early + timedelta(seconds=seconds)
    used = [opens_at(moment, user, typed) for moment, typed in [(first, code), (again, f"{code[:3]} {code[3:]}")]]
    assert used == [True, False]


def test_a_used_code_signs_nobody_in_again():
    made = create_staff(role="moderator", language="en")
    moment = datetime(2026, 11, 26, 12, 0, 1, tzinfo=UTC)
    code = format_hotp_value(hotp_value(made["totp"], int(moment.timestamp()) // 30 + 1))
    led_to = []
    for seconds in (0, 45):
        browser = Client()
        with time_machine.travel(moment + timedelta(seconds=seconds), tick=False):
            form = {"login": made["email"], "password": made["password"]}
            answer = browser.post("/en/accounts/login/?next=/admin/", form)
            led_to.append(browser.post(answer["Location"], {"code": code}).get("Location"))
    assert led_to == ["/admin/", None]


def test_no_midnight_makes_a_used_code_right_again(settings):
    settings.CACHES = SHARED
    user, secret = make_staff(), generate_totp_secret()
    TOTP.activate(user, secret)
    late = datetime(2026, 11, 25, 23, 59, 50, tzinfo=UTC)
    code = format_hotp_value(hotp_value(secret, int(late.timestamp()) // 30))
    assert [opens_at(late + timedelta(seconds=later), user, code) for later in (0, 11, 39)] == [True, False, False]


def test_a_code_that_nobody_used_is_right_for_that_long():
    user, secret = make_staff(), generate_totp_secret()
    TOTP.activate(user, secret)
    early = datetime(2026, 11, 26, 0, 0, 1, tzinfo=UTC)
    code = format_hotp_value(hotp_value(secret, int(early.timestamp()) // 30 + 1))
    assert opens_at(early + timedelta(seconds=59 + 29), user, code)


def test_the_code_that_set_an_app_up_is_used(client):
    user = make_staff()
    sign_in(client)
    page = client.get(f"{SET_UP}totp/activate/")
    code = totp(re.search(r"secret=(\w+)", page.context["totp_url"])[1])
    client.post(f"{SET_UP}totp/activate/", {"code": code})
    assert not opens_by(user, code)


@time_machine.travel(datetime(2026, 11, 26, 12, 0, 1, tzinfo=UTC), tick=False)
def test_trying_used_codes_gives_nobody_more_tries():
    user, secret = make_staff(), generate_totp_secret()
    TOTP.activate(user, secret)
    code, browser = totp(secret), by_password_alone(user)
    assert opens_by(user, code)
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")  # as half a minute later
    answers = [browser.post(f"{SET_UP}reauthenticate/", {"code": typed}) for typed in ["000000", code] * 3]
    faults = [str(answer.context["form"].errors["code"][0]) for answer in answers]
    assert faults == ["Incorrect code."] * 5 + [faults[5]]
    assert faults[5].startswith("Too many wrong passwords")


def test_a_secret_that_was_kept_as_it_is_still_counts_and_is_encrypted_by_the_command():
    user, secret = make_staff(), generate_totp_secret()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    assert opens_by(user, totp(secret))
    cache.clear()  # a code counts once
    call_command("seal_second_factors", stdout=StringIO())
    assert secret not in kept_secrets(user)
    assert opens_by(user, totp(secret))


def test_a_new_secret_key_reads_what_the_old_one_encrypted_until_all_is_brought_to_it(settings):
    user, secret, old = make_staff(), generate_totp_secret(), settings.SECRET_KEY
    TOTP.activate(user, secret)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [old]
    assert opens_by(user, totp(secret))
    cache.clear()
    call_command("seal_second_factors", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert opens_by(user, totp(secret))
    cache.clear()
    settings.SECRET_KEY = "a third key, without the others"
    call_command("seal_second_factors", stdout=StringIO())
    assert not opens_by(user, totp(secret))
    settings.SECRET_KEY = "another key"
    assert opens_by(user, totp(secret))
