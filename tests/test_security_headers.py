"""Headers and cookies of every answer; no page of ours leads elsewhere or takes a form from elsewhere."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.test import Client, RequestFactory

from portal.message_storage import MessageCookie
from tests.accounts import PASSWORD as OTHER_PASSWORD
from tests.admin_pages import admin_pages
from tests.builders import PASSWORD, make_comment, make_moderator, make_participant, make_user, signed_in, staff_client
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "HTTPS": "true",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
}
ELSEWHERE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]


def pages() -> list[str]:
    measure = make_measure()
    comment = make_comment(measure)
    page = f"/en/measures/{measure.slug}/"
    return [
        "/",
        "/en/",
        page,
        f"{page}comments/{comment.pk}/",
        f"{page}card.png",
        f"{page}feed/",
        "/en/search/?q=school",
        "/en/moderation/",
        "/en/moderation/log.csv",
        "/en/privacy/",
        "/en/accounts/login/",
        "/en/accounts/signup/",
        "/en/profile/",
        "/en/nothing-here/",
        "/robots.txt",
        "/sitemap.xml",
        "/healthz",
        "/readyz",
        "/.well-known/security.txt",
        "/api/v1/",
        "/api/v1/comments/",
        "/api/v1/docs/",
        "/api/v1/openapi.json",
        "/api/nowhere",
    ]


def shortcomings(answer, *, embeds: bool = False) -> list[str]:
    """Which of the promised headers an answer lacks."""
    policy = answer.get("Content-Security-Policy", "")
    frames = "frame-ancestors *" if embeds else "frame-ancestors 'none'"
    wanted = {
        "default-src": "default-src 'none'" in policy,
        "inline": "unsafe" not in policy,
        "frames": frames in policy and (embeds or answer.get("X-Frame-Options") == "DENY"),
        "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
        "referrer": answer.get("Referrer-Policy") == "same-origin",
        "opener": answer.get("Cross-Origin-Opener-Policy") == "same-origin",
        "permissions": "geolocation=()" in answer.get("Permissions-Policy", ""),
    }
    return [name for name, holds in wanted.items() if not holds]


def test_every_public_page_carries_the_headers_of_safety():
    for browser in (Client(), signed_in(make_participant())):
        found = {page: shortcomings(browser.get(page)) for page in pages()}
        assert found == dict.fromkeys(found, [])


def test_every_page_of_the_administration_carries_them():
    browser = staff_client(make_moderator())
    found = {name: shortcomings(browser.get(page)) for name, page in admin_pages().items()}
    assert found == dict.fromkeys(found, [])


def test_a_widget_alone_may_stand_in_another_site_s_frame(client):
    answer = client.get(f"/en/embed/measures/{make_measure().slug}/")
    assert (answer.status_code, shortcomings(answer, embeds=True)) == (200, [])


def run(*arguments: str, **changes) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///:memory:"} | PRODUCTION | changes
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_the_deployment_check_has_nothing_to_say():
    check = run("check", "--deploy", "--fail-level", "WARNING")
    assert (check.returncode, check.stdout.strip()) == (0, "System check identified no issues (0 silenced).")


def test_cookies_in_production_are_bound_to_the_host_and_to_tls():
    names = ["SESSION_COOKIE", "CSRF_COOKIE"]
    script = "from django.conf import settings as s; print([(getattr(s, n + '_NAME'), getattr(s, n + '_SECURE'), " + (
        f"getattr(s, n + '_SAMESITE'), getattr(s, n + '_PATH'), getattr(s, n + '_DOMAIN')) for n in {names}], "
        "s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_SSL_REDIRECT)"
    )
    said = run("shell", "--no-imports", "-c", script).stdout.strip().splitlines()[-1]
    cookies = [("__Host-session", True, "Lax", "/", None), ("__Host-csrf", True, "Lax", "/", None)]
    assert said == f"{cookies} True True"


def test_the_cookie_of_messages_is_bound_as_well(settings):
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    storage = MessageCookie(RequestFactory().get("/"))
    storage.add(messages.SUCCESS, "It is in.")
    storage.update(response)
    (cookie,) = response.cookies.values()
    assert {name: cookie[name] for name in ("secure", "httponly", "samesite", "path", "domain")} == {
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
        "path": "/",
        "domain": "",
    }
    script = "from django.conf import settings; print(settings.MESSAGE_COOKIE_NAME)"
    assert run("shell", "--no-imports", "-c", script).stdout.split()[-1] == "__Host-messages"


def test_security_txt_says_where_to_report_and_is_not_out_of_date(client, settings):
    settings.OPERATOR_EMAIL = "safe@example.org"
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)
    assert (answer["Content-Type"], fields) == (
        "text/plain; charset=utf-8",
        {
            "Contact": "mailto:safe@example.org",
            "Preferred-Languages": "kk, ru, en",
            "Canonical": f"{settings.SITE_URL}/.well-known/security.txt",
        },
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    "page", ["accounts/login/", "accounts/signup/", "accounts/logout/", "profile/pace/", "profile/delete/"]
)
def test_a_form_without_its_token_is_a_403_in_the_page_s_language(language, page):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user())
    answer = browser.post(f"/{language}/{page}", {"text": "x"}, headers={"origin": "https://evil.example"})
    assert (answer.status_code, f'<html lang="{language}"' in answer.content.decode()) == (403, True)


def test_no_form_of_the_administration_is_taken_without_its_token():
    user = make_moderator()
    sound = staff_client(user)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = sound.cookies
    pages = admin_pages()
    answers = {name: browser.post(page).status_code for name, page in pages.items()}
    assert {name: status for name, status in answers.items() if status != 405} == dict.fromkeys(
        [name for name, status in answers.items() if status != 405], 403
    )


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/en/accounts/login/", {"login": "me@example.org", "password": PASSWORD}),
        ("/en/accounts/logout/", {}),
        ("/en/accounts/reauthenticate/", {"password": PASSWORD}),
        ("/en/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD}),
        ("/en/accounts/login/code/", {"email": "me@example.org"}),
        ("/admin/login/", None),
    ],
)
def test_no_way_leads_to_another_site(page, fields, elsewhere):
    user = make_moderator(email="me@example.org")
    browser = Client() if page == "/en/accounts/login/" or page.endswith("code/") else staff_client(user)
    answers = [browser.get(page, {"next": elsewhere})]
    if fields is not None:
        answers.append(browser.post(f"{page}?next={elsewhere}", {**fields, "next": elsewhere}))
    places = [answer["Location"] for answer in answers if answer.status_code in {301, 302}]
    assert [place for place in places if not re.match(r"/(?![/\\])", place)] == []
    assert [place for place in places if place.startswith(elsewhere)] == []
