"""What staff do in the browser."""

import re

import pytest
from playwright.sync_api import expect

from feedback.models import Decision
from principles.models import Measure
from tests.browser.people import let_in, sign_in
from tests.builders import make_comment, make_participant
from tests.test_accounts_staff import create_staff, totp

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_an_administrator_signs_in_with_two_factors_and_hides_a_comment_whose_author_reads_why(new_page, programme):
    author = make_participant(display_name="Daulet")
    comment = make_comment(Measure.objects.get(slug="mobile-coverage"), by=author, text="Cheap shoes at my shop!")
    made = create_staff(language="en")

    page = new_page()
    problems = []
    page.on("console", lambda message: problems.append((message.text, message.location["url"])))
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, made["email"], made["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.get_by_label("Code").fill(totp(made["totp"]))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/admin/$"))

    page.get_by_role("link", name="Comments", exact=True).first.click()
    page.get_by_role("link", name="Cheap shoes at my shop!").click()
    page.get_by_role("link", name="Open it at the desk").click()
    page.get_by_label("Rule", exact=True).first.select_option("No advertising, no repetition")
    page.get_by_label("Explanation for the author").first.fill("Shoes are not part of the programme.")
    page.get_by_role("button", name=re.compile("^Hide H")).click()
    expect(page.get_by_text("You decided: hide.")).to_be_visible()
    decision = Decision.objects.get()
    assert (decision.comment, decision.to_state, decision.by.user.email) == (comment, "hidden", made["email"])
    assert problems == []

    reader = new_page()
    reader.goto("/en/measures/mobile-coverage/")
    expect(reader.locator(".placeholder")).to_have_text(
        "Hidden by the staff under the rule “No advertising, no repetition”. The rules"
    )
    expect(reader.get_by_text("Cheap shoes at my shop!")).to_have_count(0)
    expect(reader.get_by_text("Shoes are not part of the programme.")).to_have_count(0)

    let_in(reader, author)
    reader.goto("/en/profile/")
    own = reader.get_by_role("article").filter(has_text="Cheap shoes at my shop!")
    expect(own.locator(".state")).to_have_text("hidden")
    expect(own.locator(".reason p")).to_have_text(
        [
            "Hidden under the rule “No advertising, no repetition”.",
            "Shoes are not part of the programme.",
            "The decision, and how to appeal",
        ]
    )
