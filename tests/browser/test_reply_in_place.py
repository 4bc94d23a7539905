"""A reply is written where one reads: under the comment, without leaving the page."""

import pytest
from playwright.sync_api import expect

from feedback.models import Comment
from principles.models import Measure, Programme
from tests.browser.faults import faults_shown
from tests.browser.people import let_in
from tests.builders import make_comment, make_participant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
PAGE = "/en/measures/mobile-coverage/"


@pytest.fixture
def other(page, programme):
    """Somebody's comment on the page that is shown to a person who is signed in."""
    measure = Measure.objects.get(slug="mobile-coverage")
    comment = make_comment(measure, text="Our village has no signal.")
    make_comment(measure, text="Ours has.")
    let_in(page, make_participant(display_name="Aigul"))
    page.goto(PAGE)
    return comment


def box_of(page, comment):
    return page.locator(f"#comment-{comment.pk}")


def test_a_reply_opens_under_its_comment_is_sent_and_stands_there(page, other):
    address, box = page.url, box_of(page, other)
    page.get_by_label("Your comment").fill("Half a thought.")
    box.get_by_role("link", name="Reply").click()
    expect(box.get_by_label("Your reply")).to_be_focused()
    expect(box.get_by_text("5,000 characters left")).to_be_visible()
    box.get_by_label("Your reply").fill("Which one is it?")
    box.get_by_role("button", name="Send my reply").click()
    expect(box.locator(".replies .text")).to_have_text("Which one is it?")
    expect(box.locator(".replies .comment")).to_be_focused()
    expect(box.get_by_text("Thank you. Your comment is published.")).to_be_visible()
    expect(box.get_by_label("Your reply")).to_have_count(0)
    expect(page.get_by_label("Your comment")).to_have_value("Half a thought.")
    assert page.url == address
    assert list(Comment.objects.filter(parent=other).values_list("shown__text", flat=True)) == ["Which one is it?"]
    page.reload()
    box.get_by_role("link", name="Reply").click()
    expect(box.get_by_label("Your reply")).to_have_value("")


def test_a_reply_that_is_being_written_outlives_a_vote_the_page_and_the_way_to_the_comments_own_page(page, other):
    box = box_of(page, other)
    box.get_by_role("link", name="Reply").click()
    box.get_by_label("Your reply").fill("Half a reply.")
    box.get_by_role("button", name="Agree 0", exact=True).click()
    expect(box.get_by_role("button", name="Agree 1", exact=True)).to_be_visible()
    expect(box.get_by_label("Your reply")).to_have_value("Half a reply.")
    page.reload()
    box.get_by_role("link", name="Reply").click()
    expect(box.get_by_label("Your reply")).to_have_value("Half a reply.")
    box.get_by_role("link", name="Reply").click()
    expect(box.get_by_label("Your reply")).to_be_hidden()
    page.goto(other.get_absolute_url())
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("Half a reply.")


def test_a_refused_reply_stays_with_its_errors_linked_to_its_own_fields(page, other):
    box = box_of(page, other)
    box.get_by_role("link", name="Reply").click()
    box.get_by_label("Your reply").fill("!!!")
    box.get_by_role("button", name="Send my reply").click()
    expect(box.get_by_role("alert")).to_contain_text("There is nothing to read in this text.")
    expect(box.get_by_label("Your reply")).to_have_value("!!!")
    assert faults_shown(page, "refused reply") == []
    box.get_by_role("alert").get_by_role("link").click()
    expect(box.get_by_label("Your reply")).to_be_focused()
    box.get_by_label("Your reply").fill("Which one is it?")
    box.get_by_role("button", name="Send my reply").click()
    expect(box.locator(".replies .text")).to_have_text("Which one is it?")


def test_a_reply_that_waits_for_moderation_says_so_where_it_was_written(page, other):
    Programme.objects.update(moderation="before")
    box = box_of(page, other)
    box.get_by_role("link", name="Reply").click()
    box.get_by_label("Your reply").fill("Which one is it?")
    box.get_by_role("button", name="Send my reply").click()
    expect(box.get_by_text("Your comment is in and waits for moderation")).to_be_visible()
    assert Comment.objects.get(parent=other).state == "pending"


def test_where_no_form_can_be_fetched_the_comments_own_page_opens(page, other):
    page.context.clear_cookies()
    box_of(page, other).get_by_role("link", name="Reply").click()
    expect(page.get_by_role("link", name="Sign in to reply")).to_be_visible()
