"""A backup brings everything back: tallies, ledger and its root; what was erased since stays erased."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from feedback.actions.departure import delete_account
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentVersion
from feedback.safekeeping.state import state
from portal.accounts.models import User
from tests.builders import hide, make_comment, make_participant, rate_by_many, signed_in
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent


def here() -> str:
    """The address of the test's own database, for processes of their own."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def back_up(folder: Path, *arguments: str) -> Path:
    made = manage(here(), "backup", folder, *arguments)
    assert (made.returncode, made.stderr) == (0, "")
    return Path(made.stdout.strip())


@pytest.fixture
def elsewhere(tmp_path):
    """The address of an empty database on the same engine."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    database = connection.settings_dict
    yield f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(url: str, *arguments: str) -> subprocess.CompletedProcess:
    """A command on the database at `url`, in a process of its own."""
    names = ("ERASURES_FILE", "LEDGER_DIR", "RECEIPT_KEY")
    environment = (
        os.environ | {"DATABASE_URL": url, "DEBUG": "true"} | {name: getattr(settings, name) for name in names}
    )
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def make_consultation():
    measure = make_measure()
    rate_by_many(measure, [1, 2, 3, 4, 5] * 3)
    hide(make_comment(measure, text="An advertisement."))
    leaving = make_participant(display_name="Qname")
    comment = make_comment(measure, by=leaving, text="Qcanary is written here.")
    sequence()
    return leaving, comment


def test_a_copy_is_restored_into_an_empty_place_with_every_tally_and_the_ledger_s_root(tmp_path, elsewhere):
    make_consultation()
    before = state()
    copy = back_up(tmp_path / "copies")
    restored = manage(elsewhere, "restore", copy)
    assert (restored.returncode, restored.stderr) == (0, "")
    after = json.loads(manage(elsewhere, "tell_state").stdout)
    assert (before["ledger"]["head"], before["ledger"]["root"]) == (after["ledger"]["head"], after["ledger"]["root"])
    assert (before["tallies"], before["rows"]) == (after["tallies"], after["rows"])
    assert before["ledger"]["head"] > 15
    assert manage(elsewhere, "recount").returncode == 0
    again = manage(elsewhere, "restore", copy)
    assert (again.returncode, again.stderr.strip()) == (
        1,
        "CommandError: The database is not empty. Restore into a new one, and look at it before you switch.",
    )


def test_what_was_erased_after_the_copy_is_erased_again_by_the_journal(tmp_path, elsewhere):
    leaving, comment = make_consultation()
    copy = back_up(tmp_path / "copies")
    delete_account(leaving.user, erase_comments=True)
    assert "Q" not in Path(settings.ERASURES_FILE).read_text()
    restored = manage(elsewhere, "restore", copy)
    assert (restored.returncode, "Erased once more: 1 accounts." in restored.stdout) == (0, True)
    program = (
        "from feedback.models import *; from django.contrib.auth import get_user_model as u; "
        f"print(CommentVersion.objects.filter(text__contains='Qcanary').count(), "
        f"u().objects.filter(display_name='Qname').count(), Comment.objects.get(pk='{comment.pk}').state)"
    )
    assert manage(elsewhere, "shell", "--no-imports", "-c", program).stdout.split() == ["0", "0", "erased"]
    assert manage(elsewhere, "recount").returncode == 0


def test_sessions_that_were_open_at_the_time_of_the_copy_are_over_in_what_is_restored(tmp_path, elsewhere):
    signed_in(make_participant())
    copy = back_up(tmp_path / "copies")
    restored = manage(elsewhere, "restore", copy)
    assert (restored.returncode, restored.stderr) == (0, "")
    count = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    answers = [manage(url, "shell", "--no-imports", "-c", count).stdout.strip() for url in (here(), elsewhere)]
    assert answers == ["1", "0"]


@pytest.mark.postgresql
def test_a_copy_is_restored_by_a_role_that_owns_the_database_and_no_more(tmp_path, elsewhere):
    make_consultation()
    copy = back_up(tmp_path / "copies")
    database, role = elsewhere.rpartition("/")[2], f"{connection.settings_dict['NAME']}_owner"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {role}")
        cursor.execute(f"CREATE ROLE {role} LOGIN")
        cursor.execute(f"ALTER DATABASE {database} OWNER TO {role}")
    # As docs/deploy.md makes it, who administers PostgreSQL makes the extension.
    with psycopg.connect(elsewhere) as administrator:
        administrator.execute("CREATE EXTENSION pg_trgm")
    try:
        restored = manage(elsewhere.replace(f"{connection.settings_dict['USER']}@", f"{role}@"), "restore", copy)
        assert (restored.returncode, restored.stderr) == (0, "")
    finally:
        with psycopg.connect(elsewhere) as administrator:
            administrator.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER")
            administrator.execute(f"DROP OWNED BY {role}")
            administrator.execute(f"DROP ROLE {role}")


def test_an_erasure_that_cannot_be_noted_does_not_happen(settings):
    leaving, _comment = make_consultation()
    settings.ERASURES_FILE = "/dev/null/erasures.jsonl"
    with pytest.raises(OperationalError, match="the journal of erasures cannot be written"):
        delete_account(leaving.user, erase_comments=True)
    assert User.objects.filter(display_name="Qname").count() == 1
    assert CommentVersion.objects.filter(text__contains="Qcanary").count() == 1


def test_a_newer_account_under_the_same_key_is_left_alone(tmp_path):
    leaving, _comment = make_consultation()
    key = leaving.user_id
    delete_account(leaving.user, erase_comments=True)
    User.objects.create(pk=key, email="new@example.org", display_name="New")
    assert manage(here(), "replay_erasures").stdout == "Erased once more: 0 accounts.\n"
    assert User.objects.get(pk=key).display_name == "New"
    assert Comment.objects.count() == 2


def test_only_the_newest_copies_stay_and_keys_stand_beside_them_without_the_last_checkpoint(tmp_path, settings):
    settings.LEDGER_DIR, settings.RECEIPT_KEY = str(tmp_path / "ledger"), str(tmp_path / "receipts.pem")
    (tmp_path / "ledger" / "checkpoints").mkdir(parents=True)
    (tmp_path / "ledger" / "key.pem").write_text("a key")
    (tmp_path / "ledger" / "checkpoints" / "x").write_text("a checkpoint")
    old = tmp_path / "copies" / "portal-20200101T000000Z"
    old.mkdir(parents=True)
    copy = back_up(tmp_path / "copies", "--keep", "1")
    assert [path.name for path in (tmp_path / "copies").glob("portal-*")] == [copy.name]
    assert (tmp_path / "copies" / "keys" / "ledger.pem").read_text() == "a key"
    assert list((tmp_path / "copies").rglob("*checkpoint*")) == []
    assert oct((tmp_path / "copies" / "keys" / "ledger.pem").stat().st_mode)[-3:] == "600"


def test_a_damaged_copy_is_refused(tmp_path, elsewhere):
    make_consultation()
    copy = back_up(tmp_path / "copies")
    with (copy / "database").open("ab") as file:
        file.write(b"x")
    restored = manage(elsewhere, "restore", copy)
    assert (restored.returncode, "is damaged: its SHA-256" in restored.stderr) == (1, True)


@pytest.mark.postgresql
def test_a_move_from_sqlite_keeps_every_row_under_its_key_the_ledger_and_its_root(tmp_path, elsewhere):
    source = f"sqlite:///{tmp_path / 'source.sqlite3'}"
    for command in (
        ["migrate", "--verbosity", "0"],
        ["load_regions"],
        ["load_rules"],
        ["sync_roles"],
        ["load_programme", "principles/data/fair-kazakhstan.yaml"],
        ["make_demo", "--participants", "40", "--comments", "60", "--ratings", "400", "--seed", "1"],
        ["sequence_ledger"],
    ):
        ran = manage(source, *command)
        assert (command[0], ran.returncode, ran.stderr[-500:]) == (command[0], 0, ran.stderr[-500:])
    before = json.loads(manage(source, "tell_state").stdout)
    moved = manage(source, "move_database", elsewhere)
    assert (moved.returncode, moved.stderr) == (0, "")
    assert json.loads(manage(elsewhere, "tell_state").stdout) == before
    assert before["ledger"]["head"] > 200
    assert manage(elsewhere, "recount").returncode == 0
    # Keys go on where they were, so new rows are taken.
    assert manage(elsewhere, "create_staff", "me@example.org", "--role", "moderator").returncode == 0
    assert "not empty" in manage(source, "move_database", elsewhere).stderr


def test_a_move_goes_to_postgresql_alone(tmp_path):
    with pytest.raises(CommandError, match="URL is postgres://"):
        call_command("move_database", f"sqlite:///{tmp_path / 'x.sqlite3'}")
