"""Every text field of every page, of the administration and of the API takes any string: refused, or shown as it is.

The suite fills each field with a few strings in turn; `script/torture suites` (NAUGHTY_ROUNDS) with more of them, and
`strings` with all.
"""

import json
import os
from itertools import cycle
from urllib.parse import quote_plus
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.test import Client
from zeal import zeal_ignore

from feedback.actions.tokens import make_token
from feedback.ledger.sequencer import sequence
from tests.access import address_of, make_world, routes
from tests.admin_pages import admin_routes
from tests.builders import make_moderator, make_participant, staff_client
from tests.dumps import everything_written, made
from tests.naughty import Page, all_strings, forms_of
from tests.test_roles_pages import APART, make_rows
from tests.test_roles_pages import address_of as address_of_rows

pytestmark = pytest.mark.django_db
ROUNDS = int(os.environ.get("NAUGHTY_ROUNDS", "2"))
# A table of many rows, or another way to the same field.
LONG_WAY = ("_history", "_delete")


def content_of(answer) -> str:
    return b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode(errors="replace")


def fill_in(browser: Client, address: str, strings, faults: dict) -> int:
    """Send every form of the page at `address` with the next strings in its text fields; how many fields it had."""
    page = browser.get(address)
    if page.status_code != 200 or "html" not in page.get("Content-Type", ""):
        return 0
    fields = 0
    for form in forms_of(content_of(page), address):
        typed = {name: next(strings) for name in form.typed}
        answer = browser.post(form.to, form.kept | typed)
        fields += len(typed)
        if answer.status_code >= 500:
            faults[form.to] = typed
        elif "html" in answer.get("Content-Type", "") and (executed := Page(content_of(answer)).executed):
            faults[form.to] = executed
    return fields


def public_addresses(world) -> list[str]:
    return [address_of(route, world) for route in routes() if "logout" not in route]


def look_at_everything(browsers, addresses) -> dict:
    """What any page would execute, and which answer is a fault of ours."""
    found = {}
    for browser in browsers:
        for address in addresses:
            answer = browser.get(address)
            kind = answer.get("Content-Type", "")
            text = content_of(answer)
            if answer.status_code >= 500:
                found[address] = answer.status_code
            elif "html" in kind and (executed := Page(text).executed):
                found[address] = executed
            elif "xml" in kind or "svg" in kind:
                ElementTree.fromstring(text.encode())  # noqa: S314 - our own answer
    return found


def test_every_text_field_of_a_page_takes_any_string():
    world, strings, faults = make_world(), cycle(all_strings()), {}
    addresses = public_addresses(world)
    for browser in world.browsers.values():
        browser.raise_request_exception = False
    people = [world.browsers[who] for who in ("author", "participant", "anonymous")]
    counts = [fill_in(browser, at, strings, faults) for _ in range(ROUNDS) for browser in people for at in addresses]
    assert faults == {}
    assert sum(counts) >= 15 * ROUNDS
    sequence()  # what waits for longer than a minute is a fault that /readyz tells of
    assert look_at_everything(people, addresses) == {}
    for message in mail.outbox:
        assert "\n" not in message.subject
    everything_written(made())


def test_every_text_field_of_the_administration_takes_any_string():
    rows, strings, faults = make_rows(), cycle(all_strings()), {}
    browser = staff_client(make_moderator())
    browser.raise_request_exception = False
    addresses = {
        name: address_of_rows(name, route, rows)
        for name, route in admin_routes().items()
        if name not in APART and not name.endswith(LONG_WAY)
    }
    with zeal_ignore():  # a formset that is wrong in every row asks for each; nobody's lists do
        counts = [fill_in(browser, at, strings, faults) for _ in range(ROUNDS) for at in addresses.values()]
    assert faults == {}
    assert sum(counts) >= 60 * ROUNDS
    assert look_at_everything([browser], addresses.values()) == {}


def test_the_api_takes_any_string():
    world = make_world()
    secret = make_token(make_participant().user, name="script", scope="write")[1]
    headers = {"authorization": f"Bearer {secret}"}
    browser = Client(raise_request_exception=False)
    comment = f"/api/v1/comments/{world.comment.pk}/"
    faults = []
    for string in [*all_strings(), "\ud800 lone", "x\udfff"]:
        others = dict.fromkeys(("parent", "language", "stance"), string)
        for address, body in [
            ("/api/v1/comments/", {"measure": world.measure.slug, "text": string}),
            ("/api/v1/comments/", {"measure": string, "text": "x", **others}),
            (f"{comment}report/", {"rule": "spam", "note": string}),
            (f"{comment}report/", {"rule": string, "note": "x"}),
            (f"{comment}vote/", {"value": string}),
            ("/api/v1/comments/", {string: string}),
        ]:
            raw = json.dumps(body).encode()
            answer = browser.post(address, raw, content_type="application/json", headers=headers)
            faults += [(address, body, answer.status_code)] if answer.status_code >= 500 else []
            json.loads(answer.content.decode())  # whole, and in UTF-8
    assert faults == []


def test_the_parameters_of_lists_and_of_search_take_any_string():
    world, browser, faults = make_world(), Client(raise_request_exception=False), []
    names = cycle(["q", "after", "cursor", "limit", "measure", "since", "before", "page", "state", "sort", "language"])
    lists = ["/api/v1/comments/", "/api/v1/measures/", "/api/v1/changes/", "/en/search/", "/en/moderation/", "/en/"]
    addresses = cycle([*lists, f"/en/measures/{world.measure.slug}/"])
    for string in [*all_strings(), "\ud800 lone"]:
        query = quote_plus(string[:2000].encode("utf-8", "surrogatepass"))
        for _ in range(3):
            wanted = f"{next(addresses)}?{next(names)}={query}"
            answer = browser.get(wanted)
            faults += [(wanted, answer.status_code)] if answer.status_code >= 500 else []
    assert faults == []
