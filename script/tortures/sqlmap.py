"""sqlmap at every parameter of the pages, the API and the administration, words within addresses included.

What is attacked is listed rather than crawled (script/tortures/parameters.py): what an author's and an administrator's
pages link to and send, and what the API's description names. Level 2, risk 1, by booleans, errors and unions, on
PostgreSQL. Needs sqlmap (`pip install sqlmap`, in an environment of its own; SQLMAP names the program).
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from script.tortures.machinery import Figure, Portal
from script.tortures.scan import Careless

AT_ONCE = 2
LONGEST = 3600  # seconds for one request with all its parameters
CLEAN = re.compile(r"parameter '(.+?)' does not seem to be injectable")
FOUND = re.compile(r"sqlmap identified the following injection point|is vulnerable")
FAULT = re.compile(r"\b5\d\d \([^)]*\) - (\d+) times")
OPTIONS = (
    "--batch", "--level=2", "--risk=1", "--technique=BEU", "--dbms=PostgreSQL", "--ignore-code=*", "--ignore-redirects",
    "--flush-session", "--timeout=60", "--retries=1", "--disable-coloring", "--skip-heuristics", "--answers=continue=Y",
)  # fmt: skip


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: every request; else so large a share of them."""
    program = os.environ.get("SQLMAP") or shutil.which("sqlmap")
    if not program:
        return [Figure("not measured: sqlmap is not installed", "-", "-", holds=False)]
    return [*of("pages and API", program, "of_pages", size), *of("administration", program, "of_administration", size)]


def of(part: str, program: str, told: str, size: float) -> list[Figure]:
    cluster = Careless()
    portal = Portal(cluster.url, DJANGO_SETTINGS_MODULE="script.tortures.unlimited")
    folder = Path(tempfile.mkdtemp(prefix="portal-sqlmap-"))
    try:
        portal.manage("migrate", "--verbosity", "0")
        portal.manage("collectstatic", "--noinput", "--verbosity", "0")
        program_of_it = f"from script.tortures.parameters import {told}; print({told}())"
        world = json.loads(portal.python(program_of_it).splitlines()[-1])
        asked = world["requests"][:: max(1, round(1 / size))]
        portal.start("web", "sequencer")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(attack, program, portal, each, folder / str(place)) for place, each in enumerate(asked)]
            reports = [job.result() for job in jobs]
    finally:
        portal.stop()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    wanted = sum(len(each["names"]) or 1 for each in asked)
    ended = sum(report["clean"] for report in reports)
    found = [report["name"] for report in reports if report["found"]]
    faults = sum(report["faults"] for report in reports)
    return [
        Figure(f"{part}: requests, of which each parameter once", len(asked), "for information", bool(asked)),
        Figure(f"{part}: parameters gone through to the end", ended, str(wanted), ended == wanted),
        Figure(f"{part}: parameters left out, which the same code reads", world["repeated"], "for information", True),
        Figure(f"{part}: findings", ", ".join(found) or 0, "0", not found),
        Figure(f"{part}: answers 5xx", faults, "0", not faults),
    ]


def attack(program: str, portal: Portal, asked: dict, folder: Path) -> dict:
    """One request with its parameters."""
    began, name = time.monotonic(), f"{asked['method']} {asked['path'].partition('?')[0]}"
    folder.mkdir()
    file = folder / "request"
    file.write_bytes(raw(asked, portal.port))
    chosen = ",".join(asked["names"]) or "#1*"  # the place in the address that is marked with an asterisk
    command = [program, "-r", str(file), "-p", chosen, *OPTIONS, f"--output-dir={folder}"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=LONGEST).stdout
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode(errors="replace")
    clean, found = set(CLEAN.findall(said)), bool(FOUND.search(said))
    faults = sum(map(int, FAULT.findall(said)))
    wanted = len(asked["names"]) or 1
    print(f"{name}: {len(clean)} of {wanted}, {time.monotonic() - began:.0f} s", flush=True)
    if found or faults or len(clean) != wanted:
        print(said[-4000:], flush=True)
    return {"name": name, "clean": min(len(clean), wanted), "found": found, "faults": faults}


def raw(asked: dict, port: int) -> bytes:
    """The request as it goes over the wire."""
    headers = {"Host": f"127.0.0.1:{port}", **asked["headers"]}
    if asked["body"]:
        headers["Content-Type"] = asked["type"]
    lines = [f"{asked['method']} {asked['path']} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items() if v), "", ""]
    return ("\r\n".join(lines) + asked["body"]).encode()
