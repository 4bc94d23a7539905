"""Which failures are an outage - the database or the shared cache away, busy, full or read-only - and not a fault."""

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
        if isinstance(fault, OperationalError | InterfaceError | CacheAway | CacheSlow):
            return True
        if isinstance(fault, Error) and getattr(fault.__cause__, "sqlstate", None) in READ_ONLY:
            return True
        fault = fault.__cause__
    return False
