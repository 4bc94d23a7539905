"""A portal of its own for a torture: the shipped units' command lines, its own PostgreSQL, on free local ports."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = ROOT / "deploy" / "systemd"
POSTGRESQL = ROOT / "deploy" / "postgresql"


@dataclass
class Figure:
    """One measured value beside what it must hold; `holds` says whether it does."""

    what: str
    value: object
    bar: str
    holds: bool


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command_of(part: str, port: int | None = None) -> list[str]:
    """The command line of the unit `part` (web, worker, sequencer), for this copy of the portal and `port`."""
    unit = (UNITS / f"portal-{part}.service").read_text(encoding="utf-8")
    line = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1].replace("/srv/portal", str(ROOT))
    return shlex.split(line if port is None else re.sub(r"--port \d+", f"--port {port}", line))


class Cluster:
    """A PostgreSQL of its own in a temporary folder (in `within`, if it is said), durable as by default."""

    def __init__(self, within: Path | None = None):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-torture-", dir=within))
        self.port = free_port()
        self.binaries = Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
        self.owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.owner:
            shutil.chown(self.folder, "postgres")
        data = str(self.folder / "data")
        self.options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._run("initdb", "-D", data, "-U", "portal", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.prepare()
        self.control("start")
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "portal", "portal")
        self.url = f"postgres://portal@127.0.0.1:{self.port}/portal"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self.owner, str(self.binaries / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    def prepare(self) -> None:
        """What is done before it starts for the first time."""

    def control(self, what: str) -> None:
        """`start`, or `restart` and `stop` at once, without a word to anybody."""
        mode = [] if what == "start" else ["-m", "immediate"]
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-l", log, "-o", self.options, *mode, what)

    def ask(self, statement: str) -> str:
        """What psql gives for a statement, as who administers it."""
        way = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "portal", "-d", "portal"]
        return subprocess.check_output([str(self.binaries / "psql"), "-XAtc", statement, *way], text=True).strip()

    def running(self) -> bool:
        """Whether its main process is there."""
        main = self.folder / "data" / "postmaster.pid"
        try:
            return Path("/proc", main.read_text().split()[0]).exists()
        except (OSError, IndexError):
            return False

    def remove(self) -> None:
        with suppress(subprocess.CalledProcessError):  # where it does not run
            self.control("stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class ArchivedCluster(Cluster):
    """One as docs/deploy.md makes it: settings outside of the data, and the log archived in `wal` beside them."""

    further = ""  # settings that a test needs

    def prepare(self) -> None:
        for name in ("wal", "base"):
            (self.folder / name).mkdir()
            if self.owner:
                shutil.chown(self.folder / name, "postgres")
        for path in POSTGRESQL.iterdir():  # who owns the data may not be able to read the checkout
            shutil.copy(path, self.folder)
        shipped = self.folder / "portal.conf"
        shipped.write_text(shipped.read_text(encoding="utf-8").replace("/var/backups/wal", str(self.folder / "wal")))
        for key, name in {"config": "postgresql.conf", "hba": "pg_hba.conf", "ident": "pg_ident.conf"}.items():
            shutil.move(self.folder / "data" / name, self.folder / name)
            self.options += f" -c {key}_file={self.folder / name}"
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"include 'portal.conf'\n{self.further}\n")

    def script(self, name: str, *arguments: object) -> subprocess.CompletedProcess:
        """Run one of deploy/postgresql, as the owner of the data."""
        way = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "portal", "PG_BIN": str(self.binaries)}
        environment = os.environ | way | {"PATH": f"{self.binaries}:{os.environ['PATH']}"}
        command = [*self.owner, str(self.folder / name), *map(str, arguments)]
        return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True)

    def destroy(self) -> None:
        """It is killed, and its data are gone; the archive stays."""
        main = Path("/proc") / (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        os.kill(int(main.name), signal.SIGKILL)
        while main.exists() or (self.folder / "data").exists():  # its children end a moment later, and some still write
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            time.sleep(0.05)

    def recover(self, base: Path, *arguments: str) -> float:
        """Lay a base backup into an empty place, start, and wait until it may be written to; seconds that it took."""
        began = time.monotonic()
        laid = self.script("portal-restore-archive", base, self.folder / "wal", self.folder / "data", *arguments)
        if laid.returncode:
            raise RuntimeError(laid.stderr)
        self.control("start")
        while self.ask("SELECT pg_is_in_recovery()") != "f":
            time.sleep(0.05)
        return time.monotonic() - began


class Portal:
    """Web server, worker and sequencer as the units start them, with a database at `url` and the code in `code`."""

    def __init__(self, url: str, code: Path = ROOT, **settings: str):
        self.port, self.code = free_port(), code
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "for-a-torture-alone-" * 3,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "HTTPS": "false",
            "SITE_URL": self.address,
            "API_READS_PER_MINUTE": "1000000",
            "API_WRITES_PER_MINUTE": "1000000",
        } | settings
        self.processes: dict[str, subprocess.Popen] = {}

    def manage(self, *arguments: str, given: str | None = None) -> str:
        """What a command of manage.py writes."""
        ran = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.code,
            env=self.environment,
            input=given,
            text=True,
            capture_output=True,
        )
        if ran.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{ran.stderr}")
        return ran.stdout

    def python(self, program: str) -> str:
        """What `program` prints, run inside the portal."""
        return self.manage("shell", "--no-imports", "-c", program)

    def fill(self) -> None:
        """Tables, reference data, the shipped programme, and static files."""
        self.manage("migrate", "--verbosity", "0")
        for command in ("load_regions", "load_rules", "sync_roles"):
            self.manage(command)
        self.manage("load_programme", "principles/data/fair-kazakhstan.yaml")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    def start(self, *parts: str) -> None:
        for part in parts or ("web", "worker", "sequencer"):
            self.run(part)
        self.wait_until_ready(180)

    def run(self, part: str) -> None:
        self.processes[part] = subprocess.Popen(
            command_of(part, self.port if part == "web" else None),
            cwd=self.code,
            env=self.environment | {"PORTAL_PROCESS": part},
            start_new_session=True,
        )

    def status(self, path: str = "/readyz") -> int:
        """The status of an answer; 0 where there is none."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=15) as answer:
                return answer.status
        except urllib.error.HTTPError as fault:
            return fault.code
        except OSError:
            return 0

    def wait_until_ready(self, longest: float) -> float:
        """Seconds until the portal is ready; an error after `longest` of them."""
        began = time.monotonic()
        while self.status() != 200:
            if time.monotonic() - began > longest:
                raise RuntimeError(f"the portal was not ready after {longest} s")
            time.sleep(0.1)
        return time.monotonic() - began

    def workers(self) -> list[int]:
        """The web server's worker processes."""
        parent = self.processes["web"].pid
        found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_text() for pid in found}
        return [pid for pid, command in commands.items() if "resource_tracker" not in command]

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
