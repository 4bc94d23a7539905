"""Builders and small readers for the tests of accounts."""

import base64
import html
import json
import re
from smtplib import SMTPRecipientsRefused

from allauth.account.models import EmailAddress
from altcha import solve_challenge_v1
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from portal.accounts.models import User

PASSWORD = "kumis-in-the-steppe-7"
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def make_user(email="aigul@example.kz", **fields):
    """A person whose address is proved."""
    user = User.objects.create_user(email, PASSWORD, **{"display_name": "Айгүл", "language": "en", **fields})
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def challenge_of(page):
    return json.loads(html.unescape(re.search(r'data-human-check="([^"]*)"', page)[1]))


def solve(challenge):
    """What the browser's script sends for an altcha challenge."""
    found = solve_challenge_v1(
        challenge=challenge["challenge"], salt=challenge["salt"], algorithm="SHA-256", max_number=50_000, start=0
    )
    answer = {key: challenge[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(answer | {"number": found.number}).encode()).decode()


def question_of(page):
    """The token of the question in words, and its right answer (pages in English)."""
    token = re.search(r'name="question" value="([^"]*)"', page)[1]
    first, second = re.search(r"How much is (\w+) plus (\w+)\?", page).groups()
    return token, str(WORDS.index(first) + WORDS.index(second))


def registration(client, at="en", **changes):
    """What a person fills in on the registration page, the human check solved."""
    page = client.get(f"/{at}/accounts/signup/").content.decode()
    fields = {
        "email": "aigul@example.kz",
        "password1": PASSWORD,
        "display_name": "Айгүл Ә.",
        "language": at,
        "region": "",
        "age_band": "",
        "gender": "",
        "minimum_age": "on",
        "consent": "on",
        "altcha": solve(challenge_of(page)),
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def register(client, at="en", **changes):
    return client.post(f"/{at}/accounts/signup/", registration(client, at, **changes))


def mailed_code(message=None):
    """The code in the last mail."""
    body = (message or mail.outbox[-1]).body
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", body, re.MULTILINE)[1]


def errors_of(response):
    """All error messages that a page's form shows, by field."""
    return {field: [str(error) for error in errors] for field, errors in response.context["form"].errors.items()}


class BrokenMail(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise OSError("the mail server does not answer")


class RefusingMail(BaseEmailBackend):
    """A mail server that wants no mail for these addresses."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused(dict.fromkeys(messages[0].to, (550, b"no such box")))


def sign_in(client, email="aigul@example.kz"):
    """Sign in, and confirm once more who it is, as changes to an account require."""
    client.post("/en/accounts/login/", {"login": email, "password": PASSWORD})
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
