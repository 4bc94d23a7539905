"""Copies of the database, on either engine, in a folder of their own each; and the keys, beside them.

`portal-20261124T030000Z/` holds `database` (a SQLite file made by its backup API, or pg_dump's own format) and
`copy.json`: when, which engine, SHA-256 of the file, and the state to compare with. `keys/` holds the settings and
private keys, readable by their owner alone. The ledger's last checkpoint is in no copy: it is how a sequencer knows
that a restored log is shorter than what it signed.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import environ
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from feedback.safekeeping.state import state

DATABASE, MANIFEST, KEYS = "database", "copy.json", "keys"


class CopyFault(Exception):
    """A copy that cannot be made or brought back; the text says why, in one line."""


def make_copy(folder: Path, *, keep: int) -> Path:
    """Copy the database into a new folder under `folder`, and the keys; only the newest `keep` copies stay.

    Writers go on meanwhile: both engines copy one moment. The state is read in the same moment on PostgreSQL, and
    from the copy itself on SQLite.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"portal-{timezone.now():%Y%m%dT%H%M%SZ}"
    place = folder / f".{name}"
    place.mkdir(mode=0o700)
    now = _copy_postgresql(place / DATABASE) if connection.vendor == "postgresql" else _copy_sqlite(place / DATABASE)
    manifest = {"made_at": timezone.now().isoformat(), "engine": connection.vendor, "sha256": digest(place / DATABASE)}
    (place / MANIFEST).write_text(json.dumps(manifest | {"state": now}, indent=1), encoding="utf-8")
    copy_keys(folder / KEYS)
    os.sync()
    place.rename(folder / name)
    for old in sorted(folder.glob("portal-*Z"))[:-keep]:
        shutil.rmtree(old)
    return folder / name


def _copy_sqlite(path: Path) -> dict:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy, pages=1000, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")
    return state_of_file(path)


def state_of_file(path: Path) -> dict:
    """The state of a SQLite file that is not the portal's own."""
    return state(connect("copy", f"sqlite:///{path}"))


def connect(alias: str, url: str) -> str:
    """Know another database under `alias`, without a pool; returns the alias."""
    if alias in connections.databases:
        connections[alias].close()
        del connections[alias]
    connections.databases[alias] = connection.settings_dict | {"OPTIONS": {}} | environ.Env.db_url_config(url)
    return alias


def _copy_postgresql(path: Path) -> dict:
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={cursor.fetchone()[0]}", f"--file={path}")
        return state()


def run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's against the portal's database; its password goes by the environment."""
    database = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(database[key]) for name, key in names.items() if database[key]}
    try:
        ended = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise CopyFault(f"{program} is not installed (Debian: apt install postgresql-client).") from None
    if ended.returncode:
        raise CopyFault(f"{program}: {' '.join(ended.stderr.split())}")


def copy_keys(folder: Path) -> None:
    """Settings and private keys, without the ledger's last checkpoint."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, path in {
        "env": settings.VAR_DIR / "env",
        "ledger.pem": Path(settings.LEDGER_DIR) / "key.pem",
        "receipts.pem": Path(settings.RECEIPT_KEY),
    }.items():
        if path.exists():
            shutil.copyfile(path, folder / name)
            (folder / name).chmod(0o600)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bring_back(copy: Path) -> dict:
    """Put a copy into the portal's database, which must be empty; the state that it must have. Raises CopyFault."""
    try:
        manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CopyFault(f"{copy} is no copy: it has no {MANIFEST}.") from None
    if manifest["engine"] != connection.vendor:
        raise CopyFault(f"The copy is of {manifest['engine']}, and DATABASE_URL names {connection.vendor}.")
    if digest(copy / DATABASE) != manifest["sha256"]:
        raise CopyFault(f"{copy / DATABASE} is damaged: its SHA-256 is not that of {MANIFEST}.")
    if connection.introspection.table_names():
        raise CopyFault("The database is not empty. Restore into a new one, and look at it before you switch.")
    if connection.vendor == "postgresql":
        # Without comments: that of an extension is its owner's to write, who may be another than the portal.
        run("pg_restore", "--no-owner", "--no-comments", "--exit-on-error",
            f"--dbname={connection.settings_dict['NAME']}", str(copy / DATABASE))  # fmt: skip
    else:
        with closing(sqlite3.connect(copy / DATABASE)) as source:
            connection.ensure_connection()
            source.backup(connection.connection)
    connection.close()
    return manifest["state"]
