"""An upgrade under load, as docs/deploy.md has it: new code under running processes, then `script/upgrade`.

People read every page and write through the shipped nginx meanwhile. The code before is what stood before the newest
migration, or the commit that ROLLING_FROM names; today's is the last commit. The packages are today's from the start.
What `systemctl` does to the units is done here. Needs nginx and openssl.
"""

import http.client
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from script.tortures.crowd import WORLD as WRITING
from script.tortures.crowd import WRITERS, Crowd, reading, verified
from script.tortures.machinery import ROOT, Cluster, Figure, Portal
from script.tortures.rolling import WORLD as PAGES
from script.tortures.rolling import before_the_newest_migration, git
from script.tortures.slow import Nginx

BEFORE, BETWEEN, AFTER = 10, 60, 20  # seconds of load: on old code, on new files under old processes, on new code
MIGRATE = Path("/proc/sys/net/ipv4/tcp_migrate_req")


def figures(size: float = 1.0) -> Iterator[Figure]:
    """On SQLite and on PostgreSQL."""
    commit = os.environ.get("ROLLING_FROM") or before_the_newest_migration()
    with as_deploy_says():
        for engine in ("SQLite", "PostgreSQL"):
            folder = Path(tempfile.mkdtemp(prefix="portal-upgrade-"))
            folder.chmod(0o755)
            cluster = Cluster() if engine == "PostgreSQL" else None
            try:
                git("worktree", "add", "--detach", "--force", str(folder / "srv"), commit)
                url = cluster.url if cluster else f"sqlite:///{folder}/portal.sqlite3"
                yield from on(f"{engine}, from {commit}", url, folder, size)
            finally:
                if cluster:
                    cluster.remove()
                with suppress(subprocess.CalledProcessError):
                    git("worktree", "remove", "--force", str(folder / "srv"))
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def as_deploy_says():
    """What docs/deploy.md sets in the system, where this one lets it be set."""
    before = MIGRATE.read_text()
    with suppress(OSError):
        MIGRATE.write_text("1")
    yield
    with suppress(OSError):
        MIGRATE.write_text(before)


class Units:
    """What the `systemctl` of script/upgrade does, with the processes of `portal`."""

    def __init__(self, portal: Portal, folder: Path):
        self.portal, self.asked, self.done = portal, folder / "asked", folder / "done"
        self.log: list[str] = []
        for each in (self.asked, self.done):
            os.mkfifo(each)
        (folder / "bin").mkdir()
        program = folder / "bin" / "systemctl"
        program.write_text(
            f'#!/bin/sh\n[ "$1" = is-active ] && exit 0\necho "$@" > {self.asked}\nread -r _ < {self.done}\n'
        )
        program.chmod(0o755)
        self.path = f"{folder / 'bin'}:{os.environ['PATH']}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            what, unit = self.asked.read_text().split()
            part = unit.removeprefix("portal-")
            process = self.portal.processes[part]
            if what == "reload":
                process.send_signal(1)
            else:
                process.terminate()  # TimeoutStopSec=30
                process.wait(30)
                self.portal.run(part)
            self.log.append(f"{what} {part}")
            self.done.write_text("done\n")


def lay(code: Path) -> None:
    """Packages beside the code, as if they had just been installed; and what code from before it did not have: that a
    process reads everything when it starts."""
    if not (code / "portal" / "preload.py").exists():
        for name in ("preload.py", "wsgi.py"):
            shutil.copy(ROOT / "portal" / name, code / "portal")
    (code / ".venv").mkdir()
    for each in (ROOT / ".venv").iterdir():
        if each.name != "installed":
            (code / ".venv" / each.name).symlink_to(each)
    wanted = code / "requirements.txt"
    today = git("show", "HEAD:requirements.txt") + "\n"
    sums = [subprocess.check_output(["sha256sum"], input=text.encode()) for text in (wanted.read_text(), today)]
    (code / ".venv" / "installed").write_text("".join(f"{each.split()[0].decode()}\n" for each in sums))
    subprocess.run([".venv/bin/python", "script/compile_messages"], cwd=code, check=True, capture_output=True)


