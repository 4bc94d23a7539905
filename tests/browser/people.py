"""What people do in the browser again and again."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.accounts import WORDS, mailed_code
from tests.builders import PASSWORD, signed_in


def register(page: Page, *, email: str, name: str, scripts: bool) -> None:
    """Register from any page and prove the address; ends signed in."""
    page.get_by_role("link", name="Register", exact=True).click()
    fill_in_registration(page, email=email, name=name)
    page.get_by_label("Region").select_option("East Kazakhstan Region")
    page.get_by_label("Age group, by year of birth").select_option("1990–1999")
    if scripts:
        expect(page.get_by_text("The automatic check is done.")).to_be_visible()
        expect(page.get_by_label("How much is")).to_be_hidden()
    else:
        answer_the_question(page)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")
    page.get_by_label("Code from the e-mail").fill(newest_code())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def fill_in_registration(page: Page, *, email: str, name: str) -> None:
    """Everything that has to be filled in on the registration page, but for the human check."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Display name").fill(name)
    page.get_by_label("I am 16 years old or older.").check()
    page.get_by_label("I agree to the privacy notice and the participation rules.").check()


def answer_the_question(page: Page) -> None:
    """Answer the sum in words."""
    words = re.search(r"How much is (\w+) plus (\w+)\?", page.locator("label", has_text="How much is").inner_text())
    page.get_by_label("How much is").fill(str(sum(WORDS.index(word) for word in words.groups())))


def newest_code() -> str:
    """The code in the newest file of the mail folder."""
    newest = max(Path(settings.EMAIL_FILE_PATH).iterdir(), key=lambda file: file.stat().st_mtime_ns)
    mail = message_from_bytes(newest.read_bytes().rsplit(b"\n" + b"-" * 79, 1)[0], policy=policy.default)

    class Message:
        body = mail.get_content()

    return mailed_code(Message)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page that is shown."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def let_in(page: Page, participant) -> None:
    """Sign `participant` in without the sign-in page."""
    session = signed_in(participant).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.SITE_URL}])


def comment_box(page: Page, text: str) -> Locator:
    """The innermost article that shows `text`."""
    return page.get_by_role("article").filter(has=page.get_by_text(text)).last
