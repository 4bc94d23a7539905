"""Moderation from both ends: a moderator hides, the author appeals, somebody else reverses, the public can see it."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from feedback.actions.moderation import publish_comment
from feedback.actions.reactions import report_comment
from feedback.actions.roles import sync_roles
from feedback.ledger.sequencer import sequence
from feedback.models import Appeal, Comment, Rule, SavedExplanation
from principles.models import Measure
from tests.browser.faults import faults_shown
from tests.browser.people import let_in, sign_in
from tests.builders import make_comment, make_moderator, make_participant, seen, staff_client
from tests.desk import chain, make_staff, page_of
from tests.programme_builders import make_measure, make_programme
from tests.test_accounts_staff import create_staff, totp

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
SHOES = "Cheap shoes at my shop!"


def enter_as(page: Page, user) -> None:
    """Let `user` of the staff in, second factor given."""
    session = staff_client(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])


def sign_in_with_two_factors(page: Page, made: dict[str, str]) -> None:
    page.goto("/admin/")
    sign_in(page, made["email"], made["password"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.get_by_label("Code").fill(totp(made["totp"]))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/admin/$"))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_moderator_hides_the_author_appeals_and_another_one_reverses_in_public(new_page, programme, scripts):
    sync_roles()
    author = make_participant(display_name="Daulet")
    comment = make_comment(Measure.objects.get(slug="mobile-coverage"), by=author, text=SHOES)
    spam = Rule.objects.in_force().get(current_version__title_en="No advertising, no repetition")
    report_comment(comment, by=make_participant(), rule=spam, note="An advertisement.")
    SavedExplanation.objects.create(rule=spam, name_en="Shop", text_en="Shoes are not part of the programme.")

    moderator = new_page(java_script_enabled=scripts)
    sign_in_with_two_factors(moderator, create_staff("moderator@example.org", role="moderator", language="en"))
    moderator.get_by_role("link", name="Reported 1").click()
    moderator.get_by_role("link", name=SHOES).click()
    expect(moderator.get_by_text("An advertisement.")).to_be_visible()
    moderator.get_by_label("Saved explanation").select_option("Shop")
    if not scripts:
        moderator.get_by_role("button", name="Fill in").click()
    expect(moderator.get_by_label("Explanation for the author").first).to_have_value(
        "Shoes are not part of the programme."
    )
    expect(moderator.get_by_label("Rule", exact=True).first).to_have_value(spam.code)
    if scripts:
        moderator.get_by_role("heading", level=1).click()
        moderator.keyboard.press("h")
    else:
        moderator.get_by_role("button", name=re.compile("^Hide H")).click()
    expect(moderator.get_by_text("You decided: hide.")).to_be_visible()
    assert chain(comment) == [("hide", "published", "hidden")]

    reader = new_page()
    let_in(reader, author)
    reader.goto("/en/profile/")
    reader.get_by_role("link", name="The decision, and how to appeal").first.click()
    expect(reader.get_by_text("Shoes are not part of the programme.").first).to_be_visible()
    reader.get_by_label("Your reasons").fill("It was an example, not an offer.")
    reader.get_by_role("button", name="Send the appeal").click()
    expect(reader.get_by_role("blockquote").filter(has_text="It was an example")).to_be_visible()
    assert Appeal.objects.open().count() == 1

    moderator.goto(page_of(comment))
    expect(moderator.get_by_text("A senior moderator rules on the appeal.")).to_be_visible()
    senior = new_page(java_script_enabled=scripts)
    made = create_staff("senior@example.org", role="senior-moderator", language="en")
    sign_in_with_two_factors(senior, made)
    senior.get_by_role("link", name="Appealed 1").click()
    senior.get_by_role("link", name=SHOES).click()
    expect(senior.get_by_text("It was an example, not an offer.")).to_be_visible()
    expect(senior.get_by_text("Shoes are not part of the programme.").first).to_be_visible()
    senior.get_by_label("Explanation for the author").first.fill("So it was.")
    senior.get_by_role("button", name=re.compile("^Reverse the decision")).click()
    expect(senior.get_by_text("Done: Reverse the decision.")).to_be_visible()
    assert chain(comment) == [("hide", "published", "hidden"), ("reverse", "hidden", "published")]

    sequence()
    public = new_page()
    public.goto("/en/measures/mobile-coverage/")
    expect(public.get_by_text(SHOES)).to_be_visible()
    public.goto("/en/moderation/")
    expect(public.get_by_role("row").filter(has_text="reverse on appeal")).to_have_count(1)


def test_keys_work_only_where_nothing_is_typed_and_can_be_switched_off(page, live_server, settings):
    first, second = make_two()
    enter_as(page, make_staff("moderator"))
    page.goto(page_of(first))
    note = page.get_by_label("A new note")
    note.fill("")
    note.press("p")
    assert (note.input_value(), chain(first)) == ("p", [])
    note.press("Escape")
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.keyboard.press("p")
    page.get_by_label("Keyboard shortcuts").check()
    page.get_by_role("heading", level=1).click()
    assert chain(first) == []
    page.keyboard.press("h")
    expect(page.get_by_label("Rule", exact=True).first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(str(second.pk)))
    assert chain(first) == [("publish", "pending", "published")]
    page.keyboard.press("z")
    expect(page.get_by_text("The decision is undone.")).to_be_visible()
    assert chain(first)[-1] == ("undo", "published", "pending")


def test_what_is_selected_in_the_text_is_removed(page, live_server, settings):
    first, _second = make_two()
    rule = Rule.objects.in_force().first()
    enter_as(page, make_staff("moderator"))
    page.goto(page_of(first))
    page.get_by_text("Remove a part of the text").click()
    page.evaluate(
        """() => { const text = document.getElementById("latest").firstChild;
        const range = document.createRange(); range.setStart(text, 4); range.setEnd(text, 10);
        document.getSelection().removeAllRanges(); document.getSelection().addRange(range); }"""
    )
    page.get_by_role("button", name="Add what is selected in the text").click()
    expect(page.get_by_label("What to remove")).to_have_value("Daulet")
    page.get_by_label("Rule", exact=True).first.select_option(rule.code)
    page.get_by_label("Explanation for the author").first.fill("A name.")
    page.get_by_role("button", name=re.compile("^Remove a part R")).click()
    expect(page.get_by_text("You decided: remove a part.")).to_be_visible()
    first.refresh_from_db()
    assert first.shown.text == "Ask ▮▮▮ about the shop."


def test_leaving_an_item_by_a_link_lets_go_of_it(page, live_server, settings):
    first, _second = make_two()
    enter_as(page, make_staff("moderator"))
    page.goto(page_of(first))
    first.desk_item.refresh_from_db()
    assert first.desk_item.is_held
    page.get_by_role("link", name="Moderation desk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Moderation desk")
    for _ in range(40):  # the word that it is let go of may come after the next page was asked for
        first.desk_item.refresh_from_db()
        if not first.desk_item.is_held:
            break
        page.wait_for_timeout(250)
    assert not first.desk_item.is_held


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_desk_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(page, live_server, settings, language):
    first, second = make_two()
    publish_comment(second, by=make_moderator(), **seen(second))
    report_comment(second, by=make_participant(), rule=Rule.objects.in_force().first(), note="A number.")
    enter_as(page, make_staff("senior-moderator", language=language))
    faults = []
    for address in ("/admin/moderation/?reason=pending", page_of(first), page_of(second), "/admin/moderation/appeals/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        faults += faults_shown(page, address)
    assert faults == []


def make_two() -> tuple[Comment, Comment]:
    """Two comments that wait, the second one after the first."""
    call_command("load_rules", stdout=StringIO())
    measure = make_measure(make_programme(measures=0, moderation="before"))
    author = make_participant()
    texts = ("Ask Daulet about the shop.", "Call +7 701 123-45-67 about the shop.")
    first, second = (make_comment(measure, by=author, text=text) for text in texts)
    first.desk_item.risk = 1000
    first.desk_item.save()
    return first, second
