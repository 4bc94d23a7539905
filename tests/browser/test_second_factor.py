"""Staff without a second factor set one up in the browser, and only then work in the administration."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import sign_in
from tests.builders import PASSWORD, make_moderator
from tests.test_accounts_staff import totp

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def heading(page: Page):
    return expect(page.get_by_role("heading", level=1))


def come_without_a_second_factor(page: Page) -> None:
    """Sign in at the administration by password alone, which leads to the set-up page."""
    page.goto("/admin/")
    sign_in(page, make_moderator(display_name="Saule", email="saule@example.org").email)
    heading(page).to_have_text("Second factor")
    expect(page.get_by_text("The administration needs a second factor.")).to_be_visible()


def prove_the_password(page: Page) -> None:
    heading(page).to_have_text("Confirm that it is you")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def go_on_to_the_administration(page: Page) -> None:
    heading(page).to_have_text("Recovery codes")
    page.get_by_role("link", name="Go to the administration").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    expect(page.get_by_text("Welcome, Saule")).to_be_visible()


def test_staff_set_up_an_app_and_go_on(page, programme):
    come_without_a_second_factor(page)
    page.get_by_role("link", name="Set up an authenticator app").click()
    prove_the_password(page)
    page.get_by_label("code").fill(totp(page.locator("main code").inner_text()))
    page.get_by_role("button", name="Turn on").click()
    go_on_to_the_administration(page)


def test_staff_set_up_a_security_key_and_sign_in_with_it_the_next_time(page, programme):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": key | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    come_without_a_second_factor(page)
    page.get_by_role("link", name="Manage security keys").click()
    page.get_by_role("link", name="Add a security key").click()
    prove_the_password(page)
    page.get_by_label("Name").fill("Saule's key")
    page.get_by_role("button", name="Add a security key").click()
    go_on_to_the_administration(page)

    page.context.clear_cookies()
    page.goto("/admin/")
    sign_in(page, "saule@example.org")
    heading(page).to_have_text("Second factor")
    page.get_by_role("button", name="Use a security key").click()
    expect(page).to_have_url(re.compile("/admin/$"))
