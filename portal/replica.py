"""Reads that may go to a replica of the database: what people who are not signed in ask for.

Whoever has a session or a token reads the primary, and so always sees what they have just written. A replica that
does not answer, or has not caught up with where the primary stood a second ago, is left alone until it has; a request
that met one without an answer is answered anew from the primary.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

REPLICA = "replica"
# Seconds: between two looks at the replica, and between two where it is not fit to be read.
EVERY, AGAIN = 1, 3
may_read_replica: ContextVar[bool] = ContextVar("may_read_replica", default=False)


@contextmanager
def reading_replica(allowed: bool = True) -> Iterator[None]:
    """Queries within that only read may go to the replica."""
    token = may_read_replica.set(allowed)
    try:
        yield
    finally:
        may_read_replica.reset(token)


class Router:
    """Django's question which database to use."""

    def db_for_read(self, model, **hints):
        return REPLICA if may_read_replica.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


class Watch:
    """What one process knows about the replica; one thread looks, the others go by what it found."""

    def __init__(self):
        self.is_fit = False
        self._looking = threading.Lock()
        self._next = float("-inf")
        self._goal: str | None = None  # where the primary stood at the last look

    def fit(self) -> bool:
        if time.monotonic() >= self._next and self._looking.acquire(blocking=False):
            try:
                self.is_fit = self._look()
                self._next = time.monotonic() + (EVERY if self.is_fit else AGAIN)
            finally:
                self._looking.release()
        return self.is_fit

    def failed(self) -> None:
        """Leave the replica alone for a while."""
        self.is_fit, self._next = False, time.monotonic() + AGAIN

    def _look(self) -> bool:
        try:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute("SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn", [self._goal])
                standby, caught_up = cursor.fetchone()
        except DatabaseError:
            return False
        try:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_lsn()")
                (self._goal,) = cursor.fetchone()
        except DatabaseError:  # the primary is away: what the replica has is all there is
            return bool(standby)
        return bool(standby and caught_up)


class ReadFromReplica:
    """Let a request read the replica where nobody in particular asks, and only reads."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.watch = Watch()

    def __call__(self, request):
        if REPLICA not in settings.DATABASES or not only_reads(request) or not self.watch.fit():
            return self.get_response(request)
        with reading_replica():
            response = self.get_response(request)
        if response.status_code != 503:
            return response
        self.watch.failed()
        return self.get_response(request)


def only_reads(request) -> bool:
    """Whether the request reads, and is nobody's in particular."""
    return (
        request.method in {"GET", "HEAD"}
        and "HTTP_AUTHORIZATION" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )
