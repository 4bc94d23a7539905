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
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def postgresql():
    """A PostgreSQL server of its own in a temporary folder; yields its address. Root runs it as `postgres`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        sys.exit("script/bench needs PostgreSQL (Debian: apt install postgresql).")
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    port = free_port()
    owner = {}
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        owner = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def run(program, *arguments):
        subprocess.run([found[-1] / program, *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL, **owner)

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c shared_buffers=1GB"
    run("initdb", "-D", folder / "db", "-A", "trust", "-U", "portal", "--locale=C.UTF-8", "--encoding=UTF8")
    run("pg_ctl", "-D", folder / "db", "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgres://portal@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", folder / "db", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """An empty database on `server`; returns its DATABASE_URL."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"


def environment(database: str, port: int) -> dict[str, str]:
    """Settings of a production server on loopback without TLS."""
    return os.environ | {
        "DATABASE_URL": database,
        "SECRET_KEY": "of-the-benchmark-alone-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "false",
        "DEBUG": "false",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "script.benchmark.settings",
    }


def manage(settings: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=settings, check=True, stdout=sys.stderr)


def output_of(settings: dict[str, str], module: str) -> str:
    """What a module of the benchmark, run as a program of its own, writes to standard output."""
    command = [sys.executable, "-m", module]
    return subprocess.run(command, cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def web_server(settings: dict[str, str], port: int, *, workers: int = 2):
    """The portal behind granian, as it runs in production; yields its address."""
    command = [ROOT / ".venv/bin/granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--no-ws", "--log-level", "error", "portal.wsgi:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=settings)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1).read()  # noqa: S310 - loopback
                break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit("The web server did not start.")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def requests_per_second(url: str, *, seconds: int, clients: int = 16) -> float:
    """Answers a second that `wrk` gets; an answer that is no success stops the run."""
    wrk = shutil.which("wrk")
    if not wrk:
        sys.exit("script/bench needs wrk (Debian: apt install wrk).")
    command = [wrk, "-t1", f"-c{clients}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip", url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        sys.exit(f"{url} answered with something else than success:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def median_seconds(url: str, *, seconds: int) -> float:
    """The time until half of the answers are there, asked for one after the other on one connection."""
    parts = urlsplit(url)
    took: list[float] = []
    with closing(http.client.HTTPConnection(parts.hostname, parts.port)) as connection:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            began = time.perf_counter()
            connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            if answer.status != 200:
                sys.exit(f"{url} answered {answer.status}.")
    return statistics.median(took)
