"""What SQLite needs beside Django's connections, which come and go with each request. Nothing of it on PostgreSQL."""

import sqlite3
from pathlib import Path

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

MOST_MS_FOR_OTHERS = 2000
_held: list[sqlite3.Connection] = []


def hold_open() -> None:
    """Keep a connection to each SQLite file, which reads nothing and locks nothing, for as long as the process lives.

    Whoever closes the last one takes the write-ahead log and its index away, and the next one makes them anew: for
    which a full disk has no room, so that nothing could be read either (sqlite.org/wal.html, "Avoiding Excessively
    Large WAL Files" and "Read-Only Databases").
    """
    for connection in connections.all():
        if connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]).is_file():
            held = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
            held.execute("PRAGMA journal_mode=WAL")
            held.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # opens the log, which connecting does not
            _held.append(held)


def empty_log(connection: BaseDatabaseWrapper) -> None:
    """Move what the write-ahead log holds into the file and cut it to nothing: what was deleted stays there otherwise
    until it is written over. Nothing within a transaction, nor where somebody reads for longer than two seconds, for
    nobody can write meanwhile."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {MOST_MS_FOR_OTHERS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
