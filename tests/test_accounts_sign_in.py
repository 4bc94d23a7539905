import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from portal.accounts.models import User
from tests.accounts import PASSWORD, errors_of, mailed_code, make_user

pytestmark = pytest.mark.django_db
WRONG = {"login": "aigul@example.kz", "password": "wrong-password-1"}
RIGHT = {"login": "aigul@example.kz", "password": PASSWORD}


def sign_in(client, fields=RIGHT, **headers):
    return client.post("/en/accounts/login/", fields, **headers)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_with_the_password_in_whatever_case_the_address_is_typed(client):
    make_user()
    assert sign_in(client, RIGHT | {"login": " Aigul@Example.KZ "})["Location"] == "/en/profile/"
    assert is_signed_in(client)


def test_sign_in_leads_back_to_where_the_person_was_and_never_to_another_site(client):
    make_user()
    assert sign_in(client, RIGHT | {"next": "/kk/profile/"})["Location"] == "/kk/profile/"
    client.logout()
    assert sign_in(client, RIGHT | {"next": "/kk/measures/x/#support"})["Location"] == "/kk/measures/x/#support"
    client.logout()
    assert sign_in(client, RIGHT | {"next": "https://evil.example/"})["Location"] == "/en/profile/"


def test_a_wrong_password_keeps_the_address_and_says_that_one_of_both_is_wrong(client):
    make_user()
    answer = sign_in(client, WRONG)
    assert errors_of(answer) == {"__all__": ["The e-mail address or the password is not right."]}
    assert answer.context["form"]["login"].value() == "aigul@example.kz"


