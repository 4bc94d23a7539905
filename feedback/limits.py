"""Limits that hold exactly: the count is one statement in the database, whatever process answers."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from feedback.models import RequestCount
from portal.clients import client_network, hidden
from portal.faults import is_outage

WINDOW = 60  # seconds


@dataclass(frozen=True)
class Count:
    """The `number` of requests of one kind in the window that ends in `reset` seconds, and how many may be."""

    what: str
    number: int
    limit: int
    reset: int

    @property
    def over(self) -> bool:
        return self.number > self.limit


def count_read(request) -> Count | None:
    """Count one read of the API by the client's network.

    None where nothing can be written just now: the disk is full, the server a standby. Reads go on uncounted.
    """
    try:
        return _count("read", hidden(client_network(request)), settings.API_READS_PER_MINUTE)
    except DatabaseError as fault:
        if not is_outage(fault):
            raise
        return None


def count_write(user) -> Count:
    """Count one write of somebody who is signed in, on a page or by the API."""
    return _count("write", str(user.pk), settings.API_WRITES_PER_MINUTE)


def count_form(request) -> Count:
    """Count one form that was sent without signing in, by the client's network."""
    return _count("form", hidden(client_network(request)), settings.STRANGERS_FORMS_PER_MINUTE)


def _count(what: str, who: str, limit: int) -> Count:
    now = int(timezone.now().timestamp())
    window = now - now % WINDOW
    number = _next(f"{what}:{who}:{window}", datetime.fromtimestamp(window + 2 * WINDOW, UTC))
    return Count(what, number, limit, window + WINDOW - now)


def _next(key: str, ends_at: datetime) -> int:
    """The count of `key`, one more than before: an upsert that returns it, atomic on both engines, in one statement.

    PostgreSQL need not wait for the disk: a count may be lost in a crash.
    """
    table = RequestCount._meta.db_table
    quick = connection.vendor == "postgresql"
    source = "FROM (SELECT set_config('synchronous_commit', 'off', true)) AS quick" if quick else "WHERE true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, number, ends_at) SELECT %s, 1, %s {source} "  # noqa: S608 - our own names
            f"ON CONFLICT (key) DO UPDATE SET number = {table}.number + 1 RETURNING number",
            [key, ends_at],
        )
        return cursor.fetchone()[0]


def forget_counts() -> int:
    """Delete the counts of windows that are over, those of attempts at sign-in among them; how many they were."""
    attempts = apps.get_model("accounts.CachedValue").objects.filter(expires_at__lt=timezone.now().timestamp())
    return RequestCount.objects.filter(ends_at__lt=timezone.now()).delete()[0] + attempts.delete()[0]
