"""A PostgreSQL server, the portal's web server, and a load generator: started here, measured, and stopped again."""

import http.client
import os
import pwd
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from script.tortures.machinery import command_of

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgreSQL:
    """PostgreSQL's programs, run in `folder` as the account that owns it; root runs them as `postgres`."""

    def __init__(self, folder: Path):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not found:
            sys.exit("script/bench needs PostgreSQL (Debian: apt install postgresql).")
        self.bin, self.folder, self.owner = found[-1], folder, {}
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
            self.owner = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(self, program: str, *arguments: str | Path) -> None:
        command = [self.bin / program, *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **self.owner)

    def start(self, name: str, port: int) -> None:
        """Start the server on the databases in the folder's `name`."""
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += " -c shared_buffers=1GB"
        log = self.folder / f"{name}.log"
        self.run("pg_ctl", "-D", self.folder / name, "-w", "-l", log, "-o", options, "start")

    def stop(self, name: str, how: str = "immediate") -> None:
        self.run("pg_ctl", "-D", self.folder / name, "-m", how, "stop")


@contextmanager
def postgresql(keep: Path | None = None):
    """A PostgreSQL server of its own, in the folder `keep`, made there if need be, or in a temporary one; yields its
    address."""
    folder = (keep or Path(tempfile.mkdtemp(prefix="bench-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if running := port_of_running(folder):
        yield f"postgres://portal@127.0.0.1:{running}"
        return
    programs, port = PostgreSQL(folder), free_port()
    if not (folder / "db").exists():
        programs.run(
            "initdb", "-D", folder / "db", "-A", "trust", "-U", "portal", "--locale=C.UTF-8", "--encoding=UTF8"
        )
    programs.start("db", port)
    try:
        yield f"postgres://portal@127.0.0.1:{port}"
    finally:
        programs.stop("db", "fast" if keep else "immediate")
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def port_of_running(folder: Path) -> int | None:
    """The port of a server that runs on the databases in `folder` already, and goes on running."""
    try:
        process, _data, _since, port = (folder / "db" / "postmaster.pid").read_text().splitlines()[:4]
    except (FileNotFoundError, ValueError):
        return None
    return int(port) if Path(f"/proc/{process}").exists() else None


WHOLE = "whole"  # the comment on a database that was filled to its end


def is_whole(server: str, name: str) -> bool:
    """Whether `server` holds the database `name`, filled to its end."""
    found = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with psycopg.connect(f"{server}/postgres") as connection:
        return connection.execute(found, [name]).fetchone() == (WHOLE,)


def new_database(server: str, name: str) -> None:
    """An empty database on `server`, in place of a half-made one."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')


def mark_whole(server: str, name: str) -> None:
    with psycopg.connect(f"{server}/{name}", autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{WHOLE}'")


def environment(database: str, port: int, dumps: Path) -> dict[str, str]:
    """Settings of a production server on loopback without TLS."""
    return os.environ | {
        "DATABASE_URL": database,
        "DUMPS_DIR": str(dumps),
        "LEDGER_DIR": f"{dumps}-ledger",
        "RECEIPT_KEY": f"{dumps}-receipts/key.pem",
        "SECRET_KEY": "of-the-benchmark-alone-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "false",
        "DEBUG": "false",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "script.benchmark.settings",
        "API_READS_PER_MINUTE": "1000000",
        "API_WRITES_PER_MINUTE": "1000000",
    }


def manage(settings: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=settings, check=True, stdout=sys.stderr)


def output_of(settings: dict[str, str], module: str, *arguments: str) -> str:
    """What a module of the benchmark, run as a program of its own, writes to standard output."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def sequencer(settings: dict[str, str]):
    """The sequencer beside the web server."""
    process = subprocess.Popen([sys.executable, "-m", "script.benchmark.sequencing"], cwd=ROOT, env=settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def web_server(settings: dict[str, str], port: int, *, workers: int = 2):
    """The portal behind granian, by the command line of its unit; yields its address."""
    server = start_web_server(settings, port, workers=workers)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_web_server(server)


def start_web_server(settings: dict[str, str], port: int, *, workers: int) -> subprocess.Popen:
    command = command_of("web", port)
    command[command.index("--workers") + 1] = str(workers)
    server = subprocess.Popen(command, cwd=ROOT, env=settings)
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).read()  # noqa: S310 - loopback
            return server
        except OSError:
            time.sleep(0.2)
    stop_web_server(server)
    sys.exit("The web server did not start.")


def stop_web_server(server: subprocess.Popen) -> None:
    server.terminate()
    try:
        server.wait(30)  # longer than it gives its processes, or it leaves them behind
    except subprocess.TimeoutExpired:
        server.kill()


def requests_per_second(url: str, *, seconds: int, clients: int = 16, script: Path | None = None, **headers) -> float:
    """Answers a second that `wrk` gets; an answer that is no success stops the run.

    `script` is one in Lua that writes the requests; `headers` are named with underscores.
    """
    wrk = shutil.which("wrk")
    if not wrk:
        sys.exit("script/bench needs wrk (Debian: apt install wrk).")
    command = [wrk, "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "20s", "-H", "Accept-Encoding: gzip"]
    for name, value in headers.items():
        command += ["-H", f"{name.replace('_', '-')}: {value}"]
    if script:
        command += ["-s", str(script)]
    said = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said or "timeout" in said:
        sys.exit(f"{url} answered with something else than success:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def get(url: str, **headers) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their names in small letters, and bytes of one answer; no redirect is followed."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)) as connection:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=names)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def post(url: str, person: dict[str, str], **fields) -> int:
    """The status of the answer to a form that a signed-in person sends."""
    parts = urlsplit(url)
    body = urlencode(fields | {"csrfmiddlewaretoken": person["token"]})
    headers = {"Cookie": person["cookie"], "Content-Type": "application/x-www-form-urlencoded"}
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)) as connection:
        connection.request("POST", parts.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def median_seconds(url: str, *, seconds: float, least: int = 3, **headers) -> float:
    """The time until half of the answers are there, asked for one after the other on one connection."""
    parts = urlsplit(url)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    names = {"Accept-Encoding": "gzip"} | {name.replace("_", "-"): value for name, value in headers.items()}
    took: list[float] = []
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)) as connection:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(took) < least:
            began = time.perf_counter()
            connection.request("GET", address, headers=names)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            if answer.status != 200:
                sys.exit(f"{url} answered {answer.status}.")
    return statistics.median(took)
