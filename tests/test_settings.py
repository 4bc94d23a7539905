"""A missing or malformed setting stops the start with one clear line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.models import Signal

ROOT = Path(__file__).resolve().parent.parent
SOUND = {"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "localhost", "HTTPS": "false"}


def start(**changes) -> subprocess.CompletedProcess:
    """What `manage.py check_database` says under these settings."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///:memory:"} | SOUND | changes
    return subprocess.run(
        [sys.executable, "manage.py", "check_database"], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("ALLOWED_HOSTS", ""),
        ("DEBUG", "maybe"),
        ("HTTPS", "perhaps"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://a/b"),
        ("DATABASE_URL", "postgres://"),
        ("CACHE_URL", "foo://x"),
        ("EMAIL_URL", "foo"),
        ("EMAIL_URL", "smtp://"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("SITE_URL", "http://x:y"),
        ("SITE_URL", "portal.example.org"),
        ("OPERATOR_EMAIL", "x"),
        ("COUNTRY", "KAZ"),
        ("MINIMUM_AGE", "-5"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TRUSTED_PROXIES", "x"),
        ("TRUSTED_PROXIES", "-1"),
        ("LEDGER_NAME", ""),
        ("HOLD_SIGNALS", "iin,passport"),
    ],
)
def test_a_malformed_setting_stops_the_start_with_one_line_that_names_it(name, value):
    run = start(**{name: value})
    assert run.returncode != 0
    lines = run.stderr.strip().splitlines()
    assert (len(lines), lines[0].startswith(f"Setting {name} is ")) == (1, True)


@pytest.mark.parametrize("kinds", ["", "iin", ",".join(Signal.Kind.values)])
def test_every_kind_of_signal_may_hold_a_comment_or_none(kinds):
    assert (start(HOLD_SIGNALS=kinds).returncode, start(HOLD_SIGNALS=kinds).stderr) == (0, "")


def test_sound_settings_start():
    assert (start().returncode, start().stderr) == (0, "")


def test_a_database_that_does_not_answer_is_told_in_one_line():
    run = start(DATABASE_URL="postgres://u@127.0.0.1:1/x")
    assert (run.returncode, len(run.stderr.strip().splitlines())) == (1, 1)
    assert run.stderr.startswith("CommandError: The database that DATABASE_URL names does not answer: ")


@pytest.mark.parametrize("port", ["abc", "99999", "0"])
def test_a_malformed_port_stops_the_start_before_anything_else(port):
    run = subprocess.run(
        ["bash", "script/server"], cwd=ROOT, env={**os.environ, "PORT": port}, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.strip() == f"Setting PORT is malformed: '{port}' is no port number."
