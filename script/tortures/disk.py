"""A full disk: what is read, what is written, and what is left when there is room again.

The database (SQLite's file with the folders that the portal writes to; PostgreSQL's data with its log) lies on a small
file system of its own, which is filled to the last byte while people read and write. On PostgreSQL a second time so
that its log has no room either, with which it ends. Needs root, to mount.
"""

import http.client
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from script.tortures.crowd import WORLD as WRITING
from script.tortures.crowd import WRITERS, Crowd, reading, verified
from script.tortures.machinery import Cluster, Figure, Portal
from script.tortures.rolling import WORLD as PAGES

BEFORE, FULL, AFTER = 10, 60, 20  # seconds of load
SIZES = {"SQLite": "48m", "PostgreSQL": "256m"}
LONG = " It is long, so that it takes room." * 100
INTEGRITY = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check")
    print(cursor.fetchall() + cursor.execute("PRAGMA foreign_key_check").fetchall())
"""


def figures(size: float = 1.0) -> Iterator[Figure]:
    for engine, room in SIZES.items():
        small = Path(tempfile.mkdtemp(prefix="portal-disk-"))
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room},mode=755", "tmpfs", str(small)], check=True)
        except (OSError, subprocess.CalledProcessError):
            yield Figure("not measured: nothing can be mounted here", "-", "-", holds=False)
            return
        cluster = None
        try:
            cluster = Cluster(small) if engine == "PostgreSQL" else None
            yield from on(engine, small, cluster, size)
        finally:
            if cluster:
                cluster.remove()
            subprocess.run(["umount", "--lazy", str(small)], check=False)
            shutil.rmtree(small, ignore_errors=True)


class Ballast:
    """What fills the disk, and goes on filling it, until it is taken away."""

    def __init__(self, folder: Path):
        self.path, self.going = folder / "ballast", True
        self.thread = threading.Thread(target=self._fill)
        self.thread.start()

    def _fill(self) -> None:
        with self.path.open("ab", buffering=0) as file:
            while self.going:
                for block in (1 << 20, 1 << 12):
                    with suppress(OSError):
                        while file.write(bytes(block)) == block:
                            pass
                time.sleep(0.1)

    def remove(self) -> None:
        self.going = False
        self.thread.join()
        self.path.unlink()


class Kept(threading.Thread):
    """What systemd does: a part that ended is started again after two seconds, but for one that refuses the ledger."""

    def __init__(self, portal: Portal):
        super().__init__(daemon=True)
        self.portal, self.going, self.ended = portal, True, []

    def run(self) -> None:
        while self.going:
            for part, process in list(self.portal.processes.items()):
                if process.poll() not in (None, 3) and self.going:
                    self.ended.append(part)
                    time.sleep(2)
                    self.portal.run(part)
            time.sleep(0.2)


def on(engine: str, small: Path, cluster: Cluster | None, size: float) -> Iterator[Figure]:
    """Everything that the portal writes lies on `small`."""
    folders = {name: str(small / name) for name in ("EXPORTS_DIR", "REPORTS_DIR", "DUMPS_DIR", "LEDGER_DIR")}
    files = {"ERASURES_FILE": str(small / "erasures.jsonl"), "RECEIPT_KEY": str(small / "receipts" / "key.pem")}
    own = {} if cluster else folders | files | {"EMAIL_URL": f"filemail:///{small}/mail"}
    portal = Portal(cluster.url if cluster else f"sqlite:///{small}/portal.sqlite3", **own)
    try:
        portal.fill()
        pages, world = map(json.loads, portal.python(PAGES + WRITING.format(writers=WRITERS)).splitlines()[-2:])
        portal.start()
        kept = Kept(portal)
        kept.start()
        crowd = Crowd(lambda _number: connection(portal), world, reading(pages), LONG)
        crowd.start()
        try:
            time.sleep(BEFORE * size)
            yield from full(engine, crowd, small, FULL * size)
            if cluster:
                yield from log_full(crowd, small, cluster, FULL * size)
            time.sleep(AFTER * size)
            yield Figure("seconds until /readyz then", round(portal.wait_until_ready(60), 1), "for information", True)
        finally:
            crowd.stop()
            kept.going = False
        refused = [part for part, process in portal.processes.items() if process.poll() == 3]
        yield Figure(
            "parts that ended, and were started again", ", ".join(kept.ended) or "none", "none", not kept.ended
        )
        yield Figure("parts that refuse to go on", ", ".join(refused) or "none", "none", not refused)
        yield verified(portal)
        portal.stop()
        yield whole(portal, cluster)
        yield from crowd.kept(portal)
    finally:
        portal.stop()


def connection(portal: Portal) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)


def full(engine: str, crowd: Crowd, small: Path, seconds: float) -> Iterator[Figure]:
    """While nothing can be written any more; and how soon all goes on when there is room."""
    crowd.counted_anew()
    ballast = Ballast(small)
    time.sleep(seconds)
    seen = crowd.counted_anew()
    ballast.remove()
    back, read, written = until_written(crowd), seen.read, seen.written
    reads, refused = read.total(), written[503]
    failed = [f"{path} × {number}" for path, number in seen.faults.most_common(8)]
    away = [f"{path} × {number}" for path, number in seen.away.most_common(8) if "/api/" not in path]
    bad = faults(read) + faults(written)
    yield Figure(f"{engine}, full: reads not answered, of {reads}", read[503] + faults(read), "0",
                 reads > 0 and not read[503] + faults(read))  # fmt: skip
    yield Figure("of them 503", ", ".join(away) or "none", "for information", True)
    yield Figure(f"writes answered 503 with Retry-After, of {written.total()}", refused, "some", refused > 0)
    yield Figure("any other 5xx, or cut", bad, "0", not bad)
    yield Figure("what failed", ", ".join(failed) or "nothing", "nothing", not failed)
    yield Figure("seconds until a write is acknowledged with room again", back, "≤ 10", back <= 10)


def log_full(crowd: Crowd, small: Path, cluster: Cluster, seconds: float) -> Iterator[Figure]:
    """PostgreSQL ends where its log finds no room; who runs it makes room and starts it."""
    crowd.counted_anew()
    ballast = Ballast(small)
    time.sleep(1)
    until = time.monotonic() + 60
    while cluster.running() and time.monotonic() < until:
        with suppress(subprocess.CalledProcessError):
            cluster.ask("SELECT pg_switch_wal(), pg_logical_emit_message(false, 'torture', repeat('x', 1000000))")
    ended = not cluster.running()
    time.sleep(seconds)
    seen = crowd.counted_anew()
    ballast.remove()
    if ended:
        cluster.control("start")
    both = seen.read + seen.written
    back, bad = until_written(crowd), faults(both)
    yield Figure("its log full: PostgreSQL ends", ended, "for information", True)
    yield Figure("of answers then, 503 with Retry-After", f"{both[503]} of {both.total()}",
                 "for information", True)  # fmt: skip
    yield Figure("any other 5xx, or cut", bad, "0", not bad)
    yield Figure("seconds until a write is acknowledged, room made and started", back, "≤ 10", back <= 10)


def faults(seen: Counter) -> int:
    return sum(n for what, n in seen.items() if what != 503 and (isinstance(what, str) or what >= 500))


def until_written(crowd: Crowd) -> float:
    """Seconds until somebody's next write is acknowledged; 60 where none is."""
    began, before = time.monotonic(), crowd.acknowledged
    while crowd.acknowledged == before and time.monotonic() - began < 60:
        time.sleep(0.05)
    return round(time.monotonic() - began, 1)


def whole(portal: Portal, cluster: Cluster | None) -> Figure:
    """What the database's own check finds in its files."""
    if cluster is None:
        said = portal.python(INTEGRITY).splitlines()[-1]
        return Figure("integrity_check, foreign_key_check", said, "ok", said == "[('ok',)]")
    program = [str(cluster.binaries / "pg_amcheck"), "--install-missing", "--heapallindexed", "-d", "portal"]
    way = ["-h", "127.0.0.1", "-p", str(cluster.port), "-U", "portal"]
    ran = subprocess.run([*program, *way], capture_output=True, text=True)
    said = (ran.stdout + ran.stderr).strip().splitlines()[:1]
    return Figure("pg_amcheck's status", f"{ran.returncode} {''.join(said)}"[:80], "0", ran.returncode == 0)
