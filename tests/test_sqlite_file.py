"""SQLite's file and its write-ahead log: what is deleted is in neither, and a full disk can be read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError, connection

from feedback.actions.departure import delete_account
from tests.builders import make_comment, make_participant, make_user
from tests.programme_builders import make_measure

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite,
]
CANARY = "canary9 of the log"
# A file that may not grow is what a full disk is to SQLite, which makes its log's index anew where nobody has it open.
READ_WITH_A_FULL_DISK = """
import resource, signal
import portal.wsgi
from django.contrib.auth import get_user_model
from django.db import connection
print(get_user_model().objects.count())
connection.close()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
print(get_user_model().objects.count())
"""


def everything_in_the_files() -> bytes:
    name = connection.settings_dict["NAME"]
    return b"".join(path.read_bytes() for path in Path(name).parent.glob(f"{Path(name).name}*"))


@pytest.mark.parametrize("erase", [False, True])
def test_a_deleted_account_is_in_no_file_though_the_log_is_held_open(erase):
    comment = make_comment(make_measure(), text=CANARY, by=make_participant(display_name="Aigerim Canary9"))
    assert b"Canary9" in everything_in_the_files()
    delete_account(comment.author.user, erase_comments=erase)
    kept = everything_in_the_files()
    assert b"Aigerim" not in kept
    assert (CANARY.encode() in kept) is not erase


def test_an_account_is_deleted_though_the_log_cannot_be_emptied_now():
    user = make_participant().user

    def fail(execute, sql, params, many, context):
        if "wal_checkpoint" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        delete_account(user, erase_comments=True)
    assert not get_user_model().objects.filter(email=user.email).exists()


def test_what_a_long_reader_kept_in_the_log_goes_with_the_next_night():
    user = make_user(display_name="Aigerim Canary9")
    EmailAddress.objects.all().delete()
    user.delete()
    call_command("keep_within_periods", "--dry-run")
    assert b"Canary9" in everything_in_the_files()
    call_command("keep_within_periods")
    assert b"Canary9" not in everything_in_the_files()


def test_a_full_disk_is_read_by_a_process_that_closed_its_own_connections(tmp_path):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3", "DEBUG": "true"}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [f"{tmp_path}/portal.sqlite3"])
    ran = subprocess.run([sys.executable, "-c", READ_WITH_A_FULL_DISK], env=environment, capture_output=True, text=True)
    assert ran.stdout.split() == ["0", "0"], ran.stderr[-2000:]
