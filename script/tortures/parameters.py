"""Every request with a parameter that pages, API and administration take, as it is sent: for `script/torture sqlmap`.

Links, search forms and forms are found in the pages themselves, by somebody who is signed in; the API's in its
description. Where the same code reads two parameters (see aims.py), the first is attacked.
"""

import json
import re
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from feedback.actions.tokens import make_token
from script.tortures.aims import HOST, OF_EVERY_LIST, OF_REQUESTS, administration, kind_of
from tests.browser.pages import PLACES
from tests.browser.world import BUSY, make_world
from tests.builders import signed_in

# What ends the session that the others need.
LAST = re.compile("/(logout|delete|password)/|/accounts/(email|2fa)/")
NEVER = re.compile("/logout/")
MADE_UP = {"integer": 1, "boolean": "true", "date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01"}
DEMO = {"participants": 30, "comments": 60, "ratings": 200}


class Found:
    """Requests with what is to be attacked in each, and nothing twice."""

    def __init__(self, cookies: str, headers: dict[str, str]):
        self.requests, self.seen, self.repeated = [], set(), 0
        self.headers = {"Cookie": cookies} | headers

    def add(self, method: str, path: str, names: list[str], body: str = "", kind: str = "") -> None:
        """`names` of the query or of `body`; with none, the last part of `path` that is a word."""
        address, _mark, query = path.partition("?")
        new = []
        for name in dict.fromkeys(names):
            which = self.kind(method, address, name)
            self.repeated += which in self.seen
            new += [name] if which not in self.seen else []
            self.seen.add(which)
        if new:
            asked = {"method": method, "path": path, "names": new, "body": body, "type": kind}
            self.requests.append(asked | {"headers": self.headers})
        self.add_words(method, address, query, body, kind)

    def add_words(self, method: str, address: str, query: str, body: str, kind: str) -> None:
        """The words in an address itself, such as a measure's."""
        for name, value in self.words_of(address).items():
            view = "of a row" if address.startswith("/admin/") else resolve(address).view_name
            which = (method, view, f"in the address: {name}")
            if which in self.seen:
                continue
            self.seen.add(which)
            marked = address.replace(f"/{value}", f"/{value}*", 1) + (f"?{query}" if query else "")
            asked = {"method": method, "path": marked, "names": [], "body": body, "type": kind}
            self.requests.append(asked | {"headers": self.headers})

    def words_of(self, address: str) -> dict[str, str]:
        found = resolve(address).captured_kwargs.items()
        return {name: value for name, value in found if isinstance(value, str) and f"/{value}" in address}

    def kind(self, method: str, address: str, name: str) -> tuple[str, ...]:
        if address.startswith("/admin/"):
            return method, *kind_of(method, address, name)
        return method, resolve(address).view_name, re.sub(r"-\d+-", "-#-", name)

    def take(self, other: "Found") -> None:
        self.requests += other.requests
        self.repeated += other.repeated

    def told(self) -> dict:
        return {"requests": self.requests, "repeated": self.repeated}


def of_administration() -> str:
    """As JSON: what an administrator's forms, lists and links send."""
    browser, pages = administration()
    found = Found(*as_a_browser(browser))
    for path in pages:
        look(browser, path, found)
    return json.dumps(found.told())


def of_pages() -> str:
    """As JSON: what the public pages send, of somebody who wrote comments there; and what the API is asked and sent."""
    world = make_world(DEMO)
    author = world.people["author"]
    browser = signed_in(author)
    session = browser.session
    record_authentication(SimpleNamespace(session=session), author.user, "password", reauthenticated=True)
    session.save()
    found = Found(*as_a_browser(browser))
    stranger, strange = Client(), Found(*as_a_browser(Client()))
    pages = {}
    for place in PLACES:
        if place.who in {"", "author"} and place.status == 200:
            pages[place.url("en", world)] = place.address.startswith("account_") and not place.who
    for path, for_strangers in sorted(pages.items(), key=lambda page: bool(LAST.search(page[0]))):
        if for_strangers:  # such as registration, which leads on who is signed in
            look(stranger, path, strange)
        look(browser, path, found)
    found.take(strange)
    _token, secret = make_token(author.user, name="sqlmap", scope="write")
    api, comment = Found("", {"Authorization": f"Bearer {secret}"}), str(world.comments["thread"].pk)
    of_the_api(browser.get("/api/v1/openapi.json", headers=HOST).json(), api, {
        "id": comment, "parent": comment, "comment": comment, "slug": BUSY, "measure": BUSY, "text": "Own words.",
        "programme": "fair-kazakhstan", "principle": "fair-society", "area": "education", "question": "support",
        "rule": "respect", "code": "respect", "fields": "measure", "name": "latest", "file": "comments.csv",
        "leaf_hash": "0" * 64, "page_size": 10,
    })  # fmt: skip
    found.take(api)
    return json.dumps(found.told())


