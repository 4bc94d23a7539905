"""Search in Chromium: from the menu to a measure without JavaScript."""

import pytest
from playwright.sync_api import expect

from principles.models import Measure
from tests.builders import make_comment

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def comments(programme):
    measure = Measure.objects.get(slug="quality-roads")
    make_comment(measure, text="Біздің ауылға баратын жолды он жылдан бері жөндеген жоқ.", language="kk", stance="for")
    for number in range(21):
        make_comment(measure, text=f"Дорога номер {number} вся в ямах.", language="ru", stance="against")


def test_a_person_finds_a_measure_from_the_menu_without_javascript(new_page, comments):
    page = new_page(java_script_enabled=False)
    page.goto("/en/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    page.get_by_label("What are you looking for?").fill("жолдар")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("link", name="Good roads to every settlement").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good roads to every settlement")
