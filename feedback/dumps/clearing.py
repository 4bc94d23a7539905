"""Taking back from kept dumps what was taken back: texts of comments that are no longer published, and names of those
who left.

A dump says what was public at its moment, and a file that stands for a month would go on saying what its author has
withdrawn or erased. So the comments of every kept dump are written anew without it: such a row becomes the body that
the API has for the comment now. Everything else of the dump stays, byte for byte. `cleared` in the data package names
the seq up to which that was done. Copies that others made cannot be reached; the licence's readers are told so.
"""

import gzip
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path

import orjson
from django.utils import timezone

from feedback.api.comments import COLUMNS as COMMENT_COLUMNS
from feedback.api.comments import comment_bodies
from feedback.api.labels import moment
from feedback.dumps import shelf
from feedback.dumps.formats import FORMATS, JSONLines
from feedback.dumps.making import describe, sha256_of, write_description
from feedback.dumps.tables import CHUNK, TABLES
from feedback.export.files import sync
from feedback.ledger import store
from feedback.models import Comment, LedgerEntry, Participant
from feedback.models.comment import State

STATE = ".cleared"
TAKING_BACK = ("comment_moderated", "comment_redacted", "comment_withdrawn", "comment_erased")
(COMMENTS,) = (table for table in TABLES if table.name == "comments")


def waiting() -> bool:
    """Whether something was taken back since the kept dumps were last cleared."""
    seq, former = _cleared_to()
    return _taken_back(seq).exists() or len(_former()) != former


def clear_all() -> int:
    """Clear every kept dump of what was taken back; returns how many were written anew. Raises Busy."""
    with shelf.alone():
        head = store.head()
        former = _former()
        seq, known = _cleared_to()
        bodies: dict[str, dict] = {}
        keys = _taken_back(seq).values_list("key", flat=True).distinct().order_by()
        for some in _chunks(keys.iterator(chunk_size=CHUNK)):
            bodies |= _no_longer_shown(some)
        cleared = 0
        for dump in shelf.kept():
            # One that is newer than the last clearing holds none of what was taken back before it.
            if (bodies and dump.seq < head) or len(former) != known:
                cleared += _clear(dump, bodies, former, head)
        _remember(head, len(former))
        return cleared


def _taken_back(seq: int):
    return LedgerEntry.objects.filter(seq__gt=seq, kind__in=TAKING_BACK)


def _former() -> set[str]:
    """Pseudonyms of the people who left and whose comments stay."""
    return set(Participant.objects.filter(user=None, comments__isnull=False).values_list("pseudonym", flat=True))


def _no_longer_shown(ids: list[str]) -> dict[str, dict]:
    """Bodies as they are now, of comments whose dumped text must go: not published, or with a part removed."""
    rows = Comment.objects.public().filter(pk__in=ids)
    redacted = LedgerEntry.objects.filter(kind="comment_redacted", key__in=ids).values_list("key", flat=True)
    keep = {str(pk) for pk in rows.filter(state=State.PUBLISHED).values_list("pk", flat=True)} - set(redacted)
    bodies = comment_bodies([row for row in rows.values(*COMMENT_COLUMNS) if str(row["id"]) not in keep])
    return {body["id"]: body for body in bodies}


def _clear(dump: shelf.Dump, bodies: dict[str, dict], former: set[str], head: int) -> bool:
    """Write the comments of a dump anew; whether that changed anything."""
    making = shelf.home() / f"{shelf.UNFINISHED}{os.getpid()}"
    making.mkdir()
    try:
        return _cleared(dump, bodies, former, head, making)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _cleared(dump: shelf.Dump, bodies: dict[str, dict], former: set[str], head: int, making: Path) -> bool:
    source = dump.folder / f"{COMMENTS.name}.{JSONLines.suffix}"
    changed = sha256_of(source) != dump.sha256_of(source.name)  # a run that was killed before it described its files
    rows = 0
    wanted = {row["format"] for row in dump.files if row["table"] == COMMENTS.name}
    with ExitStack() as stack:
        lines = stack.enter_context(gzip.open(source))
        files = [
            stack.enter_context(closing(format_(COMMENTS, making / f"{COMMENTS.name}.{format_.suffix}")))
            for format_ in FORMATS
            if format_.name in wanted
        ]
        for some in _chunks(lines):
            found = [_as_it_may_be(orjson.loads(line), bodies, former) for line in some]
            changed |= any(is_new for _body, is_new in found)
            rows += len(found)
            for file in files:
                file.write([body for body, _is_new in found])
    if changed:
        _put_in_place(dump, making, rows, head)
    return changed


def _as_it_may_be(body: dict, bodies: dict[str, dict], former: set[str]) -> tuple[dict, bool]:
    """(the row as it may stand in a dump, whether that is another one)."""
    now = bodies.get(body["id"])
    if now is not None and now != body:
        return now, True
    author = body["author"]
    if author and author["name"] is not None and author["pseudonym"] in former:
        return body | {"author": author | {"name": None}}, True
    return body, False


def _put_in_place(dump: shelf.Dump, making: Path, rows: int, head: int) -> None:
    """Replace the files of comments, then the description; a run that is killed between the two is done again."""
    described = json.loads((dump.folder / shelf.PACKAGE).read_bytes())
    resources = []
    for row in described["resources"]:
        path = making / row["path"]
        if row["table"] != COMMENTS.name:
            resources.append(row)
        elif path.exists():
            resources.append(describe(COMMENTS, row["format"], path, rows))
        else:  # a format that can no longer be written
            (dump.folder / row["path"]).unlink(missing_ok=True)
    described["resources"] = resources
    described["cleared"] = {"seq": head, "at": moment(timezone.now())}
    write_description(described, making)
    for path in sorted(making.iterdir(), key=lambda path: path.name in {shelf.PACKAGE, shelf.SUMS}):
        sync(path)
        path.replace(dump.folder / path.name)
    sync(dump.folder)


def _cleared_to() -> tuple[int, int]:
    """(seq, number of former people) at the last clearing; before the first one, the oldest dump's seq."""
    try:
        state = json.loads((shelf.home() / STATE).read_bytes())
        return state["seq"], state["former"]
    except FileNotFoundError:
        return min((dump.seq for dump in shelf.kept()), default=store.head()), 0


def _remember(seq: int, former: int) -> None:
    path = shelf.home() / f"{STATE}-new"
    path.write_text(json.dumps({"seq": seq, "former": former}), encoding="ascii")
    path.replace(shelf.home() / STATE)


def _chunks(rows: Iterable) -> Iterator[list]:
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        yield some
