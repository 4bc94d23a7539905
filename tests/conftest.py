"""Fixtures that every test may use."""

import os
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from feedback.ledger import triggers

settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Databases and loaded machines are slow at times; a test's speed is not what is asserted here.
hypothesis_settings.register_profile(
    "portal", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=25
)
hypothesis_settings.load_profile("portal")


def pytest_collection_modifyitems(config, items):
    """Leave out what is about the other engine alone, or about an optional package that is not there."""
    other = {"postgresql": "sqlite", "sqlite": "postgresql"}[connection.vendor]
    left_out = [other, *([] if find_spec("pyarrow") else ["parquet"])]
    elsewhere = [item for item in items if any(item.get_closest_marker(name) for name in left_out)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(autouse=True)
def plain_environment(settings, tmp_path):
    """A portal with a name, no dumps, no keys, no limits but those of sign-in, and nothing of the test before."""
    cache.clear()
    translation.deactivate()  # a request leaves its language active
    settings.SITE_NAME = "Test portal"
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = settings.STRANGERS_FORMS_PER_MINUTE = 10**6
    settings.DUMPS_DIR = str(tmp_path / "dumps")
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    settings.LEDGER_DIR = str(tmp_path / "ledger")
    settings.RECEIPT_KEY = str(tmp_path / "receipts" / "key.pem")
    settings.REPORTS_DIR = str(tmp_path / "reports")
    settings.EXPORTS_DIR = str(tmp_path / "exports")


@pytest.fixture(autouse=True, scope="session")
def flushable_tables():
    """Lift the append-only triggers while a transactional test's rows are flushed; `post_migrate` restores them."""
    flush = TransactionTestCase._fixture_teardown

    def lift_then_flush(case):
        for database in connections.all():
            triggers.lift(database)
        flush(case)
        for database in connections.all():
            triggers.install(database)

    TransactionTestCase._fixture_teardown = lift_then_flush
    yield
    TransactionTestCase._fixture_teardown = flush
