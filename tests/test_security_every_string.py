"""Every string in every text field of pages, of the administration and of the API: no fault, stored as normalised or
refused.

The suite sends a few, and none to the administration (tests/test_security_naughty.py does); `script/torture strings`
sends all of NAUGHTY_LISTS and NAUGHTY_DATA, the forms dealt out to workers.
"""

import json
import os
from pathlib import Path

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.test import Client
from zeal import zeal_ignore

from feedback.actions.access import staff_member_of
from feedback.actions.appeals import appeal_sanction
from feedback.actions.sanctions import warn_participant
from feedback.actions.tokens import make_token
from feedback.mail.links import appeal_address
from feedback.models import PaperSheet
from tests.access import make_world
from tests.admin_pages import admin_routes
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, signed_in, staff_client
from tests.every_string import Filling, Form, Lists, distinct, forms_on
from tests.programme_builders import make_measure
from tests.test_roles_pages import APART, address_of, make_rows
from tests.test_security_naughty import public_addresses

pytestmark = pytest.mark.django_db
SHARES = int(os.environ.get("STRING_SHARES", "1"))
REPORT = os.environ.get("STRING_REPORT")
FEW = ["<b>nul\x00, \x1b[31m", "1/0"]


def public_forms():
    world = make_world()
    for who in ("participant", "author", "anonymous"):
        for address in public_addresses(world):
            yield from forms_on(world.browsers[who], address)
    other = make_participant()
    hidden = hide(make_comment(world.measure, by=other, text="Hidden."))
    for address in (f"/en/profile/decisions/{hidden.hiding_decision.pk}/", "/en/paper/"):
        yield from forms_on(signed_in(other), address)
    yield from forms_on(Client(), appeal_address(hidden.hiding_decision, other).replace("https://localhost", ""))
    reset = world.browsers["anonymous"]
    yield from forms_on(reset, "/en/accounts/password/reset/")


def admin_forms():
    rows = make_rows()
    browser = staff_client(make_moderator())
    person, comment = make_participant(), rows["feedback.comment"]
    rule = str(make_rule().pk)
    for form in forms_on(browser, f"/admin/moderation/{make_comment(make_measure(), text='Out.').pk}/"):
        form.values |= {"rule": [make_rule().code]} if "explanation" in form.values else {}
        yield form
    warned = warn_participant(person, by=make_moderator(), rule=make_rule(), explanation="Please read the rules.")
    appeal = appeal_sanction(warned, by=person, text="I have read them.")
    yield from forms_on(browser, f"/admin/moderation/appeals/{appeal.pk}/")
    several = {"action": "decide_selected", ACTION_CHECKBOX_NAME: [comment]}
    answer = browser.post("/admin/feedback/comment/", several)
    for form in forms_on(browser, answer.url):
        form.values |= {"rule": [rule]} if "rule" in form.values else {}
        yield form
    first = PaperSheet.objects.first()
    sheet = {"measure": first.measure, "edition": 1, "language": "en", "printed_by": staff_member_of(make_moderator())}
    PaperSheet.objects.create(number=2, **sheet)
    yield from forms_on(browser, "/admin/feedback/paperbatch/enter/?number=2")
    for name, route in admin_routes().items():
        if name not in APART:
            yield from forms_on(browser, address_of(name, route, rows))


def api_forms():
    world = make_world()
    own, others = (
        {"authorization": f"Bearer {make_token(person.user, name='script', scope='write')[1]}"}
        for person in (world.author, make_participant())
    )
    comment = f"/api/v1/comments/{world.comment.pk}/"
    seen = Client().get("/api/v1/openapi.json").json()
    spoken = {"language": "en", "stance": "for"}
    bodies = {
        ("POST", "/api/v1/comments/"): {"measure": world.measure.slug, "text": "New."} | spoken,
        ("PATCH", comment): {"text": "Newer."} | spoken,
        ("POST", f"{comment}vote/"): {"value": 1},
        ("POST", f"{comment}report/"): {"rule": "spam", "note": "Look."},
        ("POST", f"{comment}withdraw/"): {},
        ("POST", "/api/v1/ledger/witnesses"): {"checkpoint": "x"},
        ("PUT", f"/api/v1/ratings/{world.measure.slug}/support/"): {"value": 2, "edition": 1},
        ("DELETE", f"/api/v1/ratings/{world.measure.slug}/support/"): {"edition": 1},
    }
    written = sum("requestBody" in operation for path in seen["paths"].values() for operation in path.values())
    assert written == len(bodies)
    for (method, to), body in bodies.items():
        limits = dict.fromkeys([*body, "parent"] if "measure" in body else body, 1000)
        limits |= {name: 5000 for name in ("text",) if name in body}
        values = {name: [value] for name, value in body.items()}
        headers = others if to.endswith(("report/", "vote/")) else own
        yield Form(Client(), to, method, values, limits, as_json=True, headers=headers)


def test_strings_sent_by_somebody_who_was_signed_out_meanwhile_are_a_fault():
    browser, rule = staff_client(make_moderator()), make_rule()
    [form] = forms_on(browser, f"/admin/feedback/rule/{rule.pk}/change/")
    filling = Filling(Lists(words=FEW, data=[]))
    browser.logout()
    filling.fill(form)
    assert list(filling.faults) == ["signed out POST /admin/feedback/rule/"]


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("made", [public_forms, api_forms, *([admin_forms] if SHARES > 1 else [])])
def test_every_text_field_takes_every_string_or_refuses_it(made, share):
    lists = Lists() if SHARES > 1 else Lists(words=FEW, data=["\u05d0(\u202e"])
    filling = Filling(lists)
    with zeal_ignore():  # a formset that is wrong in every row asks for each; nobody's lists do
        forms = sorted(distinct(made()), key=lambda form: -len(form.limits))
        for form in forms[share::SHARES]:
            filling.fill(form)
            mail.outbox.clear()
            if REPORT:
                Path(REPORT, f"{made.__name__}-{share}.json").write_text(json.dumps(filling.told()))
    assert list(filling.faults.items()) == []
    assert filling.counts["free fields"] >= 3 or SHARES > 1
