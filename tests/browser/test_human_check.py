"""The human check of registration in a browser that is slow, or cannot do it."""

import re

import pytest
from playwright.sync_api import expect

from portal.accounts.models import User
from tests.browser.people import answer_the_question, fill_in_registration

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

WORKER = re.compile("human-check-worker")


def test_a_form_sent_before_the_check_is_done_waits_and_then_goes_off_by_itself(page, programme):
    held = []
    page.route(WORKER, lambda route: held.append(route))
    page.goto("/en/accounts/signup/")
    expect(page.get_by_text("Checking that you are not a program…")).to_be_visible()
    fill_in_registration(page, email="aigul@example.kz", name="Aigul")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("One moment: the form is sent when the check is done.")).to_be_visible()
    assert User.objects.count() == 0
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")
    assert User.objects.get().email == "aigul@example.kz"


def test_where_the_check_cannot_run_the_question_in_words_is_asked_instead(page, programme):
    page.route(WORKER, lambda route: route.abort())
    page.goto("/en/accounts/signup/")
    expect(page.get_by_text("Please answer the question below.")).to_be_visible()
    fill_in_registration(page, email="aigul@example.kz", name="Aigul")
    answer_the_question(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")
    assert User.objects.get().email == "aigul@example.kz"


def test_a_form_that_came_back_asks_for_no_answer_while_the_check_runs_nor_once_it_is_done(page, programme):
    held = []
    page.goto("/en/accounts/signup/")
    expect(page.get_by_text("The automatic check is done.")).to_be_visible()
    page.route(WORKER, lambda route: held.append(route))
    page.locator("main form.form [name=altcha]").evaluate("field => { field.value = '' }")
    page.locator("main form.form").evaluate("form => form.submit()")
    asked = page.locator(".error-summary").get_by_text("Please answer the question.")
    expect(page.get_by_text("Checking that you are not a program…")).to_be_visible()
    expect(asked).to_have_count(1)
    expect(asked).to_be_hidden()
    held[0].continue_()
    expect(page.get_by_text("The automatic check is done.")).to_be_visible()
    expect(asked).to_be_hidden()
    expect(page.locator(".error-summary").get_by_role("link", name="E-mail address")).to_be_visible()


def test_where_the_question_was_the_only_fault_no_summary_is_left(page, programme):
    page.route(WORKER, lambda route: route.abort())
    page.goto("/en/accounts/signup/")
    expect(page.get_by_text("Please answer the question below.")).to_be_visible()
    fill_in_registration(page, email="aigul@example.kz", name="Aigul")
    page.locator("[name=answer]").fill("99")
    page.unroute(WORKER)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("The automatic check is done.")).to_be_visible()
    expect(page.locator("#id_answer_error")).to_be_hidden()
    expect(page.locator(".error-summary")).to_be_hidden()
