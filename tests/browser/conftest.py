"""Chromium against the live server: one browser, one fresh profile per person, mail read from a folder."""

import os
import shutil
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.programme_builders import load_fair_kazakhstan

PATIENCE = 15_000  # milliseconds; a loaded machine is slow, and a journey waits for nothing else
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Chromium as the system has it. Where there is none the journeys are skipped, or fail with REQUIRE_BROWSER=1."""
    chromium = shutil.which("chromium")
    if chromium is None:
        say = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
        say("Chromium is not installed: no program `chromium` on the PATH.")
    expect.set_options(timeout=PATIENCE)
    return browser_type_launch_args | {"executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture
def browser_context_args(live_server, settings, tmp_path):
    """A profile on the live server, whose mail goes into a folder of the test's own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.SITE_URL = live_server.url
    return {"base_url": live_server.url}


@pytest.fixture
def new_page(new_context):
    """Opens a page in a fresh profile, in English unless told: `new_page(java_script_enabled=False)`."""

    def open_page(**options):
        context = new_context(**{"locale": "en-GB"} | options)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    return open_page


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def programme(live_server):
    """The shipped programme with the reference data that `script/server` loads; flushed after each test."""
    call_command("load_regions", verbosity=0)
    call_command("load_rules", stdout=StringIO())
    return load_fair_kazakhstan()
