"""Appending to the ledger: the lock, the head, and rows in their final places. Used by the sequencer alone."""

from django.conf import settings
from django.db import connection

from feedback.ledger import vault
from feedback.ledger.canonical import canonical, leaf_hash
from feedback.models import LedgerEntry, Log

# Any constant: it names "the ledger" among PostgreSQL's advisory locks.
ADVISORY_LOCK = 0x6C656467


def lock() -> None:
    """Hold the ledger for this transaction. On SQLite, BEGIN IMMEDIATE has already done so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def head() -> int:
    """The seq of the last entry; 0 while there is none."""
    return LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def log_name() -> str:
    """The name of the log in use; the first one is made from the settings, or from what is still free of them."""
    return (Log.objects.last() or Log.objects.get_or_create(name=vault.free_name(settings.LEDGER_NAME))[0]).name


def current_name() -> str:
    """The name of the log in use, for one who only reads; before the first entry, the one of the settings."""
    return (log_names() or [settings.LEDGER_NAME])[-1]


def log_names() -> list[str]:
    """The names of all logs that this ledger has had, the one in use last."""
    return list(Log.objects.order_by("pk").values_list("name", flat=True))


def entry(leaf: dict, *, key: str) -> LedgerEntry:
    """The row of one leaf, without its place."""
    return LedgerEntry(
        kind=leaf["kind"],
        programme=leaf["programme"] or "",
        measure=leaf["measure"] or "",
        key=key,
        leaf=canonical(leaf),
    )


def append(entries: list[LedgerEntry]) -> int:
    """Append `entries` behind the head, in order, and set their `seq`; the caller holds the lock.

    Returns the seq of the last one.
    """
    log_name()
    seq = head()
    for row in entries:
        seq += 1
        row.seq, row.leaf_hash = seq, leaf_hash(row.leaf)
    LedgerEntry.objects.bulk_create(entries, batch_size=500)
    return seq
