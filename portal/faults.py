"""Which failures are an outage - the database or the shared cache away, busy, full or read-only - and not a fault."""

import sqlite3

from django.db import InterfaceError, OperationalError
from django.db.utils import Error
from redis.exceptions import ConnectionError as CacheAway
from redis.exceptions import TimeoutError as CacheSlow

RETRY_AFTER = 10  # seconds; a restarted database is back within them
READ_ONLY = {"25006"}  # SQLSTATE of a write to a standby (PostgreSQL, appendix A): no OperationalError


def is_outage(fault: BaseException | None) -> bool:
    """Whether `fault`, or what it was raised from, passes by itself, so that the same request may succeed later."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        if isinstance(fault, OperationalError) and _is_wrong_statement(fault.__cause__):
            return False
        if isinstance(fault, OperationalError | InterfaceError | CacheAway | CacheSlow):
            return True
        if isinstance(fault, Error) and getattr(fault.__cause__, "sqlstate", None) in READ_ONLY:
            return True
        fault = fault.__cause__
    return False


def _is_wrong_statement(fault: BaseException | None) -> bool:
    """Whether SQLite could not do what it was asked: a table or a column is missing, and will be when asked again.

    It has one class for this and for a full disk; the result code tells them apart (https://sqlite.org/rescode.html).
    """
    code = getattr(fault, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_ERROR
