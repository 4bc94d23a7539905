"""The portal on several machines, all of them this one: two web nodes behind nginx, a primary and a streaming replica,
and Redis. Under load the replica is stopped, then Redis, then a node: nothing may be answered wrongly, no write that
was acknowledged may be lost, and reading goes on."""

import http.client
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg

from script.benchmark import machinery
from script.benchmark.site import fill
from script.benchmark.table import row

PHASE = 8  # seconds of load in each state
READERS, WRITERS = 4, 2
NGINX = """
error_log {folder}/nginx.log; pid {folder}/nginx.pid; daemon off; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream nodes {{ server 127.0.0.1:{first} max_fails=1 fail_timeout=2s; server 127.0.0.1:{second} max_fails=1
    fail_timeout=2s; keepalive 16; }}
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://nodes; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_set_header Host 127.0.0.1; proxy_connect_timeout 2s;
    proxy_set_header X-Forwarded-For $remote_addr; proxy_next_upstream error timeout; }} }}
}}
"""


@dataclass
class Seen:
    """What the clients saw, by phase."""

    phase: str = "all run"
    answers: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    over: bool = False


def rows(size: int) -> list[dict]:
    for program in ("nginx", "redis-server"):
        if not shutil.which(program):
            sys.exit(f"script/bench --cluster needs {program} (Debian: apt install nginx-light redis-server).")
    with ExitStack() as running:
        folder = Path(tempfile.mkdtemp(prefix="cluster-"))
        running.callback(shutil.rmtree, folder, ignore_errors=True)
        primary = running.enter_context(machinery.postgresql())
        port, cache = machinery.free_port(), machinery.free_port()
        settings = machinery.environment(f"{primary}/portal", port, folder / "dumps")
        machinery.new_database(primary, "portal")
        fill(settings, size)
        machinery.manage(settings, "collectstatic", "--noinput", "--verbosity", "0")
        people = json.loads(machinery.output_of(settings, "script.benchmark.people"))
        replica, stop_replica = running.enter_context(standby(primary))
        port, cache = machinery.free_port(), machinery.free_port()
        redis = running.enter_context(
            process(["redis-server", "--port", str(cache), "--bind", "127.0.0.1", "--save", ""])
        )
        settings |= {
            "REPLICA_URL": f"{replica}/portal",
            "CACHE_URL": f"rediscache://127.0.0.1:{cache}/0",
            "TRUSTED_PROXIES": "1",
        }
        running.enter_context(machinery.sequencer(settings))
        nodes = [machinery.free_port(), machinery.free_port()]
        servers = [machinery.start_web_server(settings, each, workers=1) for each in nodes]
        for server in servers:
            running.callback(machinery.stop_web_server, server)
        conf = folder / "nginx.conf"
        conf.write_text(NGINX.format(folder=folder, first=nodes[0], second=nodes[1], port=port), encoding="utf-8")
        folder.chmod(0o755)
        running.enter_context(process(["nginx", "-p", str(folder), "-c", str(conf), "-e", str(folder / "nginx.log")]))
        time.sleep(2)
        events = {
            "the replica is stopped": stop_replica,
            "Redis is stopped, too": redis.terminate,
            "one node is stopped, too": lambda: machinery.stop_web_server(servers[0]),
        }
        seen = under_load(f"http://127.0.0.1:{port}", people, events)
        return table(seen, size, lost(f"{primary}/portal", seen.written))


@contextmanager
def standby(primary: str):
    """A streaming replica of `primary`; yields its address, and what stops it."""
    folder, port = Path(tempfile.mkdtemp(prefix="standby-")), machinery.free_port()
    programs = machinery.PostgreSQL(folder)
    source = urlsplit(primary)
    programs.run(
        "pg_basebackup",
        "-h",
        source.hostname,
        "-p",
        str(source.port),
        "-U",
        "portal",
        "-D",
        folder / "db",
        "-R",
        "-c",
        "fast",
    )
    programs.start("db", port)
    stopped = []

    def stop():
        if not stopped:
            stopped.append(True)
            programs.stop("db")

    try:
        yield f"postgres://portal@127.0.0.1:{port}", stop
    finally:
        stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def process(command: list[str]):
    """A program that runs as long as it is needed."""
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(20)


