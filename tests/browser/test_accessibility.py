"""Pages for everybody: axe on every page, light and dark, and narrow screens."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.faults import NARROW, faults_shown
from tests.browser.pages import PLACES, enter
from tests.browser.world import BUSY, make_world

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

SMALL = {"participants": 40, "comments": 300, "ratings": 600, "seed": 3}


@pytest.fixture
def world(live_server, settings):
    """A consultation in all its states, on a portal that has pages of errors."""
    settings.ROOT_URLCONF = "tests.browser.urls"
    return make_world(SMALL)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_page_has_a_fault_that_axe_finds_or_scrolls_sideways(page, world, language):
    faults, who = [], None
    for place in PLACES:
        cache.clear()  # of what limits sign-ins
        if place.start or place.act or place.who != who:
            enter(page, world, place.who, language)
            who = place.who
        place.open(page, language, world)
        faults += faults_shown(page, place.name)
    assert faults == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_results_leave_room_for_the_words_of_the_answers_and_show_bars_that_can_be_compared(page, world, language):
    page.set_viewport_size(NARROW)
    page.goto(f"/{language}/measures/{BUSY}/")
    for row in page.locator("#support tbody tr").all():
        words, bar, number = row.locator("th, .row-bar, .number").all()
        assert number.bounding_box()["height"] < 30
        assert bar.bounding_box()["width"] > NARROW["width"] / 2
        assert words.evaluate("cell => cell.scrollWidth <= cell.clientWidth")


def test_an_error_stands_beside_its_field_and_in_a_summary_that_leads_there(page, programme):
    page.goto("/en/accounts/login/")
    page.get_by_label("Password").fill("x")
    page.locator("main form").first.evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Sign in").click()
    summary = page.get_by_role("alert")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
