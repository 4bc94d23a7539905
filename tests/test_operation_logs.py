"""Logs are JSON with the request's id and nothing of a person; metrics stand on a port of their own."""

import json
import logging
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.test import Client

from portal.logs import JSONLines, NoAddresses, id_of, request_id
from script.tortures.machinery import free_port

ROOT = Path(__file__).resolve().parent.parent


class Asked:
    def __init__(self, given: str = ""):
        self.META = {"HTTP_X_REQUEST_ID": given} if given else {}


def line_of(message: str, *args, fault: bool = False, **extra) -> dict:
    """What the log has of a message."""
    about = None
    if fault:
        try:
            raise ValueError("typed by somebody")
        except ValueError:
            about = sys.exc_info()
    record = logging.getLogger("x").makeRecord("x", logging.ERROR, "", 0, message, args, about, extra=extra)
    assert NoAddresses().filter(record)
    return json.loads(JSONLines().format(record))


def test_a_line_is_one_json_object_with_the_request_s_id():
    token = request_id.set("abcdef0123456789")
    line = line_of("it took %s s", 3, path="measures/<slug:slug>/", status=500)
    request_id.reset(token)
    assert (line["message"], line["request"], line["path"], line["status"], line["level"]) == (
        "it took 3 s",
        "abcdef0123456789",
        "measures/<slug:slug>/",
        500,
        "ERROR",
    )


def test_a_line_holds_no_address_and_nothing_that_was_typed():
    line = line_of("no mail to <me@example.org>, %s", "you+me@example.kz")
    assert line["message"] == "no mail to <(address)>, (address)"
    line = line_of("failed", fault=True)
    assert (line["fault"], "typed by somebody" in json.dumps(line), len(line["at"])) == ("ValueError", False, 1)


@pytest.mark.parametrize(
    ("given", "taken"), [("abcdef0123456789", True), ("x\ny", False), ("short", False), ("a" * 65, False), ("", False)]
)
def test_the_proxy_s_id_is_taken_where_it_is_one(given, taken):
    assert (id_of(Asked(given)) == given) == taken
    assert len(id_of(Asked(given))) >= 16


def test_a_fault_is_logged_by_its_pattern_and_not_by_what_was_asked(settings, caplog):
    settings.ROOT_URLCONF = "tests.urls_with_a_fault"
    Client(raise_request_exception=False).get("/ru/fault/?q=qsecretq")
    (record,) = [record for record in caplog.records if record.name == "portal.requests"]
    assert (record.path, record.status, record.method) == ("ru/fault/", 500, "GET")
    assert "qsecretq" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.request"
    )


def test_metrics_are_served_by_the_sequencer_s_process_and_not_by_the_portal(tmp_path):
    assert Client().get("/metrics").status_code == 404
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}",
        "DEBUG": "true",
        "METRICS_PORT": str(port),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    program = (
        "import time; from portal.metrics import count, serve_metrics; "
        "serve_metrics(); count('GET', 200, 0.02); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", program], cwd=ROOT, env=environment
    )
    try:
        said = ""
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                    said = answer.read().decode()
                if "portal_requests_total" in said:
                    break
            except OSError:
                pass
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait()
    assert 'portal_requests_total{method="GET",status="200"} 1.0' in said
    assert "portal_database_up 0.0" in said  # there are no tables yet
