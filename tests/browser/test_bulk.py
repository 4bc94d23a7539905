"""Deciding about many comments in the browser: with script and without, and nothing that axe finds."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from feedback.actions.bulk import advance_bulk
from feedback.models import BulkDecision, Comment
from principles.models import Measure
from tests.browser.faults import faults_shown
from tests.builders import make_comment, make_moderator, make_participant, staff_client
from tests.test_bulk_work import underway

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def let_in_staff(page, user) -> None:
    session = staff_client(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])


def make_comments(number: int) -> list[Comment]:
    measure, author = Measure.objects.get(slug="mobile-coverage"), make_participant()
    return [make_comment(measure, by=author, text=f"Cheap shoes, offer {n}!") for n in range(number)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_a_moderator_hides_many_comments_under_one_rule(new_page, programme, settings, scripts):
    settings.ZEAL_ALLOWLIST = [{"model": "*"}]  # each decision locks and reads a comment of its own
    make_comments(3)
    page = new_page(java_script_enabled=scripts)
    let_in_staff(page, make_moderator(language="en"))
    page.goto("/admin/feedback/comment/")
    page.get_by_label("Action:").select_option("Decide about all comments that match…")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Decide about many comments")
    expect(page.locator("#content-main tbody tr")).to_have_count(3)
    if scripts:
        assert faults_shown(page) == []
    page.get_by_label("hide", exact=True).check()
    page.get_by_label("Saved explanation").select_option("Advertising")
    page.get_by_role("button", name="Decide about 3 comments").click()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Finished\.\s+3 of 3 comments\."))
    assert set(Comment.objects.values_list("state", flat=True)) == {"hidden"}


def test_the_page_of_progress_follows_the_work_by_itself(new_page, programme):
    bulk = underway(make_comments(4))
    page = new_page()
    let_in_staff(page, make_moderator(language="en"))
    page.goto(f"/admin/feedback/bulkdecision/{bulk.pk}/change/")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Under way\.\s+0 of 4 comments\."))
    assert faults_shown(page) == []
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    advance_bulk(bulk.pk, most=3)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Under way\.\s+3 of 4 comments\."))
    advance_bulk(bulk.pk)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Finished\.\s+4 of 4 comments\."))
    assert (BulkDecision.objects.get().finished_at is not None, problems) == (True, [])


def test_without_script_the_page_of_progress_loads_itself_again(new_page, programme):
    bulk = underway(make_comments(2))
    page = new_page(java_script_enabled=False)
    let_in_staff(page, make_moderator(language="en"))
    page.goto(f"/admin/feedback/bulkdecision/{bulk.pk}/change/")
    advance_bulk(bulk.pk)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Finished\.\s+2 of 2 comments\."))
