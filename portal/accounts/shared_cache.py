"""What all web processes must count together: attempts at sign-in, used codes.

`SharedCache` keeps it in the database; where a cache server is named (`CACHE_URL`), that is used instead. Each
operation is one statement, so that `add`, by which allauth locks, admits exactly one. Values are JSON, never pickles.
`DailyKeys` stands before either: allauth's keys hold addresses, and are kept as digests under a key of the day.
"""

import json
import time

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from portal.accounts.models import CachedValue
from portal.clients import hidden_now

FOR_EVER = 10 * 365 * 24 * 3600  # seconds
# No limit on attempts counts for longer, and no code is good for longer. A minute more, for clocks that differ.
LONGEST = 3600 + 60  # seconds


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


class DailyKeys(BaseCache):
    """The cache of the alias `LOCATION`, under keys that are another each day (UTC) and hold over midnight.

    For an hour after midnight what stands under yesterday's key counts on: a value is read there where today has none,
    and `add` must succeed under both keys, yesterday's first, so that of two processes on both sides of midnight one is
    admitted.
    """

    def __init__(self, location, params):
        super().__init__(params)
        self.location = location

    @property
    def kept(self) -> BaseCache:
        return caches[self.location]

    def get(self, key, default=None, version=None):
        for each in reversed(self._keys(key, version)):
            if (value := self.kept.get(each)) is not None:
                return value
        return default

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Write a value where there is none; whether this call did."""
        return all(self.kept.add(each, value, self._seconds(timeout)) for each in self._keys(key, version))

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self.kept.set(self._keys(key, version)[-1], value, self._seconds(timeout))

    def delete(self, key, version=None):
        return sum(self.kept.delete(each) for each in self._keys(key, version)) > 0

    def clear(self):
        self.kept.clear()

    def _keys(self, key, version) -> list[str]:
        return hidden_now(self.make_key(key, version), longest=LONGEST)

    def _seconds(self, timeout):
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
