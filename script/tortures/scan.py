"""wapiti over every address of the administration, as an administrator who signed in with a second factor; and at every
parameter of the pages, of somebody who wrote comments there, and of the API, fields of JSON included.

What is attacked is listed rather than crawled (script/tortures/aims.py, script/tortures/parameters.py). Each address of
the administration is attacked by itself: its forms as they stand, and the parameters of its links and of its search,
all in one request. Of pages and API each request is attacked by itself. What repeats a parameter that another address
had is left out. Needs wapiti (`pip install wapiti3`, in an environment of its own; WAPITI names the program). Modules
are some of those that ask nobody but the portal; SCAN_MODULES names others.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl

from script.tortures.machinery import Cluster, Figure, Portal

MODULES = os.environ.get("SCAN_MODULES", "sql,xss,crlf,redirect")
AT_ONCE = 2
LONGEST = 1800  # seconds for one module at one address


class Careless(Cluster):
    """One that may lose what it has written, and so answers sooner."""

    def prepare(self) -> None:
        self.options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: every address, and each module at each to its end, or for half an hour."""
    program = os.environ.get("WAPITI") or shutil.which("wapiti")
    if not program:
        return [Figure("not measured: wapiti is not installed", "-", "-", holds=False)]
    return [*of(the_administration, program, size), *of(the_pages, program, size)]


def of(part: Callable[..., list[Figure]], program: str, size: float) -> list[Figure]:
    """The figures of one of the two parts, with a portal of its own."""
    cluster = Careless()
    portal = Portal(cluster.url, DJANGO_SETTINGS_MODULE="script.tortures.unlimited")
    folder = Path(tempfile.mkdtemp(prefix="portal-scan-"))
    try:
        portal.manage("migrate", "--verbosity", "0")  # without the shipped programme, whose targets the rows have
        portal.manage("collectstatic", "--noinput", "--verbosity", "0")
        return part(program, portal, folder, max(1, round(1 / size)))
    finally:
        portal.stop()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


def the_administration(program: str, portal: Portal, folder: Path, every: int) -> list[Figure]:
    world = json.loads(portal.python("from script.tortures.aims import told; print(told())").splitlines()[-1])
    aims = [aim for aim in world["aims"] if set(aim["names"]) - set(aim["repeated"])][::every]
    portal.start("web", "sequencer")
    reports = at_once(aims, lambda aim, _place: attack(program, portal, world["session"], aim, folder))
    signed_in = status_of(portal, world["session"])
    print("not attacked, since they answer otherwise:", world["others"], flush=True)
    return rows(world["aims"], aims, reports, signed_in)


def the_pages(program: str, portal: Portal, folder: Path, every: int) -> list[Figure]:
    program_of_it = "from script.tortures.parameters import of_pages; print(of_pages())"
    world = json.loads(portal.python(program_of_it).splitlines()[-1])
    found = [each for each in world["requests"] if each["names"]][::every]  # words in addresses are sqlmap's
    asked = [each for each in found if each["method"] in {"GET", "POST"}]
    portal.start("web", "sequencer")
    reports = at_once(asked, lambda each, place: attack_one(program, portal, each, folder / str(place)))
    return [
        Figure("pages and API: requests attacked", sum(report["ended"] for report in reports), str(len(asked)),
               all(report["ended"] for report in reports)),
        Figure("pages and API: parameters in them", sum(len(each["names"]) for each in asked), "for information", True),
        Figure("pages and API: requests by other methods, which wapiti does not send", len(found) - len(asked),
               "for information", True),
        Figure("pages and API: requests to which nothing was sent", sum(not report["sent"] for report in reports), "0",
               all(report["sent"] for report in reports)),
        *of_all("pages and API: ", reports),
    ]  # fmt: skip


