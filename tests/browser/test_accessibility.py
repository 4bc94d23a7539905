"""Pages for everybody: axe, light and dark, narrow screens, and the keyboard alone."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from feedback.actions.comments import withdraw_comment
from feedback.ledger.sequencer import sequence
from feedback.models import Rating
from principles.models import Measure, Reading, Target
from tests.browser.people import let_in
from tests.builders import hide, make_comment, make_participant, rate_as, rate_by_many

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

MEASURE = "water-supply"
WIDE, NARROW = {"width": 1100, "height": 900}, {"width": 320, "height": 640}
# WCAG 2.2 asks for targets of 24 pixels; axe leaves that rule out unless told.
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


@pytest.fixture
def discussion(programme):
    """A measure with progress, released tallies and comments in every state; its author, and a thread."""
    measure = Measure.objects.get(slug=MEASURE)
    Reading.objects.create(
        target=Target.objects.get(slug="settlements-with-water"),
        read_on=date(2026, 3, 1),
        value=97,
        source_name="Bureau of National Statistics",
        source_url="https://stat.example/water",
        voice="government",
    )
    author = make_participant(display_name="Aigul")
    rate_as(author, measure, 4)
    rate_by_many(measure, [1, 2, 3, 3, 4, 4, 5, 5, 5])
    rate_as(author, measure, 2, "delivery")
    make_comment(measure, by=author, text="See https://example.org/a/very/long/address/that/goes/on/and/on/and/on.")
    hide(make_comment(measure, by=author, text="Buy shoes."))
    withdraw_comment(make_comment(measure, by=author), by=author)
    thread = make_comment(measure, text="Су құбыры жоқ.", language="kk", stance="against")
    make_comment(measure, by=author, text="Когда она будет?", language="ru", parent=thread)
    sequence()
    return author, thread


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_page_has_a_fault_that_axe_finds_or_scrolls_sideways(page, discussion, language):
    author, thread = discussion
    measure = f"measures/{MEASURE}/"
    faults = []
    for path in [
        "",
        "principles/fair-economy/",
        measure,
        f"{measure}editions/1/",
        f"{measure}comments/{thread.pk}/",
        "accounts/signup/",
        "accounts/login/",
        "accounts/password/reset/",
        "moderation/",
        "about/",
        "privacy/",
        "nowhere/",
    ]:
        faults += faults_of(page, f"/{language}/{path}")
    let_in(page, author)
    own = author.comments.filter(state="published", parent=None).get()
    for path in [
        "",
        measure,
        f"{measure}comments/{thread.pk}/",
        f"{measure}comments/{own.pk}/edit/",
        f"{measure}comments/{own.pk}/withdraw/",
        f"{measure}comments/{thread.pk}/report/",
        "profile/",
        "profile/delete/",
        "accounts/settings/",
        "accounts/logout/",
    ]:
        faults += faults_of(page, f"/{language}/{path}", "signed in")
    assert faults == []


def faults_of(page, path, *who):
    """What is wrong with the page at `path`, which must answer as it should."""
    status = page.goto(path).status
    assert (path, status) == (path, 404 if path.endswith("nowhere/") else 200)
    return faults_shown(page, path, *who)


def faults_shown(page, *place):
    """What is wrong with the page that is shown: wide and light, then narrow and dark, where it may not overflow."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    faults = [(*place, "light", *fault) for fault in violations(page)]
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    faults += [(*place, "dark", *fault) for fault in violations(page)]
    width = page.evaluate("document.documentElement.scrollWidth")
    return faults + ([(*place, "scrolls sideways", width)] if width > NARROW["width"] else [])


def violations(page):
    """Pairs of a broken rule and the elements that break it."""
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]


def test_pages_that_refuse_something_have_no_fault_that_axe_finds(page, discussion):
    author, _thread = discussion
    page.goto("/en/accounts/login/")
    page.get_by_label("E-mail address").fill(author.user.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is not right.")
    faults = faults_shown(page, "sign-in")

    let_in(page, author)
    page.goto(f"/en/measures/{MEASURE}/")
    page.get_by_label("Your comment").fill("!!!")
    page.get_by_role("button", name="Send my comment").click()
    expect(page.get_by_role("alert")).to_contain_text("There is nothing to read in this text.")
    expect(page.get_by_label("Your comment")).to_have_value("!!!")
    faults += faults_shown(page, "comment")
    assert faults == []


def test_results_leave_room_for_the_words_of_the_answers(page, discussion):
    page.set_viewport_size(NARROW)
    page.goto(f"/kk/measures/{MEASURE}/")
    row = page.get_by_role("region", name="Осы шараны қолдайсыз ба?").get_by_role("row").last
    words, bar, number = [cell.bounding_box()["width"] for cell in row.locator("th, td").all()]
    assert words > bar > 2 * number


def test_the_first_tab_skips_to_the_content(page, programme):
    page.goto("/en/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_rating_is_sent_by_keyboard_alone(page, programme):
    person = make_participant()
    let_in(page, person)
    page.goto(f"/en/measures/{MEASURE}/")
    box = page.get_by_role("region", name="Do you support this measure?")
    tab_to(page, "#support input[type=radio]")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(box.get_by_label("For", exact=True)).to_be_checked()
    tab_to(page, "#support button")
    page.keyboard.press("Enter")
    expect(box.get_by_text("Your rating: For.")).to_be_visible()
    assert list(Rating.objects.values_list("participant", "question__slug", "value")) == [(person.pk, "support", 4)]


def tab_to(page, selector):
    """Press Tab until an element that matches `selector` has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")
