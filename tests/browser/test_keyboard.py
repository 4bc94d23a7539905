"""The keyboard alone is enough, and one always sees where it is."""

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Comment, CommentVote, Rating
from principles.models import Measure
from tests.browser.faults import AXE, NARROW, RULES, RUN, WIDE
from tests.browser.people import comment_box, let_in
from tests.builders import PASSWORD, make_comment, make_participant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

MEASURE = "water-supply"
# Whether the focused element has an outline that can be seen, and stands within the window.
SEEN = """() => {
  const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""


@pytest.fixture
def page(new_page):
    return new_page(reduced_motion="reduce")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what matches `selector` has the focus; whatever has it on the way must show it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # round the end of the page
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def follow(page: Page, selector: str) -> None:
    """Press Enter on what matches `selector`, and wait for the page that it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


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


def test_on_a_phone_the_menu_opens_with_a_key_and_where_there_is_room_it_is_open(new_page, programme):
    page = new_page(java_script_enabled=False, viewport=NARROW)
    page.goto("/kk/")
    links = page.locator(".menu-links a")
    assert not any(link.is_visible() for link in links.all())
    expect(page.locator(".person a").first).to_be_visible()
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    assert all(link.is_visible() for link in links.all())
    page.set_viewport_size(WIDE)
    page.goto("/kk/")
    assert all(link.is_visible() for link in links.all())
    expect(page.locator(".menu summary")).not_to_be_visible()


def test_a_phone_with_its_menu_open_has_nothing_that_axe_finds(page, programme):
    page.set_viewport_size(NARROW)
    page.goto("/kk/")
    press(page, ".menu summary")
    page.evaluate(AXE)
    assert page.evaluate(RUN, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_citizen_signs_in_takes_part_and_signs_out_by_keyboard_alone(page, programme):
    person = make_participant(display_name="Aigul")
    other = make_comment(Measure.objects.get(slug=MEASURE), text="Our village has no water.")
    page.goto(f"/en/measures/{MEASURE}/")
    follow(page, ".person a[href*='login']")
    tab_to(page, "main input[name=login]")
    page.keyboard.type(person.user.email)
    tab_to(page, "main input[name=password]")
    page.keyboard.type(PASSWORD)
    follow(page, "main form button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2.12")

    rate(page)
    write(page, "#write", "Ours has, since May.")
    own = Comment.objects.get(author=person)
    reply(page, other)
    edit(page, own)
    vote(page, other)
    assert list(Rating.objects.values_list("participant", "question__slug", "value")) == [(person.pk, "support", 4)]
    assert list(CommentVote.objects.values_list("participant", "comment", "value")) == [(person.pk, other.pk, 1)]

    follow(page, ".person a[href*='logout']")
    follow(page, "main button")
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


def rate(page):
    box = page.get_by_role("region", name="Do you support this measure?")
    press(page, "#support input[type=radio]", "Space")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(box.get_by_label("For", exact=True)).to_be_checked()
    press(page, "#support button")
    expect(box.get_by_text("Your rating: For.")).to_be_visible()


def write(page, form, text):
    tab_to(page, f"{form} textarea")
    page.keyboard.type(text)
    follow(page, f"{form} .buttons button")
    expect(comment_box(page, text)).to_be_visible()


def reply(page, other):
    press(page, f"#comment-{other.pk} a[href$='#reply']")
    box = page.locator(f"#comment-{other.pk}")
    expect(box.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("Which village?")
    press(page, ".reply-here .buttons button")
    expect(box.get_by_text("Which village?")).to_be_visible()
    assert Comment.objects.get(parent=other).shown.text == "Which village?"


def edit(page, own):
    follow(page, f"#comment-{own.pk} a[href$='/edit/']")
    tab_to(page, "main textarea")
    page.keyboard.press("Control+A")
    page.keyboard.type("Ours has, since June.")
    follow(page, "main .buttons button")
    expect(page.get_by_text("Your comment is changed.")).to_be_visible()
    own.refresh_from_db()
    assert own.shown.text == "Ours has, since June."


def vote(page, other):
    follow(page, ".crumbs a")
    press(page, f"#comment-{other.pk} .votes button")
    expect(page.locator(f"#comment-{other.pk} .votes button").first).to_have_attribute("aria-pressed", "true")


def test_a_signed_in_rating_by_keyboard_moves_the_focus_to_its_result(page, programme):
    let_in(page, make_participant())
    page.goto(f"/en/measures/{MEASURE}/")
    rate(page)
    expect(page.locator("#support")).to_be_focused()
