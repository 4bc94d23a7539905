"""Sharing, and paper, as Chromium shows them."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from feedback.ledger.sequencer import sequence
from principles.models import Measure
from tests.builders import make_comment, rate_by_many

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

PAGE = "measures/water-supply/"


def test_links_for_sharing_ask_no_other_site_for_anything_and_the_console_stays_empty(page, programme, live_server):
    hosts, console = set(), []
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: console.append(message.text))
    page.goto(f"/en/{PAGE}")
    page.get_by_role("link", name="Share and cite").click()
    box = page.get_by_role("region", name="Share and cite")
    expect(box).to_be_in_viewport()
    expect(box.get_by_label("Address of this page")).to_have_value(f"{live_server.url}/en/{PAGE}")
    box.get_by_role("link", name="Telegram").hover()
    assert (hosts, console) == ({urlsplit(live_server.url).netloc}, [])


def test_the_card_that_a_page_names_is_a_picture(page, programme):
    page.goto(f"/kk/{PAGE}")
    card = page.locator('meta[property="og:image"]').get_attribute("content")
    page.goto(card)
    size = page.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]")
    assert size == [1200, 630]


def test_a_printed_measure_has_wording_results_comments_and_address_and_no_buttons(page, programme):
    measure = Measure.objects.get(slug="water-supply")
    rate_by_many(measure, [1, 2, 3, 3, 4, 4, 5, 5, 5, 5])
    sequence()
    make_comment(measure, text="Our village has no water.")
    page.goto(f"/en/{PAGE}")
    page.emulate_media(media="print")
    for text in (measure.current_edition.summary_en, "Our village has no water.", f"/en/{PAGE}editions/1/"):
        expect(page.get_by_text(text, exact=False).last).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
    shown = [link.inner_text() for link in page.locator("main a, nav a").all() if link.is_visible()]
    unwanted = {"Sign in to rate", "Sign in to comment", "Reply", "Report", "Telegram", "Share and cite", "Register"}
    assert unwanted & set(shown) == set()
