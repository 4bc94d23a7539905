"""Hostile strings in every column of words: no page, list, feed or picture makes Chromium execute one of them.

In the suite each column takes its next string once, and one page of each address is opened; `script/torture suites`
(CANARY_ROUNDS) opens every page in every state, the staff's histories and warnings too, and goes on with the next
strings, those of NAUGHTY_LISTS among them.
"""

import os
from itertools import cycle

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.actions.access import staff_member_of
from feedback.actions.appeals import appeal_decision
from feedback.actions.exports import request_export
from feedback.actions.reactions import report_comment
from feedback.actions.tokens import make_token
from feedback.export.making import Order
from feedback.export.official import DECISIONS
from feedback.models import (
    Appeal,
    BulkDecision,
    PaperBatch,
    PaperSheet,
    SavedExplanation,
    StaffNote,
    WatchWord,
)
from tests.browser.canaries import LOOK, LOOK_AT_FEED, Watch, plant
from tests.browser.pages import MODERATING, READING, TAKING_PART, enter
from tests.browser.test_admin_pages import pages_of_admin
from tests.browser.world import BUSY, World, make_world
from tests.builders import make_moderator, make_rule
from tests.naughty import CANARY, all_strings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
ROUNDS = int(os.environ.get("CANARY_ROUNDS", "0"))
PLACES = [place for place in READING + TAKING_PART + MODERATING if not place.act and place.status == 200]
ONE_EACH = list({(place.address, place.who): place for place in PLACES}.values())
PICTURES = (f"/en/embed/measures/{BUSY}/badge.svg",)
FEEDS = (f"/en/measures/{BUSY}/feed/", "/en/programmes/fair-kazakhstan/feed/")


def more_of_admin() -> dict[str, str]:
    """The lists and rows; the desk about an appeal; and of each row its history and what would be deleted with it."""
    found = pages_of_admin()
    for model in admin.site._registry if ROUNDS else ():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if one := model._default_manager.first():
            for kind in ("history", "delete"):
                found[f"{kind} of {name}"] = reverse(f"admin:{name}_{kind}", args=[one.pk])
    found["an appeal"] = reverse("desk:appeal", args=[Appeal.objects.first().pk])
    found["a batch of paper"] = reverse("admin:feedback_paperbatch_change", args=[PaperBatch.objects.first().pk])
    return found


@pytest.fixture
def world(live_server):
    made = make_world({"participants": 20, "comments": 60, "ratings": 100, "seed": 3})
    _more_rows(made)
    return made


def _more_rows(world: World) -> None:
    """What the world of the pictures has not: an appeal, a report, a paper sheet, and the staff's own words."""
    author, keeper, rule = world.people["author"], make_moderator(), make_rule()
    member, thread, measure = staff_member_of(keeper), world.comments["thread"], world.measures[BUSY]
    appeal_decision(world.rows["decision"], by=author, text="I advertise nothing.")
    report_comment(thread, by=author, rule=rule, note="Look.")
    StaffNote.objects.create(comment=thread, by=member, text="A note.")
    SavedExplanation.objects.create(rule=rule, name="Shop", text="It advertises a shop.")
    WatchWord.objects.create(language="en", word="shoes", note="Often.")
    now = timezone.now()
    BulkDecision.objects.create(
        action="hide", rule=rule, by=member, total=0, explanation="All alike.", confirmed_at=now, moved_at=now
    )
    batch = PaperBatch.objects.create(entered_by=member)
    sheet = {"number": 1, "measure": measure, "edition": 1, "language": "en", "printed_by": member}
    PaperSheet.objects.create(batch=batch, text="Written by hand.", **sheet)
    request_export(Order(DECISIONS, DECISIONS.chosen(None), "csv"), by=keeper)
    make_token(author.user, name="script", scope="read")


def test_no_string_in_any_column_is_executed_on_any_page(new_page, live_server, world):
    page, strings = new_page(bypass_csp=True), cycle(all_strings())
    ContentType.objects.get_for_models(*admin.site._registry)  # kept by the process, asked for one by one otherwise
    watch = Watch(page.context, live_server.url)
    planted = 0
    for _ in range(max(1, ROUNDS)):
        planted += plant(strings)
        for place in PLACES if ROUNDS else ONE_EACH:
            enter(page, world, place.who)
            watch.open(page, place.name, place.url("en", world))
        enter(page, world, "staff")
        for name, path in more_of_admin().items():
            watch.open(page, name, path)
        for path in PICTURES:
            watch.open(page, path, path)
        page.goto("/healthz")
        for path in FEEDS:
            if seen := page.evaluate(LOOK_AT_FEED, Client().get(path).content.decode()):
                watch.found[path] = seen
    assert watch.found == {}
    assert planted > 1000


def test_what_would_be_executed_is_found(new_page, live_server):
    page = new_page(bypass_csp=True)
    watch = Watch(page.context, live_server.url)
    page.goto("/healthz")
    page.evaluate(
        "text => { document.body.innerHTML = text }",
        f"<img src=x onerror={CANARY}()><a href=' javascript:1'>a</a><svg><script>1</script></svg><p title=on>x</p>",
    )
    page.wait_for_function("window.ran.length > 0")
    found = page.evaluate(LOOK)
    assert (found[0], len(found)) == (CANARY, 4)
    page.evaluate("() => { const i = new Image(); i.src = 'http://elsewhere.example/x'; document.body.append(i) }")
    page.wait_for_function("document.body.lastChild.complete")
    watch.look(page, "here")
    assert "http://elsewhere.example/x" in watch.found["here"]
