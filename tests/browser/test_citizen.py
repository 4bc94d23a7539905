"""What a citizen does, from registration to signing out, with JavaScript and without."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentVote, Rating, Report
from portal.accounts.models import User
from principles.models import Measure
from tests.browser.people import comment_box, let_in, register, sign_in
from tests.builders import make_comment, make_participant, rate_by_many

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

MEASURE = "mobile-coverage"
WAITS = "It is saved; it joins the results with the next group of ten."


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_citizen_registers_rates_comments_and_signs_out(new_page, programme, scripts):
    measure = Measure.objects.get(slug=MEASURE)
    other = make_comment(measure, by=make_participant(display_name="Daulet"), text="Our village has no signal.")
    page = new_page(java_script_enabled=scripts)

    page.goto("/en/")
    register(page, email="aigul@example.kz", name="Aigul", scripts=scripts)
    user = User.objects.get(email="aigul@example.kz")
    assert (user.display_name, user.region.code, user.age_band) == ("Aigul", "KZ-63", "1990-1999")

    page.get_by_role("link", name="Programmes", exact=True).click()
    page.get_by_role("heading", name=measure.current_edition.title).get_by_role("link").click()
    rate(page, "Do you support this measure?", "For")
    rate(page, "How fully is it being carried out?", "Partly")
    assert list(Rating.objects.order_by("pk").values_list("question__slug", "value")) == [
        ("support", 4),
        ("delivery", 3),
    ]
    see_the_results(page, measure)

    comment(page, "A tower stands, but <nobody> switched it on.")
    reply_and_vote(page, other, scripts)
    edit(page)
    withdraw(page)
    report(page, other)
    change_language(page)
    sign_out(page)


def rate(page, question, answer):
    box = page.get_by_role("region", name=question)
    box.get_by_label(answer, exact=True).check()
    box.get_by_role("button", name="Send my rating").click()
    expect(box.get_by_text(f"Your rating: {answer}. {WAITS}")).to_be_visible()
    expect(box.get_by_label(answer, exact=True)).to_be_checked()


def see_the_results(page, measure):
    rate_by_many(measure, [1, 1, 2, 3, 4, 4, 5, 5, 5])
    sequence()
    page.reload()
    box = page.get_by_role("region", name="Do you support this measure?")
    expect(box.get_by_role("caption")).to_have_text("10 participants have rated.")
    expect(box.locator("td.number")).to_have_text(["2", "1", "1", "3", "3"])
    expect(box.get_by_text("The middle answer is “For”. 60% chose “For” or “Strongly for”.")).to_be_visible()
    expect(box.get_by_text("It is counted in the results.")).to_be_visible()
    other = page.get_by_role("region", name="How fully is it being carried out?")
    expect(other.get_by_role("table")).to_have_count(0)
    expect(other.get_by_text(WAITS)).to_be_visible()


def comment(page, text):
    page.get_by_label("Your comment").fill(text)
    page.get_by_label("against", exact=True).check()
    page.get_by_role("button", name="Send my comment").click()
    expect(page.get_by_text("Thank you. Your comment is published.")).to_be_visible()
    box = comment_box(page, text)
    expect(box.locator(".author")).to_have_text("Aigul")
    expect(box.locator(".stance")).to_have_text("against")
    row = Comment.objects.get(author__user__email="aigul@example.kz")
    assert (row.shown.text, row.stance, row.language, row.state) == (text, "against", "en", "published")


def reply_and_vote(page, other, scripts):
    comment_box(page, "Our village has no signal.").get_by_role("link", name="Reply").click()
    page.get_by_role("textbox", name="Your reply").fill("Ours neither.")
    page.get_by_role("button", name="Send my reply").click()
    expect(comment_box(page, "Ours neither.").locator(".author")).to_have_text("Aigul")
    assert Comment.objects.get(parent=other).shown.text == "Ours neither."

    page.get_by_role("button", name="Agree 0", exact=True).click()
    stays = f"/en/measures/{MEASURE}/#comment-"  # a script replies and votes in place
    expect(page).to_have_url(re.compile(stays if scripts else f"/comments/{other.pk}/#comment-"))
    expect(page.get_by_role("button", name="Agree 1", exact=True)).to_have_attribute("aria-pressed", "true")
    assert list(CommentVote.objects.values_list("comment", "value")) == [(other.pk, 1)]
    if not scripts:
        page.get_by_role("main").get_by_role("link", name="Stable mobile coverage").first.click()


def edit(page):
    comment_box(page, "A tower stands").get_by_role("link", name="Edit").click()
    expect(page.get_by_label("against", exact=True)).to_be_checked()
    page.get_by_label("Your comment").fill("The tower works since Monday.")
    page.get_by_label("for", exact=True).check()
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Your comment is changed.")).to_be_visible()
    box = comment_box(page, "The tower works since Monday.")
    expect(box.locator(".stance")).to_have_text("for")
    expect(box.get_by_text("edited", exact=True)).to_have_count(0)
    row = Comment.objects.get(author__user__email="aigul@example.kz", parent=None)
    assert (row.shown.text, row.stance, row.edited_at) == ("The tower works since Monday.", "for", None)


def withdraw(page):
    comment_box(page, "The tower works since Monday.").get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page).to_have_url(re.compile(f"/en/measures/{MEASURE}/$"))
    expect(page.get_by_text("Withdrawn by its author.")).to_be_visible()
    expect(page.get_by_text("The tower works since Monday.")).to_have_count(0)
    states = Comment.objects.filter(author__user__email="aigul@example.kz").order_by("created_at")
    assert list(states.values_list("state", flat=True)) == ["withdrawn", "published"]


def report(page, other):
    box = page.locator(f"#comment-{other.pk}")
    box.get_by_role("link", name="Report").first.click()
    page.get_by_label("Discuss the view, not the person").check()
    page.get_by_label("What should the staff know?").fill("It is about my village.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Thank you. The staff will look at this comment.")).to_be_visible()
    found = Report.objects.values_list("comment", "rule__code", "note")
    assert list(found) == [(other.pk, "personal-attack", "It is about my village.")]


def change_language(page):
    page.get_by_role("link", name="Қазақша").click()
    expect(page).to_have_url(re.compile(f"/kk/measures/{MEASURE}/$"))
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    title = Measure.objects.get(slug=MEASURE).current_edition.title_kk
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(
        page.get_by_role("region", name="Осы шараны қолдайсыз ба?").get_by_label("Қолдаймын", exact=True)
    ).to_be_checked()
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(f"/en/measures/{MEASURE}/$"))


def sign_out(page):
    held = [cookie["value"] for cookie in page.context.cookies()]
    assert Session.objects.filter(pk__in=held).count() == 1
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Aigul")).to_have_count(0)
    assert Session.objects.filter(pk__in=held).count() == 0


def test_what_was_written_while_the_session_ended_is_there_after_sign_in_and_can_be_sent(page, programme):
    person = make_participant()
    let_in(page, person)
    page.goto(f"/en/measures/{MEASURE}/")
    page.get_by_label("Your comment").fill("Written for an hour.")
    page.get_by_label("neutral", exact=True).check()
    Session.objects.all().delete()
    page.get_by_role("button", name="Send my comment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, person.user.email)
    expect(page.get_by_label("Your comment")).to_have_value("Written for an hour.")
    expect(page.get_by_label("neutral", exact=True)).to_be_checked()
    assert Comment.objects.count() == 0
    page.get_by_role("button", name="Send my comment").click()
    expect(comment_box(page, "Written for an hour.")).to_be_visible()
    assert list(Comment.objects.values_list("shown__text", "stance", "state")) == [
        ("Written for an hour.", "neutral", "published")
    ]


def test_a_stale_form_token_shows_the_text_again_and_sends_it_on_request(page, programme):
    let_in(page, make_participant())
    page.goto(f"/en/measures/{MEASURE}/")
    page.get_by_label("Your comment").fill("Thought over for days.")
    page.locator("#write input[name=csrfmiddlewaretoken]").evaluate("field => { field.value = 'x'.repeat(64) }")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Send my comment").click()
    assert answer.value.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send it again")
    expect(page.get_by_label("What you wrote")).to_have_value("Thought over for days.")
    assert Comment.objects.count() == 0
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Thank you. Your comment is published.")).to_be_visible()
    assert Comment.objects.get().shown.text == "Thought over for days."


@pytest.mark.parametrize(("locale", "language"), [("ru-RU", "ru"), ("kk-KZ", "kk"), ("de-DE", "en")])
def test_the_front_page_speaks_the_language_of_the_browser(new_page, programme, locale, language):
    page = new_page(locale=locale)
    page.goto("/")
    expect(page).to_have_url(re.compile(f"/{language}/$"))
    expect(page.locator("html")).to_have_attribute("lang", language)