def as_a_browser(browser) -> tuple[str, dict[str, str]]:
    """Its cookies, and the header that shows a form to be the portal's own."""
    secret = "t" * 32
    cookies = {settings.CSRF_COOKIE_NAME: secret} | {name: each.value for name, each in browser.cookies.items()}
    return "; ".join(f"{name}={value}" for name, value in cookies.items()), {"X-CSRFToken": secret}


def look(browser, path: str, found: Found) -> None:
    """Add what a page's forms and links would send, and the page's own query."""
    answer = browser.get(path, headers=HOST)
    if answer.streaming:
        b"".join(answer)
        return
    if "html" not in answer.get("Content-Type", "") or not answer.content:
        return
    page = html.fromstring(answer.content.decode())
    add_query(browser, path, path, found)
    for link in page.xpath("//a/@href"):
        add_query(browser, path, link, found)
    for form in page.forms:
        values = [(name, value) for name, value in form.form_values() if name != OF_REQUESTS]
        names = [name for each in form.xpath(".//*[@name]") if (name := each.get("name")) != OF_REQUESTS]
        values += [(name, "1") for name in dict.fromkeys(names) if name not in dict(values)]
        action = urljoin(path, form.action or path).partition("#")[0]
        if not names or not ours(action) or NEVER.search(action):
            continue
        if form.method == "GET":
            add_query(browser, path, f"{action.partition('?')[0]}?{urlencode(values)}", found)
        else:
            found.add("POST", action, names, urlencode(values), "application/x-www-form-urlencoded")


def add_query(browser, base: str, link: str, found: Found) -> None:
    target = urljoin(base, link).partition("#")[0]
    if ours(target) and not NEVER.search(target):
        parts = urlsplit(target)
        values = [(name, value or "1") for name, value in parse_qsl(parts.query, keep_blank_values=True)]
        names = [name for name, _value in values]
        known = parts.path.startswith("/admin/") and {*OF_EVERY_LIST} - {"p", "_facets"}
        found.add("GET", f"{parts.path}?{urlencode(values)}" if names else parts.path,
                  [name for name in names if not known or name not in known])  # fmt: skip


def ours(target: str) -> bool:
    try:
        resolve(urlsplit(target).path)
    except Resolver404:
        return False
    return target.startswith("/") and not target.startswith("//")


def of_the_api(description: dict, found: Found, known: dict) -> None:
    """Add each parameter of each operation by itself, for a wrong one ends the request; and the fields it takes."""
    schemas = description["components"]["schemas"]
    for route, methods in description["paths"].items():
        path = re.sub(r"{(\w+)}", lambda name: known[name[1]], route)
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                body = made_up(content["schema"], schemas)
                body |= {name: known[name] for name in body.keys() & known.keys()}
                found.add(method.upper(), path, list(body), json.dumps(body), "application/json")
            asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
            values = {each["name"]: known.get(each["name"]) or made_up(each["schema"], schemas) for each in asked}
            wanted = {each["name"]: values[each["name"]] for each in asked if each.get("required")}
            for name, value in values.items():
                found.add(method.upper(), f"{path}?{urlencode(wanted | {name: value})}", [name])


def made_up(schema: dict, schemas: dict):
    """A value that `schema` takes, or nearly."""
    if "$ref" in schema:
        return made_up(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    for choice in ("allOf", "oneOf", "anyOf"):
        if choice in schema:
            return made_up(schema[choice][0], schemas)
    if schema.get("enum"):
        return schema["enum"][0]
    if isinstance(schema.get("type"), list):
        return made_up(schema | {"type": schema["type"][0]}, schemas)
    if schema.get("type") == "object" or "properties" in schema:
        return {name: made_up(each, schemas) for name, each in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [made_up(schema["items"], schemas)]
    return MADE_UP.get(schema.get("format") or schema.get("type"), "words")