def test_a_person_signs_in_by_a_mailed_code(client):
    make_user()
    answer = client.post("/en/accounts/login/code/?next=/ru/profile/", {"email": "aigul@example.kz"})
    page = client.get(answer["Location"])
    assert page.status_code == 200
    answer = client.post(answer["Location"], {"code": mailed_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/ru/profile/")
    assert is_signed_in(client)


def test_a_mailed_code_can_be_sent_once_more_and_the_old_one_then_fails(client):
    make_user()
    client.post("/en/accounts/login/code/", {"email": "aigul@example.kz"})
    first = mailed_code()
    client.post("/en/accounts/login/code/confirm/", {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post("/en/accounts/login/code/confirm/", {"code": first})
    assert not is_signed_in(client)
    client.post("/en/accounts/login/code/confirm/", {"code": mailed_code()})
    assert is_signed_in(client)


def test_a_new_code_is_sent_from_the_page_that_asks_for_it(client):
    make_user()
    client.post("/en/accounts/password/reset/", {"email": "aigul@example.kz"})
    page = client.get("/en/accounts/password/reset/confirm/").content.decode()
    form = page.partition('<form id="resend" method="post" action="/en/accounts/password/reset/">')[2]
    fields = dict(re.findall('<input type="hidden" name="(email)" value="(.*?)">', form.partition("</form>")[0]))
    first = mailed_code()
    answer = client.post("/en/accounts/password/reset/", fields)
    second = mailed_code()
    assert (len(mail.outbox), first == second) == (2, False)
    assert client.post(answer["Location"], {"code": first}).status_code == 200
    assert client.post(answer["Location"], {"code": second})["Location"] == "/en/accounts/password/reset/complete/"


def test_a_forgotten_password_is_replaced_by_a_mailed_code(client):
    user = make_user()
    answer = client.post("/en/accounts/password/reset/", {"email": "aigul@example.kz"})
    assert answer["Location"] == "/en/accounts/password/reset/confirm/"
    answer = client.post(answer["Location"], {"code": mailed_code()})
    assert answer["Location"] == "/en/accounts/password/reset/complete/"
    assert errors_of(client.post(answer["Location"], {"password1": "12345678"}))["password1"]
    answer = client.post(answer["Location"], {"password1": "a-quite-new-password"})
    assert answer["Location"] == "/en/profile/"
    assert is_signed_in(client)
    user.refresh_from_db()
    assert user.check_password("a-quite-new-password")
    assert mail.outbox[-1].subject == "Your password has been changed · Test portal"


def test_a_person_changes_the_password(client):
    user = make_user()
    sign_in(client)
    path = "/en/accounts/password/change/"
    assert errors_of(client.post(path, {"oldpassword": "x", "password1": "a-quite-new-password"})) == {
        "oldpassword": ["This is not your current password."]
    }
    answer = client.post(path, {"oldpassword": PASSWORD, "password1": "a-quite-new-password"})
    assert answer["Location"] == "/en/accounts/settings/"
    user.refresh_from_db()
    assert user.check_password("a-quite-new-password")
    assert is_signed_in(client)


def test_a_new_address_counts_when_its_code_is_entered_and_the_old_one_is_told(client):
    user = make_user()
    sign_in(client)
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/en/accounts/email/", {"email": "new@example.kz", "action_add": "1"})
    assert answer["Location"] == "/en/accounts/confirm-email/"
    user.refresh_from_db()
    assert user.email == "aigul@example.kz"
    answer = client.post(answer["Location"], {"code": mailed_code()})
    assert answer["Location"] == "/en/accounts/settings/"
    user.refresh_from_db()
    assert user.email == "new@example.kz"
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [("new@example.kz", True, True)]
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (
        ["aigul@example.kz"],
        "Your e-mail address has been changed · Test portal",
    )


def test_changing_the_address_asks_for_the_password_first_and_then_goes_on(client):
    make_user()
    sign_in(client)
    answer = client.post("/en/accounts/email/", {"email": "new@example.kz", "action_add": "1"})
    assert answer["Location"].startswith("/en/accounts/reauthenticate/")
    page = client.get(answer["Location"])
    assert page.status_code == 200
    answer = client.post(answer["Location"], {"password": PASSWORD, "next": "/en/accounts/email/"})
    assert answer["Location"] == "/en/accounts/confirm-email/"
    assert mail.outbox[-1].to == ["new@example.kz"]


def test_signing_out_takes_a_post(client):
    make_user()
    sign_in(client)
    assert client.get("/kk/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/kk/accounts/logout/")["Location"] == "/kk/"
    assert not is_signed_in(client)


def test_guessing_a_password_is_slowed_down_for_one_address_from_anywhere(client):
    make_user()
    for number in range(5):
        sign_in(client, WRONG, REMOTE_ADDR=f"198.51.100.{number}")
    answer = sign_in(client, RIGHT, REMOTE_ADDR="198.51.100.99")
    assert errors_of(answer) == {
        "__all__": [
            "Too many wrong passwords for this address. Please wait five minutes, or sign in by a code that we send "
            "to it."
        ]
    }


def test_whose_address_is_locked_by_a_strangers_guesses_still_signs_in_by_a_mailed_code(client):
    make_user()
    for number in range(6):
        answer = sign_in(client, WRONG, REMOTE_ADDR=f"198.51.100.{number}")
    assert 'href="/en/accounts/login/code/"' in answer.content.decode()
    assert not is_signed_in(client)

    answer = client.post("/en/accounts/login/code/", {"email": "aigul@example.kz"})
    client.post(answer["Location"], {"code": mailed_code()})
    assert is_signed_in(client)


def test_a_strangers_guesses_do_not_lock_who_is_signed_in_out_of_the_own_account(client):
    make_user()
    sign_in(client)
    for number in range(6):
        sign_in(Client(), WRONG, REMOTE_ADDR=f"198.51.100.{number}")

    for _try in range(4):
        client.post("/en/accounts/reauthenticate/", {"password": "wrong-password-1"})
    answer = client.post("/en/accounts/reauthenticate/", {"password": PASSWORD, "next": "/en/accounts/email/"})
    assert answer["Location"] == "/en/accounts/email/"


def test_guessing_is_slowed_down_for_who_is_signed_in_too(client):
    make_user()
    sign_in(client)
    for _try in range(5):
        client.post("/en/accounts/reauthenticate/", {"password": "wrong-password-1"})
    assert client.post("/en/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    ("language", "path", "fields", "limit"),
    [
        ("en", "signup", {}, 20),
        ("ru", "login", {}, 30),
        ("kk", "password/reset", {"email": "aigul@example.kz"}, 5),
    ],
)
def test_too_many_tries_get_a_page_that_says_so(client, language, path, fields, limit):
    for _try in range(limit):
        assert client.post(f"/{language}/accounts/{path}/", fields).status_code in {200, 302}
    answer = client.post(f"/{language}/accounts/{path}/", fields)
    assert answer.status_code == 429
    with translation.override(language):
        assert f"<h1>{translation.gettext('Too many attempts')}</h1>" in answer.content.decode()


def tries_before_429(client, **headers):
    for number in range(40):
        answer = client.post("/en/accounts/login/", {}, **{k: v.format(number) for k, v in headers.items()})
        if answer.status_code == 429:
            return number
    return None


def test_a_forged_forwarded_address_gains_nothing_without_a_trusted_proxy(client, settings):
    settings.TRUSTED_PROXIES = 0
    assert tries_before_429(client, HTTP_X_FORWARDED_FOR="203.0.113.{}") == 30


def test_a_forged_forwarded_address_gains_nothing_before_a_trusted_proxy(client, settings):
    settings.TRUSTED_PROXIES = 1
    assert tries_before_429(client, HTTP_X_FORWARDED_FOR="203.0.113.{}, 198.51.100.7") == 30


def test_behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(client, settings):
    settings.TRUSTED_PROXIES = 2
    assert tries_before_429(client, HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.{}, 10.0.0.1") is None


@pytest.mark.parametrize("header", ["", "x", ",,,", "203.0.113.1", "999.1.1.1, y"])
def test_a_malformed_forwarded_address_is_never_a_server_error(client, settings, header):
    settings.TRUSTED_PROXIES = 2
    assert client.post("/en/accounts/login/", {}, HTTP_X_FORWARDED_FOR=header).status_code == 200


def test_a_closed_account_is_told_so_only_with_the_right_password(client):
    make_user(is_active=False)
    assert errors_of(sign_in(client, WRONG)) == {"__all__": ["The e-mail address or the password is not right."]}
    assert sign_in(client)["Location"] == "/en/accounts/inactive/"
    assert client.get("/en/accounts/inactive/").status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["login", "login/code", "password/reset", "login/code/confirm", "confirm-email"])
@pytest.mark.parametrize(
    "text",
    ["\x00", "x" * 10_000, "\ufffd", "😀@x.kz", "a@" + "b" * 300 + ".kz"],
    ids=["nul", "long", "broken", "emoji", "long address"],
)
def test_bad_input_at_sign_in_is_never_a_server_error(client, path, text):
    make_user()
    client.post("/en/accounts/login/code/", {"email": "aigul@example.kz"})
    fields = {"login": text, "password": text, "email": text, "code": text, "next": text, "action": text}
    assert client.post(f"/en/accounts/{path}/", fields).status_code in {200, 302}
    assert User.objects.count() == 1


def test_another_host_name_gives_no_new_tries(client):
    make_user()
    for number in range(5):
        sign_in(client, WRONG, HTTP_HOST=f"host{number}.example")
    assert "Too many" in errors_of(sign_in(client, RIGHT, HTTP_HOST="host9.example"))["__all__"][0]
