"""No answer tells whether an address has an account: each pair of requests gets the same status, headers and body."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from portal.accounts.models import User
from tests.accounts import PASSWORD, make_user, register, sign_in

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "known@example.kz", "unknown@example.kz"
VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="question" value="[^"]*"|data-human-check="[^"]*"|How much is [^?]*'
)


@pytest.fixture(autouse=True)
def known():
    return make_user(KNOWN)


def seen(response, address):
    """All that a client can see of an answer, without what changes with every request."""
    body = VARYING.sub("", response.content.decode()).replace(address, "ADDRESS")
    cookies = {
        name: (bool(cookie.value), cookie["max-age"], cookie["path"]) for name, cookie in response.cookies.items()
    }
    headers = {name: value for name, value in response.headers.items() if name not in {"Content-Length", "Expires"}}
    return response.status_code, headers, cookies, body


def walk(client_class, address, steps):
    """Each answer on the way, and on the pages that it leads to."""
    client = client_class()
    answers = []
    for path, data in steps:
        response = client.post(path, {name: value.replace("{}", address) for name, value in data.items()})
        answers.append(seen(response, address))
        if response.status_code == 302:
            answers.append(seen(client.get(response["Location"]), address))
    return answers


CODES = [{"code": "AAAAAA"}] * 4
WAYS = {
    "sign-in": [("/en/accounts/login/", {"login": "{}", "password": "wrong-password-1"})] * 6,
    "sign-in by code": [
        ("/en/accounts/login/code/", {"email": "{}"}),
        ("/en/accounts/login/code/confirm/", {"action": "resend"}),
        *[("/en/accounts/login/code/confirm/", code) for code in CODES],
    ],
    "password reset": [
        ("/en/accounts/password/reset/", {"email": "{}"}),
        *[("/en/accounts/password/reset/confirm/", code) for code in CODES],
        ("/en/accounts/password/reset/complete/", {"password1": PASSWORD}),
    ],
    "too many codes": [("/en/accounts/login/code/", {"email": "{}"})] * 6,
    "too many resets": [("/en/accounts/password/reset/", {"email": "{}"})] * 6,
}


@pytest.mark.parametrize("way", WAYS)
def test_an_unknown_address_is_answered_as_a_known_one(client, way):
    assert walk(type(client), KNOWN, WAYS[way]) == walk(type(client), UNKNOWN, WAYS[way])


def test_registering_a_known_address_is_answered_as_a_new_one(client):
    answers = []
    for address in (KNOWN, UNKNOWN):
        browser = type(client)()
        first = register(browser, email=address)
        steps = [first, browser.get(first["Location"])]
        steps += [browser.post("/en/accounts/confirm-email/", {"action": "resend"})]
        steps += [browser.post("/en/accounts/confirm-email/", code) for code in CODES]
        steps += [browser.get("/en/accounts/confirm-email/"), browser.get("/en/accounts/login/")]
        answers.append([seen(step, address) for step in steps])
    assert answers[0] == answers[1]
    assert User.objects.filter(email=KNOWN).count() == 1


def test_changing_to_a_known_address_is_answered_as_to_a_new_one(client):
    answers = []
    for address in (KNOWN, UNKNOWN):
        User.objects.filter(email="me@example.kz").delete()
        me = make_user("me@example.kz")
        browser = type(client)()
        sign_in(browser, "me@example.kz")
        first = browser.post("/en/accounts/email/", {"email": address, "action_add": "1"})
        assert first["Location"] == "/en/accounts/confirm-email/"
        steps = [first, browser.get(first["Location"])]
        steps += [browser.post("/en/accounts/confirm-email/", code) for code in CODES]
        steps += [browser.get("/en/accounts/email/")]
        answers.append([seen(step, address) for step in steps])
        me.refresh_from_db()
        assert me.email == "me@example.kz"
    assert answers[0] == answers[1]


def test_a_mail_goes_out_either_way(client):
    for path, field in [("login/code/", "email"), ("password/reset/", "email")]:
        for address in (KNOWN, UNKNOWN):
            mail.outbox.clear()
            type(client)().post(f"/en/accounts/{path}", {field: address})
            assert [message.to for message in mail.outbox] == [[address]]


@pytest.mark.parametrize(
    "send",
    [
        lambda client, address: client.post("/en/accounts/login/", {"login": address, "password": "wrong-password-1"}),
        lambda client, address: register(client, email=address),
        lambda client, address: client.post("/en/accounts/login/code/", {"email": address}),
        lambda client, address: client.post("/en/accounts/password/reset/", {"email": address}),
    ],
    ids=["sign-in", "registration", "code", "reset"],
)
def test_a_known_and_an_unknown_address_cost_as_many_password_hashes(client, send, monkeypatch):
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashes.append(1) or encode(*args))
    counts = []
    for address in (KNOWN, UNKNOWN):
        hashes.clear()
        send(type(client)(), address)
        counts.append(len(hashes))
    assert counts[0] == counts[1]
    assert counts[0] <= 1
