"""Nothing that a reader does leaves the site, and nothing breaks the content security policy."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from principles.models import Measure
from tests.browser.people import let_in
from tests.builders import make_comment, make_participant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_pages_ask_no_other_site_for_anything_and_the_console_stays_empty(page, programme, live_server):
    person = make_participant()
    make_comment(Measure.objects.get(slug="mobile-coverage"), text="See https://example.org/picture.png")
    hosts, console = set(), []
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))

    page.goto("/en/")
    page.goto("/en/measures/mobile-coverage/")
    page.goto("/en/accounts/signup/")
    expect(page.get_by_text("The automatic check is done.")).to_be_visible()
    let_in(page, person)
    page.goto("/en/measures/mobile-coverage/")
    expect(page.get_by_label("Your comment")).to_be_visible()
    page.goto("/en/accounts/2fa/")
    assert (hosts, console) == ({urlsplit(live_server.url).netloc}, [])
