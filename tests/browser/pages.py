"""Every page of the portal in the states that people meet, once: for axe, and for `script/screenshots`.

A new page gets its line here; `tests/test_places.py` fails while one is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.urls import resolve, reverse
from django.utils.translation import override
from playwright.sync_api import Page

from feedback.mail.links import appeal_address, unsubscribe_address
from tests.browser.people import newest_code
from tests.browser.world import BUSY, QUIET, REVISED, UNPROVED, World
from tests.builders import PASSWORD, signed_in

Keys = dict | Callable[[World], dict]


@dataclass(frozen=True)
class Place:
    """One page in one state: the name of its address, whose eyes see it, and what is done there first."""

    name: str
    address: str
    keys: Keys | None = None  # the arguments of the address
    query: str = ""
    who: str = ""  # one of the world's people; nobody signed in where blank
    status: int = 200
    start: str = ""  # the name of the address where one starts, if this one cannot be opened outright
    act: Callable[[Page, World], None] | None = None

    def url(self, language: str, world: World) -> str:
        """The path of this place in `language`."""
        keys = self.keys(world) if callable(self.keys) else self.keys
        with override(language):
            return reverse(self.address, kwargs=keys) + self.query

    def open(self, page: Page, language: str, world: World) -> None:
        """Show this place in `page`, a browser of the one who sees it."""
        path = self.url(language, world)
        with override(language):
            answer = page.goto(reverse(self.start) if self.start else path)
        if self.act:
            self.act(page, world)
        shown = urlsplit(page.url).path
        if answer.status != self.status or (not self.act or self.start) and shown != urlsplit(path).path:
            raise AssertionError(f"{self.name}: {path} answers {answer.status} and leads to {shown}")


def enter(page: Page, world: World, who: str, language: str = "en") -> None:
    """Make `page` the browser of `who`, who chose `language` and has just signed in with all that may be asked for."""
    page.context.clear_cookies()
    if not who:
        return
    person = world.people[who]
    person.user.language = language
    person.user.save(update_fields=["language"])
    session = signed_in(person).session
    request = SimpleNamespace(session=session)
    record_authentication(request, person.user, "password", reauthenticated=True)
    record_authentication(request, person.user, "mfa", type="totp", reauthenticated=True)
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": settings.SITE_URL}
    page.context.add_cookies([cookie])


def of(name: str) -> Callable[[World], dict]:
    """The keys of the address of a comment."""
    return lambda world: {"slug": world.comments[name].measure.slug, "pk": world.comments[name].pk}


def at(name: str) -> Callable[[World], dict]:
    """The keys of the address of a measure."""
    return lambda world: {"slug": world.measures[name].slug}


def row(name: str, key: str = "pk") -> Callable[[World], dict]:
    """The key of the address of one of the world's rows."""
    return lambda world: {key: world.rows[name].pk}


def appeal(world: World) -> dict:
    """The keys of the address that a letter about a decision holds."""
    return resolve(urlsplit(appeal_address(world.rows["decision"], world.people["author"])).path).kwargs


def unsubscribing(world: World) -> dict:
    return resolve(urlsplit(unsubscribe_address(world.people["newcomer"])).path).kwargs


def send(page: Page, form: str, **fields: str) -> None:
    """Fill in `fields` of `form` by name, and send it."""
    box = page.locator(form)
    for name, value in fields.items():
        box.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        box.locator("button").first.click()


def sign_in_as(email: str, password: str = PASSWORD) -> Callable[[Page, World], None]:
    return lambda page, world: send(page, "main form", login=email, password=password)


def ask_for_code(page: Page, world: World) -> None:
    send(page, "main form", email="newcomer@example.org")


def type_reset_code(page: Page, world: World) -> None:
    ask_for_code(page, world)
    send(page, "main form >> nth=0", code=newest_code())


def send_nothing(page: Page, world: World) -> None:
    """Send the page's main form as it is, past the browser's own checks."""
    with page.expect_navigation():
        page.locator("main form.form[method=post]").last.evaluate("form => form.submit()")


def check_nonsense(page: Page, world: World) -> None:
    send(page, "main form", text="{}")


def let_token_age(page: Page, world: World) -> None:
    box = page.locator("#write form")
    box.locator("[name=csrfmiddlewaretoken]").evaluate("field => { field.value = 'x'.repeat(64) }")
    send(page, "#write form", text="Көп ойланып жаздым.")


def reply_in_place(page: Page, world: World) -> None:
    page.locator(f"#comment-{world.comments['thread'].pk} .actions a").first.click()
    page.locator(".reply-here textarea").wait_for()


