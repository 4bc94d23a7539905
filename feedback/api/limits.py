"""Limits that hold exactly: the count is one statement in the database, whatever process answers.

Headers as in the IETF's draft "RateLimit header fields for HTTP": `RateLimit-Policy` and `RateLimit`.
"""

import hashlib
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.api.problems import Problem
from feedback.models import RequestCount
from portal.clients import client_address
from portal.faults import is_outage

WINDOW = 60  # seconds


def count_read(request) -> dict[str, str]:
    """Count one read of the client's address; the headers that tell what is left, or a 429.

    Where nothing can be written just now - the disk is full, the server a standby - reads go on uncounted.
    """
    try:
        return _count("read", _client(request), settings.API_READS_PER_MINUTE)
    except DatabaseError as fault:
        if not is_outage(fault):
            raise
        return {}


def count_write(person: str) -> dict[str, str]:
    """Count one write of the account with the key `person`."""
    return _count("write", person, settings.API_WRITES_PER_MINUTE)


def _client(request) -> str:
    """The client's address as a keyed digest: the table holds no address."""
    address = client_address(request)
    return hashlib.blake2b(address.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()


def _count(what: str, who: str, limit: int) -> dict[str, str]:
    now = int(timezone.now().timestamp())
    window = now - now % WINDOW
    number = _next(f"{what}:{who}:{window}", datetime.fromtimestamp(window + 2 * WINDOW, UTC))
    left, reset = max(0, limit - number), window + WINDOW - now
    headers = {
        "RateLimit-Policy": f'"{what}";q={limit};w={WINDOW}',
        "RateLimit": f'"{what}";r={left};t={reset}',
    }
    if number > limit:
        raise Problem(
            429,
            _("Too many requests. Please go on in %(seconds)s seconds.") % {"seconds": reset},
            headers=headers | {"Retry-After": str(reset)},
        )
    return headers


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
    """Delete the counts of windows that are over; how many they were."""
    return RequestCount.objects.filter(ends_at__lt=timezone.now()).delete()[0]