def at_once(what: list[dict], attacker: Callable[[dict, int], dict]) -> list[dict]:
    """Their reports."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(attacker, what, range(len(what))))


def attack(program: str, portal: Portal, session: str, aim: dict, folder: Path) -> dict:
    """One address with its forms, or with its parameters."""
    forms = aim["what"] == "forms"
    page = f"{portal.address}{aim['path']}"
    desk = re.fullmatch("/admin/moderation/[0-9a-f-]{36}/", aim["path"])  # whose forms go to addresses below its own
    return run(f"{aim['what']} {aim['path']}", folder / f"{aim['what']}{aim['path'].replace('/', '-')}", [
        program, "-u", f"{portal.address}{aim['address']}", "--scope", "folder" if desk else "page",
        "-d", "1" if forms else "0", *(["-x", f"{page}?*", "-x", f"{portal.address}/admin/logout/"] if forms else []),
        "-H", f"Cookie: {session}",
        *(part for name in ("csrfmiddlewaretoken", *aim["repeated"]) for part in ("--skip", name)),
    ])  # fmt: skip


def attack_one(program: str, portal: Portal, asked: dict, folder: Path) -> dict:
    """One request with its parameters, and nothing that its answer leads to."""
    path, _mark, query = asked["path"].partition("?")
    kept = {name for name, _value in parse_qsl(f"{query}&{asked['body']}", keep_blank_values=True)} - {*asked["names"]}
    command = [program, "-u", f"{portal.address}{asked['path']}", "--scope", "page", "-d", "0"]
    if asked["type"] == "application/json":
        description = folder.with_suffix(".openapi.json")
        description.write_text(
            json.dumps(described(portal.address, asked["method"].lower(), path, json.loads(asked["body"])))
        )
        command += ["--swagger", str(description)]
    elif asked["method"] == "POST":
        # Wapiti takes this apart at its signs alone, and writes it anew.
        pairs = parse_qsl(asked["body"], keep_blank_values=True)
        command += ["--data", "&".join(f"{name}={value.replace('&', ' ')}" for name, value in pairs)]
    command += [part for name, value in asked["headers"].items() if value for part in ("-H", f"{name}: {value}")]
    command += [part for name in kept for part in ("--skip", name)]
    return run(f"{asked['method']} {path} {','.join(asked['names'])}", folder, command)


def described(address: str, method: str, path: str, body: dict) -> dict:
    """An operation that takes `body`, as OpenAPI says it: what wapiti reads of requests in JSON."""
    content = {"application/json": {"schema": schema_of(body)}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "-"}}}
    about = {"title": "One request", "version": "1"}
    return {"openapi": "3.0.3", "info": about, "servers": [{"url": address}], "paths": {path: {method: operation}}}


def schema_of(value) -> dict:
    if isinstance(value, dict):
        return {"type": "object", "properties": {name: schema_of(each) for name, each in value.items()}}
    if isinstance(value, list):
        return {"type": "array", "items": schema_of(value[0] if value else "words")}
    kinds = {bool: "boolean", int: "integer", float: "number"}
    return {"type": kinds.get(type(value), "string"), "default": value}


def run(name: str, folder: Path, command: list[str]) -> dict:
    """The report of one run of wapiti, with what was cut off."""
    began, file = time.monotonic(), folder.with_suffix(".json")
    ran = subprocess.run([
        *command, "-m", MODULES, "-l", "1", "--max-attack-time", str(LONGEST), "--flush-session",
        "--store-session", str(folder), "--no-bugreport", "-t", "60", "-v", "2", "-f", "json", "-o", str(file),
    ], capture_output=True, text=True, errors="replace")  # fmt: skip
    report = json.loads(file.read_text()) if file.exists() else {}
    parts = [report.get(part, {}) for part in ("vulnerabilities", "anomalies")]
    found = {kind: hits for part in parts for kind, hits in part.items() if hits}
    sent = ran.stdout.count("[¨]")
    cut = sum(ran.stdout.count(said) for said in ("Max attack time was reached", "skipped due to network issues"))
    print(f"{name}: {sent} attacks, {cut} cut, {time.monotonic() - began:.0f} s", flush=True)
    for kind, hits in found.items():
        print(f"    {kind}: {len(hits)}: {hits[0].get('info')} {hits[0].get('http_request', '')[:300]}", flush=True)
    return {"ended": bool(report), "sent": sent, "found": found, "cut": cut}


def status_of(portal: Portal, session: str) -> int:
    """What the administration's first page answers the same session at the end."""
    request = urllib.request.Request(f"{portal.address}/admin/", headers={"Cookie": session})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status if answer.url.endswith("/admin/") else 302
    except urllib.error.HTTPError as fault:
        return fault.code


def rows(every: list[dict], aims: list[dict], reports: list[dict], signed_in: int) -> list[Figure]:
    ended = sum(report["ended"] for report in reports)
    names = sum(len(aim["names"]) for aim in every)
    attacked = sum(len(aim["names"]) - len(aim["repeated"]) for aim in aims)
    pages = len({aim["path"] for aim in every})
    return [
        Figure(f"forms and lists attacked, of {pages} addresses of the administration", ended, str(len(aims)),
               ended == len(aims)),
        Figure(f"parameters attacked, of {names} that there are with repetitions", attacked, "for information", True),
        *of_all("", reports),
        Figure("answer to the same session at the end", signed_in, "200", signed_in == 200),
    ]  # fmt: skip


def of_all(part: str, reports: list[dict]) -> list[Figure]:
    found: Counter = Counter()
    for report in reports:
        found.update({kind: len(hits) for kind, hits in report["found"].items()})
    cut, sent = sum(report["cut"] for report in reports), sum(report["sent"] for report in reports)
    return [
        Figure(f"{part}attacks sent ({MODULES})", sent, "for information", bool(sent)),
        Figure(f"{part}modules cut off after {LONGEST} s, or with requests lost", cut, "0", not cut),
        Figure(f"{part}findings", dict(found) or 0, "0", not found),
    ]