READING = [
    Place("programmes", "home"),
    Place("programme", "programme", {"slug": "fair-kazakhstan"}),
    Place("programme-closed", "programme", {"slug": "clean-air"}),
    Place("programme-upcoming", "programme", {"slug": "village-libraries"}),
    Place("principle", "principle", {"slug": "fair-society"}),
    Place("measure", "measure", {"slug": BUSY}),
    Place("measure-agreed", "measure", {"slug": BUSY}, query="?sort=agreed"),
    Place("measure-discussed", "measure", {"slug": BUSY}, query="?sort=discussed&language=ru"),
    Place("measure-sides", "measure", {"slug": BUSY}, query="?sort=sides"),
    Place("measure-no-comments-fit", "measure", at("closed"), query="?stance=against&language=en"),
    Place("measure-no-comments", "measure", at("upcoming")),
    Place("measure-closed", "measure", at("closed")),
    Place("measure-moderated", "measure", at("moderated")),
    Place("measure-revised", "measure", {"slug": REVISED}),
    Place("edition-first", "edition", {"slug": REVISED, "number": 1}),
    Place("edition-correction", "edition", {"slug": REVISED, "number": 2}),
    Place("edition-changed", "edition", {"slug": REVISED, "number": 3}),
    Place("comment", "comment", of("thread")),
    Place("comment-reply", "comment", of("reply")),
    Place("answers", "measure-answers", {"slug": BUSY}),
    Place("answers-none", "measure-answers", at("upcoming")),
    Place("answer", "answer", row("answer")),
    Place("comment-versions", "comment-versions", of("edited")),
    Place("widget", "measure-widget", at(BUSY)),
    Place("paper", "paper"),
    Place("paper-unknown", "paper", query="?code=ABCD2345", status=404),
    Place("results-list", "results"),
    Place("results", "programme-results", {"slug": "fair-kazakhstan"}),
    Place("results-programme-order", "programme-results", {"slug": "fair-kazakhstan"}, query="?order=programme"),
    Place("measure-results", "measure-results", {"slug": BUSY}),
    Place("measure-results-none", "measure-results", at("upcoming")),
    Place("results-none", "programme-results", {"slug": "village-libraries"}),
    Place("search", "search"),
    Place("search-found", "search", query="?q=кабинет"),
    Place("search-mended", "search", query="?q=кабинтет"),
    Place("search-filtered", "search", query="?q=школа&language=ru&kind=comments"),
    Place("search-too-common", "search", query="?q=и"),
    Place("search-nothing", "search", query="?q=zzzz&language=kk"),
    Place("search-refused", "search", query="?q=школа&area=nowhere"),
    Place("rules", "rules"),
    Place("rules-log-chosen", "rules", query="?action=hide&rule=spam"),
    Place("ledger", "ledger"),
    Place("ledger-nothing-checked", "ledger", act=send_nothing),
    Place("ledger-no-receipt", "ledger", act=check_nonsense),
    Place("appeal", "appeal", appeal),
    Place("unsubscribe", "unsubscribe", unsubscribing),
    Place("about", "about"),
    Place("privacy", "privacy"),
    Place("accessibility", "accessibility"),
]
TAKING_PART = [
    Place("own-measure", "measure", {"slug": BUSY}, who="author"),
    Place("own-measure-replying", "measure", {"slug": BUSY}, who="author", act=reply_in_place),
    Place("own-measure-refused", "measure", {"slug": QUIET}, who="newcomer", act=send_nothing),
    Place("own-measure-moderated", "measure", at("moderated"), who="author"),
    Place("own-measure-closed", "measure", at("closed"), who="author"),
    Place("own-measure-revised", "measure", {"slug": REVISED}, who="author"),
    Place("own-comment-pending", "comment", of("pending"), who="author"),
    Place("own-comment", "comment", of("thread"), who="author"),
    Place("form-too-old", "measure", {"slug": QUIET}, who="author", act=let_token_age),
    Place("edit", "edit-comment", of("edited"), who="author"),
    Place("withdraw", "withdraw-comment", of("edited"), who="author"),
    Place("report", "report-comment", of("thread"), who="author"),
    Place("report-refused", "report-comment", of("thread"), who="author", act=send_nothing),
    Place("profile", "profile", who="author"),
    Place("profile-empty", "profile", who="newcomer"),
    Place("receipt-again", "receipt-again", who="author"),
    Place("receipt-again-refused", "receipt-again", who="author", act=check_nonsense),
    Place("receipt-rating", "rating-receipt", {"slug": BUSY, "question": "support"}, who="author"),
    Place("receipt-comment", "comment-receipt", lambda world: {"pk": world.comments["edited"].pk}, who="author"),
    Place("tokens", "tokens", who="author"),
    Place("notices", "notices", who="author"),
    Place("notices-none", "notices", who="newcomer"),
    Place("decision", "decision", row("decision"), who="author"),
    Place("decision-refused", "decision", row("decision"), who="author", act=send_nothing),
    Place("warning", "sanction", row("warning"), who="author"),
    Place("my-data", "my-data", who="author"),
    Place("delete-account", "delete_account", who="author"),
    Place("delete-account-refused", "delete_account", who="author", act=send_nothing),
    Place("style", "style", who="staff"),
]
ACCOUNT = [
    Place("sign-up", "account_signup"),
    Place("sign-up-refused", "account_signup", act=send_nothing),
    Place("sign-in", "account_login"),
    Place("sign-in-refused", "account_login", act=sign_in_as("author@example.org", "not the password")),
    Place("sign-in-by-code", "account_request_login_code"),
    Place("sign-in-code", "account_confirm_login_code", start="account_request_login_code", act=ask_for_code),
    Place("confirm-address", "account_email_verification_sent", start="account_login", act=sign_in_as(UNPROVED)),
    Place("reset-password", "account_reset_password"),
    Place("reset-code", "account_confirm_password_reset_code", start="account_reset_password", act=ask_for_code),
    Place("reset-new", "account_complete_password_reset", start="account_reset_password", act=type_reset_code),
    Place("reset-done", "account_password_reset_completed"),
    Place("inactive", "account_inactive"),
    Place("settings", "account_settings", who="author"),
    Place("email", "account_email", who="author"),
    Place("change-password", "account_change_password", who="author"),
    Place("set-password", "account_set_password", who="keyholder"),
    Place("confirm-identity", "account_reauthenticate", who="author"),
    Place("sign-out", "account_logout", who="author"),
    Place("second-factor-off", "mfa_index", who="author"),
    Place("second-factor-on", "mfa_index", who="staff"),
    Place("second-factor-asked", "mfa_authenticate", start="account_login", act=sign_in_as("staff@example.org")),
    Place("second-factor-again", "mfa_reauthenticate", who="staff"),
    Place("app-on", "mfa_activate_totp", who="author"),
    Place("app-off", "mfa_deactivate_totp", who="staff"),
    Place("recovery-codes", "mfa_view_recovery_codes", who="staff"),
    Place("recovery-codes-new", "mfa_generate_recovery_codes", who="staff"),
    Place("keys", "mfa_list_webauthn", who="keyholder"),
    Place("keys-none", "mfa_list_webauthn", who="author"),
    Place("key-add", "mfa_add_webauthn", who="author"),
    Place("key-rename", "mfa_edit_webauthn", row("key"), who="keyholder"),
    Place("key-remove", "mfa_remove_webauthn", row("key"), who="keyholder"),
    Place("key-asked", "mfa_reauthenticate_webauthn", who="keyholder"),
]
MODERATING = [
    Place("desk", "desk:queue", who="staff"),
    Place("desk-filtered", "desk:queue", query="?reason=pending&language=kk", who="staff"),
    Place("desk-item", "desk:item", lambda world: {"pk": world.comments["pending"].pk}, who="staff"),
    Place("desk-appeals", "desk:appeals", who="staff"),
    Place("group", "admin:feedback_brigade_change", row("group", "object_id"), who="staff"),
    Place("export", "admin:feedback_comment_export", query="?query=language__exact%3Dkk", who="staff"),
    Place("reports-make", "admin:feedback_resultsreport_add", who="staff"),
    Place("reports-ready", "admin:feedback_resultsreport_change", row("report", "object_id"), who="staff"),
    Place("themes", "admin:feedback_theme_changelist", who="staff"),
    Place("themes-results", "admin:feedback_theme_results", who="staff"),
    Place("themes-tag", "admin:feedback_comment_themes", query="?query=language__exact%3Dkk", who="staff"),
]
ERRORS = [
    Place("not-found", "principle", {"slug": "nowhere"}, status=404),
    *(Place(f"error-{status}", "error", {"status": status}, status=status) for status in (400, 403, 429, 500)),
    Place("too-many-forms", "forms", who="author", status=429),
]
PLACES = READING + TAKING_PART + ACCOUNT + MODERATING + ERRORS