def under_load(address: str, people: dict, events: dict) -> Seen:
    """Read and write all the time, while one part after the other stops."""
    seen = Seen()
    clients = [threading.Thread(target=read, args=(address, people, seen)) for _ in range(READERS)]
    clients += [threading.Thread(target=write, args=(address, people, number, seen)) for number in range(WRITERS)]
    for client in clients:
        client.start()
    time.sleep(PHASE)
    for name, event in events.items():
        seen.phase = name
        event()
        time.sleep(PHASE)
    seen.over = True
    for client in clients:
        client.join()
    return seen


def ask(address: str, method: str, path: str, body: str = "", **headers) -> tuple[int, str, http.client.HTTPMessage]:
    """Status, text and headers; status 0 where nobody answered."""
    parts = urlsplit(address)
    try:
        with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)) as connection:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace"), answer.headers
    except (OSError, http.client.HTTPException):
        return 0, "", http.client.HTTPMessage()


def read(address: str, people: dict, seen: Seen) -> None:
    """Read anonymous pages and the API; a page must be the one that was asked for, and nobody's in particular."""
    slug = people["measure"]
    pages = {f"/{language}/measures/{slug}/": f'<html lang="{language}"' for language in ("kk", "ru", "en")}
    pages |= {"/en/": '<html lang="en"', "/api/v1/comments/": '"results":[', f"/api/v1/measures/{slug}/": f'"{slug}"'}
    while not seen.over:
        path, mark = random.choice(list(pages.items()))  # noqa: S311 - no secret
        status, text, _headers = ask(address, "GET", path)
        if status != 200:
            seen.refused[seen.phase, status] += 1
            time.sleep(0.05)
        elif mark not in text or "csrfmiddlewaretoken" in text:
            seen.wrong.append(path)
        else:
            seen.answers[seen.phase] += 1


def write(address: str, people: dict, number: int, seen: Seen) -> None:
    """Comment, and read it at once on one's own page."""
    count = 0
    while not seen.over:
        count += 1
        person = people["people"][(number + WRITERS * count) % len(people["people"])]
        said = f"Cluster {number} {count} {time.time_ns()}"
        fields = {"text": said, "language": "en", "stance": "for", "edition": people["edition"]}
        body = urlencode(fields | {"csrfmiddlewaretoken": person["token"]})
        kind = "application/x-www-form-urlencoded"
        page = f"/en/measures/{people['measure']}/"
        status, _text, _headers = ask(
            address, "POST", f"{page}comments/", body, Cookie=person["cookie"], **{"Content-Type": kind}
        )
        if status == 302:
            seen.written.append(said)
            status, text, _headers = ask(address, "GET", page, Cookie=person["cookie"])
            if status == 200 and said not in text:
                seen.wrong.append(f"{page} without {said}")
        else:
            seen.refused[seen.phase, f"write {status}"] += 1
        time.sleep(0.1)


def lost(database: str, written: list[str]) -> int:
    """How many acknowledged comments the database does not have."""
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT count(*) FROM feedback_commentversion WHERE text = ANY(%s)", [written])
        return len(written) - found.fetchone()[0]


def table(seen: Seen, size: int, missing: int) -> list[dict]:
    for (phase, status), number in sorted(seen.refused.items(), key=str):
        print(f"while {phase}: {number} times {status}", file=sys.stderr)
    for wrong in seen.wrong[:10]:
        print(f"wrong: {wrong}", file=sys.stderr)
    rate = {phase: number / PHASE for phase, number in seen.answers.items()}
    full = rate.get("all run", 0)
    return [
        row("cluster, wrong answers", size, [-len(seen.wrong)], [0], unit="", bar=1),
        row(f"cluster, lost of {len(seen.written)} acknowledged writes", size, [-missing], [0], unit="", bar=1),
        *(
            row(f"cluster, reads while {phase}", size, [number], [full], unit="answers/s", bar=0.2)
            for phase, number in rate.items()
        ),
    ]
