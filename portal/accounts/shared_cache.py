"""A cache in the database, for what all web processes must count together: attempts at sign-in, used codes.

Where a cache server is named (`CACHE_URL`), that is used instead. Each operation is one statement, so that `add`, by
which allauth locks, admits exactly one. Values are JSON, never pickles.
"""

import json
import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from portal.accounts.models import CachedValue

FOR_EVER = 10 * 365 * 24 * 3600  # seconds


class SharedCache(BaseCache):
    def __init__(self, _location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        rows = CachedValue.objects.filter(pk=self.make_and_validate_key(key, version), expires_at__gt=time.time())
        value = rows.values_list("value", flat=True).first()
        return default if value is None else json.loads(value)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Write a value where there is none; whether this call did."""
        return self._write(key, value, timeout, version, where=f"WHERE {CachedValue._meta.db_table}.expires_at <= %s")

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._write(key, value, timeout, version)

    def delete(self, key, version=None):
        return CachedValue.objects.filter(pk=self.make_and_validate_key(key, version)).delete()[0] > 0

    def clear(self):
        CachedValue.objects.all().delete()

    def _write(self, key, value, timeout, version, *, where: str = "") -> bool:
        key, now = self.make_and_validate_key(key, version), time.time()
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        until = now + (FOR_EVER if seconds is None else seconds)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {CachedValue._meta.db_table} (key, value, expires_at) VALUES (%s, %s, %s) "  # noqa: S608 - our own names
                f"ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at {where} "
                "RETURNING key",
                [key, json.dumps(value), until, *([now] if where else [])],
            )
            return cursor.fetchone() is not None
