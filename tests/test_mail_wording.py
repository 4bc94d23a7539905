"""Every mail as its reader sees it: whole in each language, with that language's dates and plurals."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from django.conf import settings as django_settings
from django.core import mail
from django.utils.timezone import make_aware

from feedback.text import detect_language
from tests.accounts import make_user

pytestmark = pytest.mark.django_db
TEMPLATES = Path(django_settings.BASE_DIR) / "templates"
NOTICES = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for app in ("account", "mfa")
    for path in (TEMPLATES / app / "email").glob("*_subject.txt")
)
LANGUAGES = ("kk", "ru", "en")
# What stands in every language alike: addresses, the code, and the names of portal and operator.
NAMES = re.compile(r"https?://\S+|\S+@\S+|192\.0\.2\.1|ABC-123|Test portal|Test operator")
SHORTEST = 25  # letters from which a text's language can be told


@pytest.fixture(autouse=True)
def names(settings):
    settings.SITE_NAME, settings.OPERATOR_NAME = "Test portal", "Test operator"


def rendered(notice, language, moment=None):
    """Subject and body of a notice to an account of this language."""
    address = f"{language}@example.kz"
    make_user(address, language=language)
    get_adapter().send_mail(
        notice,
        address,
        {
            "code": "ABC-123",
            "timestamp": moment or datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
            "ip": "192.0.2.1",
            "from_email": "old@example.kz",
            "to_email": "new@example.kz",
            "deleted_email": "old@example.kz",
        },
    )
    return mail.outbox[-1].subject, mail.outbox[-1].body


def own_lines(subject, body):
    """The lines that are words, without what is alike in every language."""
    lines = (NAMES.sub("", line).strip() for line in [subject, *body.splitlines()])
    return [line for line in lines if re.search(r"[^\W\d_]", line)]


def test_all_notices_are_looked_at():
    assert len(NOTICES) >= 17


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_has_no_text_of_another_language(notice):
    lines = {language: own_lines(*rendered(notice, language)) for language in LANGUAGES}
    assert {language: len(lines[language]) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, len(lines["en"]))
    foreign = [
        (language, line)
        for language in LANGUAGES
        for line in lines[language]
        if re.search("[а-яёәғқңөұүһі]" if language == "en" else "[a-z]", line, re.IGNORECASE)
        or (len(re.findall(r"[^\W\d_]", line)) >= SHORTEST and detect_language(line) != language)
    ]
    assert foreign == []
    assert set(lines["kk"]) & set(lines["ru"]) == set()


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("kk", "2026\xa0ж. 23\xa0қараша, 14:05"),
        ("ru", "23\xa0ноября 2026\xa0г., 14:05"),
        ("en", "23 November 2026, 14:05"),
    ],
)
def test_a_notice_says_when_in_the_form_of_its_language(language, moment):
    _subject, body = rendered("account/email/password_changed", language, make_aware(datetime(2026, 11, 23, 14, 5)))
    assert moment in body


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        ("ru", 1, "1 минуту."),
        ("ru", 2, "2 минуты."),
        ("ru", 5, "5 минут."),
        ("ru", 15, "15 минут."),
        ("ru", 21, "21 минуту."),
        ("kk", 1, "1 минут жарамды."),
        ("kk", 21, "21 минут жарамды."),
        ("en", 1, "1 minute."),
        ("en", 2, "2 minutes."),
    ],
)
def test_a_notice_counts_minutes_in_the_plural_of_its_language(settings, language, minutes, words):
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = minutes * 60
    assert minutes * 60 == app_settings.LOGIN_BY_CODE_TIMEOUT
    _subject, body = rendered("account/email/login_code", language)
    assert words in body
