"""wapiti over every address of the administration, as an administrator who signed in with a second factor.

Addresses are listed rather than crawled (script/tortures/aims.py). Each is attacked by itself: its forms as they stand,
and the parameters of its links and of its search, all in one request. What repeats a parameter that another address had
is left out. Needs wapiti (`pip install wapiti3`, in an environment of its own; WAPITI names the program). Modules are
some of those that ask nobody but the portal; SCAN_MODULES names others.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
    cluster = Careless()
    portal = Portal(cluster.url)
    folder = Path(tempfile.mkdtemp(prefix="portal-scan-"))
    try:
        portal.manage("migrate", "--verbosity", "0")  # without the shipped programme, whose targets the rows have
        portal.manage("collectstatic", "--noinput", "--verbosity", "0")
        world = json.loads(portal.python("from script.tortures.aims import told; print(told())").splitlines()[-1])
        aims = [aim for aim in world["aims"] if set(aim["names"]) - set(aim["repeated"])][:: max(1, round(1 / size))]
        portal.start("web", "sequencer")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(attack, program, portal, world["session"], aim, folder) for aim in aims]
            reports = [job.result() for job in jobs]
        signed_in = status_of(portal, world["session"])
    finally:
        portal.stop()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print("not attacked, since they answer otherwise:", world["others"], flush=True)
    return rows(world["aims"], aims, reports, signed_in)


def attack(program: str, portal: Portal, session: str, aim: dict, folder: Path) -> dict:
    """One address with its forms, or with its parameters; the report, with what was cut off."""
    began, name = time.monotonic(), f"{aim['what']}{aim['path'].replace('/', '-')}"
    forms = aim["what"] == "forms"
    page = f"{portal.address}{aim['path']}"
    desk = re.fullmatch("/admin/moderation/[0-9a-f-]{36}/", aim["path"])  # whose forms go to addresses below its own
    command = [
        program, "-u", f"{portal.address}{aim['address']}", "--scope", "folder" if desk else "page",
        "-d", "1" if forms else "0", *(["-x", f"{page}?*", "-x", f"{portal.address}/admin/logout/"] if forms else []),
        "-m", MODULES, "-l", "1", "-H", f"Cookie: {session}",
        *(part for name in ("csrfmiddlewaretoken", *aim["repeated"]) for part in ("--skip", name)),
        "--max-attack-time", str(LONGEST), "--flush-session", "--store-session", str(folder / name), "--no-bugreport",
        "-t", "60", "-v", "2", "-f", "json", "-o", str(folder / f"{name}.json"),
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    file = folder / f"{name}.json"
    report = json.loads(file.read_text()) if file.exists() else {}
    parts = [report.get(part, {}) for part in ("vulnerabilities", "anomalies")]
    found = {kind: hits for part in parts for kind, hits in part.items() if hits}
    sent = ran.stdout.count("[¨]")
    cut = sum(ran.stdout.count(said) for said in ("Max attack time was reached", "skipped due to network issues"))
    print(f"{aim['what']} {aim['path']}: {sent} attacks, {cut} cut, {time.monotonic() - began:.0f} s", flush=True)
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
    found: Counter = Counter()
    for report in reports:
        found.update({kind: len(hits) for kind, hits in report["found"].items()})
    ended = sum(report["ended"] for report in reports)
    cut, sent = sum(report["cut"] for report in reports), sum(report["sent"] for report in reports)
    names = sum(len(aim["names"]) for aim in every)
    attacked = sum(len(aim["names"]) - len(aim["repeated"]) for aim in aims)
    pages = len({aim["path"] for aim in every})
    return [
        Figure(f"forms and lists attacked, of {pages} addresses of the administration", ended, str(len(aims)),
               ended == len(aims)),
        Figure(f"parameters attacked, of {names} that there are with repetitions", attacked, "for information", True),
        Figure(f"attacks sent ({MODULES})", sent, "for information", bool(sent)),
        Figure(f"modules cut off after {LONGEST} s, or with requests lost", cut, "0", not cut),
        Figure("findings", dict(found) or 0, "0", not found),
        Figure("answer to the same session at the end", signed_in, "200", signed_in == 200),
    ]  # fmt: skip
