"""Fixtures that every test may use."""

import os

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings as hypothesis_settings

from feedback.ledger import triggers

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Databases and loaded machines are slow at times; a test's speed is not what is asserted here.
hypothesis_settings.register_profile(
    "portal", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), max_examples=25
)
hypothesis_settings.load_profile("portal")


@pytest.fixture(autouse=True)
def plain_environment(settings):
    """A portal with a name, and nothing of one test in the cache of the next."""
    cache.clear()
    settings.SITE_NAME = "Test portal"


@pytest.fixture(autouse=True, scope="session")
def flushable_tables():
    """Lift the append-only triggers while a transactional test's rows are flushed; `post_migrate` restores them."""
    flush = TransactionTestCase._fixture_teardown

    def lift_then_flush(case):
        for connection in connections.all():
            triggers.lift(connection)
        flush(case)
        for connection in connections.all():
            triggers.install(connection)

    TransactionTestCase._fixture_teardown = lift_then_flush
    yield
    TransactionTestCase._fixture_teardown = flush
