"""The table of every address and everybody's way to it; what one may not see is behind none of them."""

import json
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client

from feedback.actions.departure import delete_account
from feedback.actions.tokens import make_token
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, LedgerEntry, Rating
from portal.accounts.models import User
from tests.access import PEOPLE, address_of, make_world, routes
from tests.access_table import TABLE
from tests.builders import hide, make_comment, make_participant, make_user, rate_as, signed_in
from tests.decisions import redact
from tests.dumps import everything_written, made
from tests.programme_builders import make_measure, make_programme

pytestmark = pytest.mark.django_db
HINT = "a new address needs its line in tests/access_table.py: who may read it, and who may send a form there"


def expected() -> dict[str, dict[str, list[int]]]:
    """{address: {"get" or "post": the status for each of PEOPLE}}."""
    table = {}
    for line in TABLE.strip("\n").splitlines():
        route, *cells = [cell.strip() for cell in line.split("|")]
        statuses = [[int(number) for number in cell.split()] for cell in cells]
        spread = [row * len(PEOPLE) if len(row) == 1 else row for row in statuses]
        table[route] = dict(zip(("get", "post"), spread, strict=True))
    return table


def test_every_address_is_in_the_table_and_nothing_else_is():
    assert sorted(routes()) == sorted(expected()), HINT


@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_reaches_what_the_table_says_and_no_more(method):
    world = make_world()
    table = {route: row[method] for route, row in expected().items() if route in routes()}
    found = {route: [] for route in table}
    for route in table:
        for browser in world.browsers.values():
            cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
            before = transaction.savepoint()
            found[route].append(getattr(browser, method)(address_of(route, world)).status_code)
            transaction.savepoint_rollback(before)  # signing out, say, is undone
            browser.cookies = SimpleCookie(cookies)
    assert found == table


CANARIES = {"pending": "Qpendingq", "hidden": "Qhiddenq", "redacted": "Qremovedq", "erased": "Qerasedq", "old": "Qoldq"}


def canary_comments() -> dict[str, Comment]:
    """One comment that holds its canary in each state in which nobody but staff (or nobody at all) may read it."""
    waiting = make_measure(make_programme("waits-first", measures=0, moderation="before"))
    pending = make_comment(waiting, text=f"A school {CANARIES['pending']}.")
    measure = make_measure(make_programme("shows-first", measures=0))
    hidden = hide(make_comment(measure, text=f"A school {CANARIES['hidden']}."))
    redacted = make_comment(measure, text=f"A school {CANARIES['redacted']} is needed.")
    redact(redacted, CANARIES["redacted"])
    leaving = make_participant(email="qleaving@example.org", display_name="Qnameq")
    erased = make_comment(measure, by=leaving, text=f"A school {CANARIES['erased']}.")
    sequence()
    delete_account(leaving.user, erase_comments=True)
    sequence()
    return {"pending": pending, "hidden": hidden, "redacted": redacted, "erased": erased}


def content_of(answer) -> str:
    return b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode(errors="replace")


def canaries_in(text: str) -> list[str]:
    return [word for word in [*CANARIES.values(), "qleaving", "Qnameq"] if word.lower() in text.lower()]


@pytest.mark.parametrize("who", ["nobody", "participant", "token"])
def test_what_is_not_public_is_behind_no_address(who):
    """Every address about each of the comments, every search for their words, every list of the API, every dump."""
    world, comments = make_world(), canary_comments()
    person = make_participant()
    browser = signed_in(person) if who == "participant" else Client()
    headers = (
        {"authorization": f"Bearer {make_token(person.user, name='x', scope='read')[1]}"} if who == "token" else {}
    )
    addresses = set()
    for comment in comments.values():
        programme = comment.measure.principle.programme.slug
        world.arguments["measures"] |= {"slug": comment.measure.slug, "pk": str(comment.pk)}
        world.arguments["api"]["id"] = str(comment.pk)
        world.arguments["programmes"]["slug"] = programme
        addresses |= {address_of(route, world) for route in routes() if not route.startswith(("accounts", "profile/t"))}
        for name in ("comments", "changes", "decisions", "answers", "tallies"):
            addresses |= {f"/api/v1/{name}/?limit=100", f"/api/v1/{name}/?programme={programme}"}
    found = {}
    for address in sorted(addresses):
        answer = browser.get(address, headers=headers)
        if canaries := canaries_in(content_of(answer)):
            found[address] = canaries
    assert found == {}
    for word in CANARIES.values():
        assert "/comments/" not in content_of(browser.get(f"/en/search/?q={word}", headers=headers))
    assert canaries_in(everything_written(made()).decode(errors="replace")) == []
    assert canaries_in("".join(LedgerEntry.objects.values_list("leaf", flat=True))) == []