def on(engine: str, url: str, folder: Path, size: float) -> list[Figure]:
    code = folder / "srv"
    lay(code)
    portal = Portal(url, code, TRUSTED_PROXIES="1", BACKUPS=str(folder / "backups"))
    nginx = None
    try:
        portal.fill()
        pages, world = map(json.loads, portal.python(PAGES + WRITING.format(writers=WRITERS)).splitlines()[-2:])
        units = Units(portal, folder)
        portal.start()
        nginx = Nginx(portal)
        while not nginx.answers():
            time.sleep(0.1)
        crowd = Crowd(lambda number: connection(nginx, number), world, reading(pages))
        crowd.start()
        try:
            time.sleep(BEFORE * size)
            upgraded, healthy, old = upgrade(portal, units, size)
            time.sleep(AFTER * size)
        finally:
            crowd.stop()
        rows = judged(engine, crowd, portal)
        said = [line for line in upgraded.stderr.splitlines() if line.strip()][-1:]
        rows += [
            Figure("script/upgrade's status, and last word of trouble", [upgraded.returncode, *said][:2], "0",
                   upgraded.returncode == 0),
            Figure("restarted", ", ".join(units.log), "all three", len(units.log) == 3),
            Figure("old processes of the web server left", old, "0", not old),
            Figure("seconds until /readyz, after the last step", round(healthy, 1), "≤ 10", healthy <= 10),
            verified(portal),
        ]  # fmt: skip
        portal.stop()
        return rows + crowd.kept(portal)
    finally:
        portal.stop()
        if nginx:
            nginx.stop()


def connection(nginx: Nginx, number: int) -> http.client.HTTPSConnection:
    """Everybody comes from an address of their own: the limits of one are not what is asked about."""
    trusting = ssl.create_default_context(cafile=nginx.certificate)
    trusting.check_hostname = False
    way = {"timeout": 60, "context": trusting, "source_address": (f"127.0.0.{number + 2}", 0)}
    return http.client.HTTPSConnection("127.0.0.1", nginx.port, **way)


def upgrade(portal: Portal, units: Units, size: float) -> tuple[subprocess.CompletedProcess, float, int]:
    """The documented way; how it ended, seconds until ready, and how many of the old web processes stayed."""
    old = set(portal.workers())
    (portal.code / "portal" / "preload.py").unlink()  # the files that `lay` added are no part of the old commit
    subprocess.run(["git", "checkout", "--force", "--detach", git("rev-parse", "HEAD")], cwd=portal.code, check=True,
                   capture_output=True)  # fmt: skip
    time.sleep(BETWEEN * size)
    environment = portal.environment | {"PATH": units.path}
    ran = subprocess.run(["script/upgrade"], cwd=portal.code, env=environment, capture_output=True, text=True)
    healthy = portal.wait_until_ready(60)
    until = time.monotonic() + 120
    while old & set(portal.workers()) and time.monotonic() < until:
        time.sleep(0.2)
    return ran, healthy, len(old & set(portal.workers()))


def judged(engine: str, crowd: Crowd, portal: Portal) -> list[Figure]:
    read, written = crowd.read, crowd.written
    both = read + written
    bad = sum(number for status, number in both.items() if status not in {503} and str(status)[0] == "5")
    cut, away = both["cut"] + both["refused"], both[503]
    where = ", ".join(f"{path} × {number}" for path, number in crowd.away.most_common(3))
    missing = sum(number for what, number in crowd.faults.items() if what.endswith(" 404"))
    return [
        Figure(f"{engine}: answers 5xx but 503 with Retry-After, of {both.total()}", bad, "0", not bad),
        Figure("requests cut, or nobody there", cut, "0", not cut),
        Figure("answers 503 with Retry-After", away, "for information", True),
        Figure("of pages, most of them at", where, "for information", True),
        Figure("files that a page names and nobody has", missing, "0", not missing),
        Figure("what failed", ", ".join(f"{what} × {n}" for what, n in crowd.faults.most_common(12)) or "nothing",
               "nothing", not crowd.faults),
        Figure("by status: read, written", f"{dict(read)}, {dict(written)}", "for information", True),
    ]  # fmt: skip
