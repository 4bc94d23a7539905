"""Fixtures that every test may use."""

import os

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def plain_environment(settings, tmp_path):
    """Mail to memory, and nothing of one test in the cache of the next."""
    from django.core.cache import cache

    cache.clear()
    settings.SITE_NAME = "Test portal"
