"""Every form of the administration changes the same with all fields of all models in it as with its own alone."""

from datetime import UTC, datetime
from functools import partial

import pytest
import time_machine
from lxml import html
from zeal import zeal_ignore

from tests.admin_pages import admin_routes
from tests.builders import make_moderator, staff_client
from tests.naughty import LEFT_ALONE
from tests.test_roles_pages import APART, address_of, make_rows
from tests.test_unlisted_fields import changes, differing, every_field, keys, rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, 5, tzinfo=UTC)
# Addresses that change rows, at the least, when a form is sent as it stands with a word in each empty field.
WRITING = 20


def forms_on(browser, address: str) -> list[tuple[str, dict, set[str]]]:
    """Of every form that the page would send, once for each of its buttons: where to, what, and all names of its
    fields, those that are not ticked among them."""
    page = browser.get(address)
    if page.streaming:
        b"".join(page)  # closes the file
        return []
    if page.status_code != 200 or "html" not in page.get("Content-Type", ""):
        return []
    found = []
    for form in html.fromstring(page.content).forms:
        to = (form.action or address).split("#")[0]
        if form.method != "POST" or any(part in to for part in LEFT_ALONE):
            continue
        values: dict = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        for field in form.xpath(".//textarea|.//input[@type='text']"):
            if not (field.value or "").strip() and field.name:
                values[field.name] = ["Qown"]
        buttons = form.xpath(".//button[@name]|.//input[@type='submit'][@name]")
        names = {field.name for field in form.inputs if field.name}
        pressed = [{button.get("name"): button.get("value") or ""} for button in buttons] or [{}]
        found += [(to, values | button, names) for button in pressed]
    return found


def sent(browser, to: str, body: dict):
    answer = browser.post(to, body)
    if answer.streaming:
        b"".join(answer)  # closes the file
    return answer


@time_machine.travel(NOW, tick=False)
def test_a_form_of_the_administration_changes_no_more_with_every_field_in_it():
    made = make_rows()
    browser = staff_client(make_moderator())
    browser.raise_request_exception = False
    addresses = [address_of(name, route, made) for name, route in admin_routes().items() if name not in APART]
    extra = {name: value for name, value in every_field().items() if name not in {"token", "action", "key"}}
    wrote, faults = set(), {}
    with zeal_ignore():  # a formset that is wrong in every row asks for each; nobody's lists do
        for at in addresses:
            forms = forms_on(browser, at)
            before = rows(known := keys())
            for to, own, names in forms:
                more = {name: value for name, value in extra.items() if name not in names} | own
                alone, full = (changes(partial(sent, browser, to, body), before, known) for body in (own, more))
                if alone[1]:
                    wrote.add(to)
                if difference := differing(alone, full):
                    faults[to] = difference[:3]
    assert faults == {}
    assert len(wrote) >= WRITING
