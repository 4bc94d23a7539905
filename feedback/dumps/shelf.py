"""The dumps that are kept: folders of `DUMPS_DIR` named by date and seq, each whole or not there."""

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

NAME = r"\d{4}-\d{2}-\d{2}-\d{1,18}(?:-\d{1,4})?"
FILE = r"[a-z_]{1,40}\.(?:csv\.gz|jsonl\.gz|parquet)|datapackage\.json|SHA256SUMS"
PACKAGE, SUMS = "datapackage.json", "SHA256SUMS"
UNFINISHED = ".making-"


class Busy(Exception):
    """Another process is making dumps."""


@dataclass(frozen=True)
class Dump:
    """One kept dump; `files` are the resources of its data package, without their schemas."""

    name: str
    folder: Path
    created: str
    seq: int
    log: str | None
    files: tuple[dict, ...]

    @property
    def date(self) -> str:
        """The UTC day of the snapshot."""
        return self.name[:10]

    def sha256_of(self, file: str) -> str | None:
        return next((row["sha256"] for row in self.files if row["file"] == file), None)


def home() -> Path:
    return Path(settings.DUMPS_DIR)


def address(path: str = "") -> str:
    """The public address of something under `dumps/`."""
    return f"{settings.SITE_URL}/api/v1/dumps/{path}"


def kept() -> list[Dump]:
    """Every dump, newest first."""
    if not home().is_dir():
        return []
    found = [find(path.name) for path in home().iterdir()]
    return sorted((dump for dump in found if dump), key=lambda dump: (dump.created, dump.name), reverse=True)


def find(name: str) -> Dump | None:
    """The dump of this name."""
    if not re.fullmatch(NAME, name):
        return None
    folder = home() / name
    try:
        return _read(folder, (folder / PACKAGE).stat().st_mtime_ns)
    except OSError:  # also one that is being removed at this moment
        return None


@lru_cache(maxsize=256)
def _read(folder: Path, _changed: int) -> Dump:
    described = json.loads((folder / PACKAGE).read_bytes())
    files = tuple(
        {
            "table": row["table"],
            "format": row["format"],
            "file": row["path"],
            "bytes": row["bytes"],
            "sha256": row["hash"].removeprefix("sha256:"),
            "rows": row["rows"],
        }
        for row in described["resources"]
    )
    return Dump(folder.name, folder, described["created"], described["seq"], described["log"], files)


def prune(keep: int) -> list[str]:
    """Remove all but the `keep` newest dumps, at least one stays; returns the names of those removed. Raises Busy."""
    with alone():
        removed = kept()[max(keep, 1) :]
        for dump in removed:
            away = home() / f"{UNFINISHED}{dump.name}"
            dump.folder.rename(away)  # gone at once, not file by file
            shutil.rmtree(away)
    return [dump.name for dump in removed]


@contextmanager
def alone() -> Iterator[None]:
    """Be the one process that makes, clears or removes dumps, or raise Busy. Sweeps up after one that was killed."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        for left in home().glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def name_for(at: datetime, seq: int) -> str:
    """A name that no dump has: date and seq, and a number where these are taken."""
    name = plain = f"{at:%Y-%m-%d}-{seq}"
    number = 1
    while (home() / name).exists():
        number += 1
        name = f"{plain}-{number}"
    return name