def test_counts_do_not_tell_what_is_not_public():
    comments = canary_comments()
    for comment in comments.values():
        data = json.loads(Client().get(f"/api/v1/comments/{comment.pk}/").content or b"{}")
        assert data.get("text") is None or data["state"] == "published"
    assert Comment.objects.visible().count() == 1  # the redacted one, without what was removed


EVERY_FIELD = {
    field.name: value
    for model, value in ((Comment, "1"), (Rating, "1"), (User, "1"))
    for field in model._meta.get_fields()
    if field.concrete and not field.many_to_many
}


def plain(row, *left_out: str) -> dict:
    names = {field.name for field in row._meta.concrete_fields} - set(left_out)
    return {name: getattr(row, row._meta.get_field(name).attname) for name in names}


def test_a_form_that_brings_every_field_of_its_row_changes_no_more_than_its_own():
    measure, person = make_measure(), make_participant()
    own = {"text": "A new school.", "edition": "1", "stance": "for", "language": "en"}
    browser = signed_in(person)
    browser.post(f"/en/measures/{measure.slug}/comments/", own)
    browser.post(f"/en/measures/{measure.slug}/comments/", EVERY_FIELD | own | {"text": "Another new school."})
    first, second = Comment.objects.order_by("created_at")
    varying = ("id", "created_at", "shown", "latest", "edited_at", "changed_at", "moved_at")
    assert plain(first, *varying) == plain(second, *varying)


def test_a_rating_that_brings_every_field_of_its_row_is_the_rating_alone():
    measure, person = make_measure(), make_participant()
    typed = EVERY_FIELD | {"value": "4", "edition": "1"}
    signed_in(person).post(f"/en/measures/{measure.slug}/ratings/support/", typed)
    row = Rating.objects.get()
    assert (row.value, row.released_value, row.released_once, row.participant) == (4, None, False, person)


def test_the_account_page_gives_nobody_powers_another_address_or_another_password():
    user = make_user(email="me@example.org")
    browser = Client()
    browser.force_login(user)
    own = {"display_name": "New name", "language": "ru", "age_band": "", "gender": "", "region": ""}
    browser.post("/en/accounts/settings/", EVERY_FIELD | {"groups": "1", "email": "other@example.org"} | own)
    before = plain(user, "display_name", "language", "age_band", "gender", "region", "last_login")
    user.refresh_from_db()
    assert (user.display_name, user.language) == ("New name", "ru")
    assert plain(user, "display_name", "language", "age_band", "gender", "region", "last_login") == before
    assert user.groups.count() == 0


def test_a_write_of_the_api_takes_its_own_fields_alone():
    measure, person = make_measure(), make_participant()
    secret = make_token(person.user, name="script", scope="write")[1]
    body = EVERY_FIELD | {"measure": measure.slug, "text": "A new school."}
    answer = Client().post(
        "/api/v1/comments/", body, content_type="application/json", headers={"authorization": f"Bearer {secret}"}
    )
    assert (answer.status_code, Comment.objects.count()) == (422, 0)


def test_nobody_changes_what_belongs_to_another():
    measure, owner = make_measure(), make_participant()
    comment = make_comment(measure, by=owner, text="Mine.")
    publish_state = comment.state
    other = signed_in(make_participant())
    page = f"/en/measures/{measure.slug}/comments/{comment.pk}/"
    for name in ("edit/", "withdraw/"):
        assert other.post(f"{page}{name}", {"text": "Yours.", "version": "1"}).status_code == 403
    comment.refresh_from_db()
    assert (comment.state, comment.latest.text) == (publish_state, "Mine.")
    rate_as(owner, measure, 5)
    other.post(f"/en/measures/{measure.slug}/ratings/support/", {"value": "1", "edition": "1"})
    assert Rating.objects.get(participant=owner).value == 5


def test_a_read_token_writes_nothing():
    measure, person = make_measure(), make_participant()
    secret = make_token(person.user, name="script", scope="read")[1]
    answer = Client().post(
        "/api/v1/comments/",
        {"measure": measure.slug, "text": "A new school."},
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, Comment.objects.count()) == (403, 0)


def test_an_account_that_was_closed_writes_nothing_any_more():
    measure, person = make_measure(), make_participant()
    browser = signed_in(person)
    secret = make_token(person.user, name="script", scope="write")[1]
    User.objects.filter(pk=person.user_id).update(is_active=False)
    browser.post(f"/en/measures/{measure.slug}/comments/", {"text": "A new school.", "edition": "1"})
    answer = Client().post(
        "/api/v1/comments/",
        {"measure": measure.slug, "text": "A new school."},
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, Comment.objects.count()) == (401, 0)
