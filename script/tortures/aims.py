"""What there is to attack in the administration: its addresses with their parameters, and which of these repeat others.

Two parameters are of one kind where the same code reads them: the fields of a model's form for adding and for changing,
those of the rows of one formset, of one text in three languages; the counts of all formsets, the buttons of all forms,
and of lists the page and the like. Of a kind, one is attacked.
"""

import json
import re
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.test import Client, override_settings
from lxml import html

from tests.admin_pages import admin_routes
from tests.builders import make_comment, make_moderator, staff_client
from tests.programme_builders import make_measure
from tests.test_roles_pages import APART, address_of, make_rows

HOST = {"host": "127.0.0.1"}
OF_REQUESTS = "csrfmiddlewaretoken"
OF_EVERY_FORM = re.compile("^_(save|continue|addanother|saveasnew|popup|to_field|changelist_filters|facets)$")
OF_EVERY_LIST = {"p", "all", "e", "_facets", "action", "select_across", "index", "_selected_action"}
FORMSET = re.compile("-(TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS)$")
SHOWN = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/)")


def administration() -> tuple[Client, list[str]]:
    """An administrator's browser, and the address of every page of the administration, with rows for all of them."""
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}):
        rows = make_rows()
    browser = staff_client(make_moderator())
    out = make_comment(make_measure(), text="Out.")
    pages = [address_of(name, route, rows) for name, route in admin_routes().items() if name not in APART]
    # First the rows, whose forms are filled in, so that attacks reach further than to a required field; last what
    # deletes them.
    pages = sorted(dict.fromkeys(pages), key=lambda path: ("/delete/" in path, "/change/" not in path, "/add/" in path))
    return browser, [*pages, f"/admin/moderation/{out.pk}/"]


def told() -> str:
    """As JSON: the session of an administrator; every aim; and what answers otherwise than with a page."""
    browser, pages = administration()
    aims, others, seen = [], {}, set()
    for path in pages:
        answer = browser.get(path, headers=HOST)
        if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
            others[path] = answer.status_code
            b"".join(answer) if answer.streaming else None
            continue
        aims += aims_of(browser, path, html.fromstring(answer.content.decode()), seen)
    session = settings.SESSION_COOKIE_NAME
    return json.dumps({"session": f"{session}={browser.cookies[session].value}", "aims": aims, "others": others})


def aims_of(browser, path: str, page, seen: set) -> list[dict]:
    """The forms that a page sends, and the same page with every parameter of its links and of its search at once."""
    posted, asked = [], {}
    for form in page.forms:
        names = [name for each in form.xpath(".//*[@name]") if (name := each.get("name")) != OF_REQUESTS]
        if form.method == "GET":
            asked |= dict.fromkeys(names, "1")
        elif names and "logout" not in (form.action or ""):
            posted += names
    for link in page.xpath("//a/@href"):
        where, _mark, query = link.partition("?")
        if query and where in {"", path}:
            asked = {name: value or "1" for name, value in parse_qsl(query, keep_blank_values=True)} | asked
    found = [made("forms", path, path, posted, seen)]
    asked.pop("e", None)
    if asked:
        while asked and browser.get(with_all := f"{path}?{urlencode(asked)}", headers=HOST).status_code != 200:
            asked.popitem()
        found.append(made("query", path, with_all if asked else path, list(asked), seen))
    return found


def made(what: str, path: str, address: str, names: list[str], seen: set) -> dict:
    repeated = []
    names = list(dict.fromkeys(names))
    for name in names:
        kind = kind_of(what, path, name)
        repeated += [name] if kind in seen else []
        seen.add(kind)
    return {"what": what, "path": path, "address": address, "names": names, "repeated": repeated}


def kind_of(what: str, path: str, name: str) -> tuple[str, ...]:
    if name in OF_EVERY_LIST or OF_EVERY_FORM.match(name):
        return what, name
    if formset := FORMSET.search(name):
        return what, formset[1]
    bare = re.sub(r"-(\d+|__prefix__)-", "-#-", name)
    bare = re.sub("_(kk|ru|en)$", "_#", re.sub(r"(?<=label)_\d", "_#", bare))
    return what, re.sub(r"/(add|#/change)/$", "/", SHOWN.sub("#", path)), bare
