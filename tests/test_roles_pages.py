"""Every page of the administration as every role, held against the tables of docs/roles.md; and no e-mail address."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from feedback.actions.access import ROLES, staff_member_of
from feedback.actions.appeals import appeal_decision
from feedback.actions.exports import request_export
from feedback.actions.reactions import report_comment
from feedback.actions.roles import sync_roles
from feedback.actions.sanctions import warn_participant
from feedback.export.making import Order
from feedback.export.official import DECISIONS
from feedback.ledger.sequencer import sequence
from feedback.models import (
    Answer,
    Brigade,
    BulkDecision,
    ClosingStatement,
    Export,
    PaperBatch,
    PaperSheet,
    Rating,
    ResultsReport,
    SavedExplanation,
    WatchWord,
)
from principles.models import Edition
from tests.admin_pages import admin_routes
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, make_user, staff_client
from tests.programme_admin import promise
from tests.programme_builders import make_measure
from tests.themes import make_theme

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "roles.md"
CANARY = "canary-author@example.org"
KINDS = {"changelist": "R", "history": "R", "change": "R", "add": "A", "delete": "D"}
WRITTEN = KINDS | {"change": "C"}
# Of every member of the staff, whatever their role; the last two of nobody by these names.
EVERYBODYS = {"index", "jsi18n", "password_change", "password_change_done", "view_on_site"}
QUERIES = [
    "q=canary-author",
    "author__user__email__startswith=canary",
    "participant__user__email__startswith=canary",
    "by__user__email=canary-keeper@example.org",
]
# Pages of the desk that are about something else than a comment.
ABOUT = {"appeal": "feedback.appeal", "undo": "feedback.decision", "lift": "feedback.sanction"}
APART = {"login", "logout", "autocomplete"}


def declared() -> dict[str, dict[str, str]]:
    """{row or page of docs/roles.md: {role: what its cell says}}."""
    tables = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in {"rows", "page"}:
            roles = [cell.replace(" ", "-") for cell in cells[1:]]
        elif len(cells) == 6 and not cells[0].startswith("-"):
            assert cells[0] not in tables
            tables[cells[0]] = dict(zip(roles, cells[1:], strict=True))
    return tables


def make_rows() -> dict[str, str]:
    """One row of each kind that the administration shows, by the name of its model, with addresses that could leak."""
    call_command("load_regions", verbosity=0)
    sync_roles()
    measure = make_measure(figures=[promise()])
    author = make_participant(email=CANARY, display_name="Author")
    keeper = make_moderator(email="canary-keeper@example.org", display_name="Keeper")
    member, rule = staff_member_of(keeper), make_rule()
    comment = hide(make_comment(measure, by=author), by=keeper)
    decision = comment.hiding_decision
    report_comment(make_comment(measure), by=author, rule=rule)
    appeal_decision(decision, by=author, text="I advertise nothing.")
    warn_participant(author, by=keeper, rule=rule, explanation="Please read the rules.")
    SavedExplanation.objects.create(rule=rule, name="Shop", text_en="It advertises a shop.")
    WatchWord.objects.create(language="en", word="shoes")
    now = timezone.now()
    BulkDecision.objects.create(action="hide", rule=rule, by=member, total=0, confirmed_at=now, moved_at=now)
    Brigade.objects.create(measure=measure, simhash=0, accounts=5, since=now, latest=now)
    batch = PaperBatch.objects.create(entered_by=member)
    sheet = {"number": 1, "measure": measure, "edition": 1, "language": "en", "printed_by": member}
    PaperSheet.objects.create(batch=batch, **sheet)
    Answer.objects.create(measure=measure, outcome="done", answered_on=date(2026, 11, 24), by=member, text_en="Done.")
    ClosingStatement.objects.create(programme=measure.principle.programme, by=member)
    request_export(Order(DECISIONS, DECISIONS.chosen(None), "csv"), by=keeper)
    ResultsReport.objects.create(programme=measure.principle.programme, asked_by=member)
    make_theme(measure.principle.programme)
    series = Edition.objects.get(measure=measure)
    question = measure.principle.programme.questions.first()
    Rating.objects.create(participant=author, question=question, edition=series, value=5, released_value=5)
    sequence()
    rows = {}
    for model in admin.site._registry:
        row = model.objects.filter(email=CANARY).first() if model._meta.label == "accounts.User" else None
        row = row or model.objects.first()
        assert row is not None, f"no row of {model._meta.label}"
        rows[model._meta.label_lower] = str(row.pk)
    return rows


def model_and_kind(name: str) -> tuple[str, str] | None:
    """("app.model", kind) of one of the five pages that the admin makes for rows."""
    rest, _underscore, kind = name.rpartition("_")
    label = rest.replace("_", ".", 1)
    return (label, kind) if kind in KINDS and label in {m._meta.label_lower for m in admin.site._registry} else None


def address_of(name: str, route: str, rows: dict[str, str]) -> str:
    """The address of a page about the row of the model in its path, or else about the comment."""
    if name == "view_on_site":
        content_type = ContentType.objects.get_by_natural_key("feedback", "comment")
        return f"/admin/r/{content_type.pk}/{rows['feedback.comment']}/"
    row = rows.get(ABOUT.get(name) or ".".join(route.split("/")[2:4]), rows["feedback.comment"])
    own = {"pk", "object_id"} | ({"number"} if name in ABOUT else set())
    return re.sub(r"<(\w+)>", lambda argument: row if argument[1] in own else "1", route)


def expected(role: str, name: str, kinds: dict[str, str]) -> str:
    found = model_and_kind(name)
    if name in EVERYBODYS:
        return "open"
    if found:
        return "open" if kinds[found[1]] in declared().get(found[0], {}).get(role, "") else "refused"
    return "open" if declared().get(name, {}).get(role) == "yes" else "refused"


def said(answer) -> str:
    """What an answer comes to: the page or what follows it, a refusal, or a way back to the start."""
    if answer.streaming:
        b"".join(answer)  # closes the file
    if answer.status_code == 302 and answer["Location"].split("?")[0] in {"/admin/", "/admin/login/"}:
        return "sent away"
    return {200: "open", 302: "open", 422: "open", 403: "refused", 404: "refused"}[answer.status_code]


def make_staff(role: str) -> Client:
    user = make_moderator() if role == "administrator" else make_user(is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    Export.objects.update(by=staff_member_of(user))  # one that is another's is nobody's page
    # Django caches these one by one for the life of the process, which would look like N+1 in the first test.
    ContentType.objects.get_for_models(*apps.get_models())
    return staff_client(user)


@pytest.fixture
def rows():
    return make_rows()


@pytest.fixture
def pages(rows):
    return {name: address_of(name, route, rows) for name, route in admin_routes().items() if name not in APART}


def test_every_page_is_declared_and_every_declared_page_is_there():
    there = {found[0] if (found := model_and_kind(name)) else name for name in admin_routes()}
    assert sorted(there - EVERYBODYS - APART) == sorted(declared())
    assert {role for row in declared().values() for role in row} == set(ROLES)


@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_a_role_reads_the_pages_that_are_declared_for_it_and_no_others(pages, role):
    browser = make_staff(role)
    answers = {name: browser.get(address) for name, address in pages.items()}
    shown = {name: said(answer) for name, answer in answers.items() if answer.status_code != 405}
    assert shown == {name: expected(role, name, KINDS) for name in shown}


@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_a_role_writes_where_it_is_declared_and_nowhere_else(pages, role):
    browser = make_staff(role)
    written = {name: address for name, address in pages.items() if (model_and_kind(name) or ("", ""))[1] != "history"}
    answers = {name: browser.post(address) for name, address in written.items()}
    taken = {name: said(answer) for name, answer in answers.items() if answer.status_code != 405}
    assert taken == {name: expected(role, name, WRITTEN) for name in taken}


@pytest.mark.parametrize("person", ["participant", "nobody"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_of_the_staff_is_sent_away_from_every_page(pages, person, method):
    browser = Client()
    if person == "participant":
        browser.force_login(make_user())
    assert {name: said(getattr(browser, method)(address)) for name, address in pages.items()} == dict.fromkeys(
        pages, "sent away"
    )


@pytest.mark.parametrize("role", ROLES)
def test_only_the_administrator_reads_an_e_mail_address_anywhere(pages, role):
    browser = make_staff(role)
    showing = [name for name, address in pages.items() if b"canary-" in b"".join(browser.get(address))]
    accounts = ["accounts_user_change", "accounts_user_changelist", "accounts_user_history"]
    assert sorted(showing) == (accounts[:2] if role == "administrator" else [])


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_no_list_answers_differently_to_an_e_mail_address_that_exists(pages, role):
    browser = make_staff(role)
    lists = [address for name, address in pages.items() if name.endswith("_changelist")]
    for address in [address for address in lists if said(browser.get(address)) == "open"]:
        for query in QUERIES:
            answers = [browser.get(f"{address}?{asked}") for asked in (query, query.replace("canary", "nobody"))]
            assert len({(address, query, answer.status_code, rows_in(answer)) for answer in answers}) == 1


def rows_in(answer) -> int | None:
    """How many rows a list shows; None where the answer is no list."""
    return answer.context["cl"].result_count if answer.context and "cl" in answer.context else None


def test_no_list_but_that_of_accounts_shows_or_searches_addresses():
    fields = [
        (model._meta.label, field)
        for model, page in admin.site._registry.items()
        for field in [*page.search_fields, *map(str, page.list_display)]
        if "email" in field and model._meta.label != "accounts.User"
    ]
    assert fields == []
