"""Making a dump: one snapshot, every table once, into a folder that appears only when it is whole."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.utils import timezone

from feedback.dumps import shelf
from feedback.dumps.formats import FORMATS
from feedback.dumps.package import package, resource
from feedback.dumps.proof import proof
from feedback.dumps.tables import TABLES, Table
from feedback.export.files import sync
from feedback.export.snapshot import one_snapshot
from feedback.ledger import store
from feedback.models import Log

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Made:
    """What making came to; `new` is false where the day's newest dump has the same contents already."""

    name: str
    new: bool
    rows: dict[str, int]


def make_dump(tell: Tell = lambda table, rows: None) -> Made:
    """Make a dump of this moment; `tell` is called with a table's name and its rows so far.

    Raises Busy where another process makes one. A dump that fails on its way leaves nothing behind.
    """
    with shelf.alone():
        making = shelf.home() / f"{shelf.UNFINISHED}{os.getpid()}"
        making.mkdir()
        try:
            return _made(making, tell)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def _made(making: Path, tell: Tell) -> Made:
    with one_snapshot():
        seq = store.head()
        log = Log.objects.order_by("-pk").values_list("name", flat=True).first()
        at = timezone.now().astimezone(UTC)
        resources, rows = [], {}
        for table in TABLES:
            written, rows[table.name] = write_table(table, making, tell)
            resources += written
        newest = next(iter(shelf.kept()), None)
        name = shelf.name_for(at, seq)
        if newest and (newest.date, newest.seq) == (f"{at:%Y-%m-%d}", seq) and _hashes(newest) == _hashes_of(resources):
            return Made(newest.name, False, rows)
        described = package(name, seq=seq, log=log, at=at, resources=resources) | proof()
    write_description(described, making)
    for path in making.iterdir():
        sync(path)
    sync(making)
    making.rename(shelf.home() / name)
    sync(shelf.home())
    return Made(name, True, rows)


def write_table(table: Table, folder: Path, tell: Tell) -> tuple[list[dict], int]:
    """Write every file of a table into `folder`, reading its rows once; (resources, number of rows)."""
    paths = {format_: folder / f"{table.name}.{format_.suffix}" for format_ in FORMATS}
    rows = 0
    with ExitStack() as stack:
        files = [stack.enter_context(closing(format_(table, path))) for format_, path in paths.items()]
        tell(table.name, 0)
        for bodies in table.batches():
            for file in files:
                file.write(bodies)
            rows += len(bodies)
            tell(table.name, rows)
    return [describe(table, format_.name, path, rows) for format_, path in paths.items()], rows


def describe(table: Table, format_name: str, path: Path, rows: int) -> dict:
    """The resource of a file that is written."""
    return resource(table, format_name, path.name, rows=rows, size=path.stat().st_size, sha256=sha256_of(path))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_description(described: dict, folder: Path) -> None:
    """The data package, and the checksums of every file, its own included."""
    (folder / shelf.PACKAGE).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sums = {row["path"]: row["hash"].removeprefix("sha256:") for row in described["resources"]}
    sums[shelf.PACKAGE] = sha256_of(folder / shelf.PACKAGE)
    (folder / shelf.SUMS).write_text("".join(f"{sha256}  {name}\n" for name, sha256 in sums.items()), encoding="ascii")


def _hashes(dump: shelf.Dump) -> dict[str, str]:
    return {row["file"]: f"sha256:{row['sha256']}" for row in dump.files}


def _hashes_of(resources: list[dict]) -> dict[str, str]:
    return {row["path"]: row["hash"] for row in resources}
