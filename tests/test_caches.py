"""Nobody gets from a cache what was made for somebody else: every address, in each language, four kinds of people."""

import re
from datetime import UTC, datetime
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from feedback.shared_pages import SHARED
from feedback.versions import versions
from tests.access import address_of, make_world, routes
from tests.test_access import content_of

pytestmark = pytest.mark.django_db
PEOPLE = ("author", "anonymous", "administrator", "participant")
LANGUAGES = ("kk", "ru", "en")
NOON = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC)
# What every answer makes anew.
VARYING = re.compile(
    r'name="(csrfmiddlewaretoken|token|question)" value="[^"]*"|data-human-check="[^"]*"'
    r'|"[a-z_]*lag[a-z_]*": ?[\d.]+|<updated>[^<]*<'
)


class Proxy:
    """A cache before the portal that everybody shares: RFC 9111, and as greedy as that allows."""

    def __init__(self):
        self.kept: dict[str, list[tuple[dict[str, str], HttpResponse]]] = {}
        self.with_cookies: set[str] = set()

    def get(self, browser: Client, address: str, language: str) -> tuple[HttpResponse, bool]:
        """The answer, and whether it is from the cache or may be kept there."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in sorted(browser.cookies.items()))
        asked = {"cookie": cookies, "accept-language": language}
        for varied, answer in self.kept.get(address, []):
            if all(asked.get(name, "") == value for name, value in varied.items()):
                return answer, True
        answer = ask(browser, address, language)
        caching = {part.strip().partition("=")[0] for part in answer.get("Cache-Control", "").lower().split(",")}
        vary = {name.strip().lower() for name in answer.get("Vary", "").split(",")} - {""}
        if (
            caching & {"private", "no-store", "no-cache"}
            or "*" in vary
            or answer.status_code not in {200, 301, 404, 410}
        ):
            return answer, False
        self.with_cookies |= {address} if answer.cookies else set()
        self.kept.setdefault(address, []).append(({name: asked.get(name, "") for name in vary}, answer))
        return answer, True


def ask(browser: Client, address: str, language: str) -> HttpResponse:
    """One answer, whose cookies and rows leave the browser and the database as they were."""
    cookies, before = {name: morsel.value for name, morsel in browser.cookies.items()}, transaction.savepoint()
    answer = browser.get(address, headers={"accept-language": language})
    answer.said = (answer.status_code, answer.get("Location"), VARYING.sub("", content_of(answer)))
    transaction.savepoint_rollback(before)
    browser.cookies = SimpleCookie(cookies)
    return answer


def different(one: tuple, other: tuple) -> tuple[str, str]:
    """Where two answers begin to differ."""
    texts = [" ".join(map(str, answer)) for answer in (one, other)]
    start = next((n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    return tuple(text[max(0, start - 60) : start + 60] for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
@time_machine.travel(NOON, tick=False)  # an hour that begins, or a lag in seconds, is no other's page
def test_no_cache_serves_anybody_what_was_made_for_another(settings, language):
    settings.SHARED_PAGES = True
    versions.forget()
    world, proxy, handler = make_world(), Proxy(), ClientHandler(enforce_csrf_checks=False)
    browsers = [world.browsers[who] for who in PEOPLE]
    for browser in browsers:
        browser.handler = handler  # one process of the portal, and what it keeps
    addresses = [address_of(route, world).replace("/en/", f"/{language}/", 1) for route in routes()]
    shared = [
        address
        for address in addresses
        if [proxy.get(browser, address, language)[1] for browser in browsers] != [False] * len(browsers)
    ]
    crossed = {}
    for address in shared:
        for who, browser in zip(PEOPLE, browsers, strict=True):
            settings.SHARED_PAGES = True
            served, _kept = proxy.get(browser, address, language)
            settings.SHARED_PAGES = False
            if served.said != (own := ask(browser, address, language).said):
                crossed[address] = who, *different(served.said, own)
    assert crossed == {}
    assert proxy.with_cookies == set()
    assert len(shared) >= len(SHARED) + 20  # the pages that everybody shares, and lists of the API
