"""While the database is away, busy or full: 503 with Retry-After everywhere, and everything again afterwards."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client

from feedback.actions.tokens import make_token
from feedback.models import Comment
from tests.builders import make_comment, make_participant, signed_in
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
PAGES = ["/kk/", "/kk/measures/{slug}/", "/kk/search/?q=school", "/kk/moderation/", "/kk/accounts/signup/"]


@contextmanager
def database_away():
    """Let every statement fail as when the server closed the connection."""

    def fail(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def a_table_is_missing():
    """Let the engine itself say of every statement that there is no such table."""

    def ask_for_another(execute, sql, params, many, context):
        return execute("SELECT 1 FROM no_such_table", None, False, context)

    with connection.execute_wrapper(ask_for_another):
        yield


@contextmanager
def database_refuses_writes():
    """Let the engine itself refuse every write, as on a full disk, while reads go on; outside of a transaction."""
    off, on = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            yield
        finally:
            cursor.execute(on)


def browser_of(person=None) -> Client:
    client = signed_in(person) if person else Client()
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("page", [*PAGES, "/kk/profile/", "/admin/"])
@pytest.mark.parametrize("known", [False, True])
def test_a_page_without_its_database_says_when_to_come_back_in_its_language(page, known):
    slug = make_measure().slug
    browser = browser_of(make_participant() if known else None)
    with database_away():
        answer = browser.get(page.format(slug=slug))
    if answer.status_code == 302:  # asked nothing
        assert (known, page in {"/kk/profile/", "/admin/"}) == (False, True)
        return
    assert (answer.status_code, answer.get("Retry-After"), answer["Cache-Control"]) == (503, "10", "no-store")
    assert (page == "/admin/") or '<html lang="kk">' in answer.content.decode()
    assert browser.get(page.format(slug=slug)).status_code in {200, 302}


def test_what_was_written_when_the_database_went_is_shown_and_never_kept_in_silence():
    measure, person = make_measure(), make_participant()
    browser = browser_of(person)
    with database_away():
        answer = browser.post(
            f"/en/measures/{measure.slug}/comments/", {"text": "Long <b>thought</b>.", "password": "x1y2z3"}
        )
    page = answer.content.decode()
    assert (answer.status_code, Comment.objects.count()) == (503, 0)
    assert ("Long &lt;b&gt;thought&lt;/b&gt;." in page, "x1y2z3" in page) == (True, False)


@pytest.mark.parametrize("address", ["/api/v1/measures/", "/api/v1/changes/", "/api/v1/comments/"])
def test_the_api_without_its_database_answers_a_problem(address):
    with database_away():
        answer = browser_of().get(address)
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (
        503,
        "10",
        "application/problem+json",
    )
    assert json.loads(answer.content)["status"] == 503


def test_the_process_is_healthy_and_not_ready_without_its_database():
    with database_away():
        answers = [Client().get(address) for address in ("/healthz", "/readyz")]
    assert [(answer.status_code, answer.get("Retry-After")) for answer in answers] == [(200, None), (503, "10")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/kk/moderation/", "/api/v1/rules/"])
def test_a_missing_table_is_a_fault_of_ours_and_no_outage(address):
    with a_table_is_missing():
        answer = browser_of().get(address)
    assert (answer.status_code, answer.get("Retry-After")) == (500, None)


@pytest.mark.django_db(transaction=True)
def test_reads_go_on_while_writes_are_refused():
    measure, person = make_measure(), make_participant()
    make_comment(measure)
    secret = make_token(person.user, name="script", scope="write")[1]
    body = {"measure": measure.slug, "text": "One more."}
    with database_refuses_writes():
        read = [browser_of().get(page.format(slug=measure.slug)).status_code for page in PAGES]
        read += [browser_of().get(f"/api/v1/{name}/").status_code for name in ("measures", "comments", "changes")]
        page = browser_of(None).get("/readyz").status_code
        write = browser_of().post(
            "/api/v1/comments/",
            body,
            content_type="application/json",
            headers={"authorization": f"Bearer {secret}"},
        )
    assert (set(read), page, write.status_code, write["Retry-After"]) == ({200}, 200, 503, "10")
    assert Comment.objects.count() == 1


@pytest.mark.postgresql
def test_a_migration_waits_ten_seconds_for_a_lock_and_no_longer():
    program = "import sys; sys.argv = ['manage.py', sys.argv[1]]; import portal.settings as s; "
    program += "print('lock_timeout=10000' in s.DATABASES['default']['OPTIONS']['options'])"
    environment = os.environ | {"DEBUG": "true"}
    said = [
        subprocess.run([sys.executable, "-c", program, command], env=environment, capture_output=True, text=True).stdout
        for command in ("migrate", "run_sequencer")
    ]
    assert said == ["True\n", "False\n"]
