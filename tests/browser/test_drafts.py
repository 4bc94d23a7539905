"""A comment that is being written is kept in the browser, for the one who writes it, until it is sent."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from feedback.mail.links import appeal_address
from feedback.models import Comment
from principles.models import Measure
from tests.browser.people import let_in
from tests.builders import hide, make_comment, make_participant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
PAGE = "/en/measures/mobile-coverage/"


def kept(page) -> int:
    """How many drafts the browser keeps."""
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length")


def test_a_draft_outlives_the_page_and_ends_when_it_is_sent(page, programme):
    let_in(page, make_participant())
    page.goto(PAGE)
    page.get_by_label("Your comment").fill("Half a thought.")
    expect(page.get_by_text("4,985 characters left")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your comment")).to_have_value("Half a thought.")
    page.get_by_role("button", name="Send my comment").click()
    expect(page.get_by_text("Your comment is published.")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("")
    assert (kept(page), Comment.objects.get().shown.text) == (0, "Half a thought.")


def test_a_draft_is_shown_to_nobody_else_at_the_same_browser_and_forgotten_at_sign_out(page, programme):
    first, second = make_participant(), make_participant()
    let_in(page, first)
    page.goto(PAGE)
    page.get_by_label("Your comment").fill("Mine alone.")
    page.context.clear_cookies()
    let_in(page, second)
    page.goto(PAGE)
    expect(page.get_by_label("Your comment")).to_have_value("")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert kept(page) == 0


def test_who_appeals_by_a_link_sees_how_much_room_is_left_and_nothing_is_kept(page, programme):
    author = make_participant()
    hidden = hide(make_comment(Measure.objects.get(slug="mobile-coverage"), by=author))
    page.goto(urlsplit(appeal_address(hidden.hiding_decision, author)).path)
    page.get_by_label("Your reasons").fill("It is no advertisement.")
    expect(page.get_by_text("1,977 characters left")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your reasons")).to_have_value("")
    assert kept(page) == 0
