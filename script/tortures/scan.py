"""wapiti over every address of the administration, as an administrator who signed in with a second factor.

Addresses are listed rather than crawled, and each is attacked by itself, with its forms and two of its links to itself,
so that none is left out for time. Needs wapiti (`pip install wapiti3`, in an environment of its own; WAPITI names the
program). Modules are some of those that ask nobody but the portal; SCAN_MODULES names others.
"""

import json
import os
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
LONGEST = 300  # seconds for one module at one address
# The world of the tests of access, more people of the staff, and the addresses of everything that is registered. No row
# of the administrator's own is among them: a scan that takes its own rights away learns nothing more.
WORLD = """
import json, re
from django.conf import settings
from django.contrib import admin
from django.urls import NoReverseMatch, get_resolver, reverse
from tests.access import _routes, make_world
from tests.desk import make_staff, staff_client
world = make_world()
client = world.browsers["administrator"]
own = int(client.session["_auth_user_id"])
for role in ("moderator", "analyst", "editor"):
    staff_client(make_staff(role))
found = {"list": [], "row": [], "delete": []}
def add(kind, name, *arguments):
    try:
        found[kind].append(reverse(name, args=arguments))
    except NoReverseMatch:
        pass
for model in admin.site._registry:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    add("list", f"{name}_changelist")
    add("list", f"{name}_add")
    owner = "pk" if model._meta.label == settings.AUTH_USER_MODEL else "user"
    mine = {owner: own} if owner == "pk" or owner in {field.name for field in model._meta.fields} else {"pk": None}
    row = model._default_manager.exclude(**mine).first()
    for kind in ("change", "history", "delete") if row else ():
        add("delete" if kind == "delete" else "row", f"{name}_{kind}", row.pk)
for route in _routes(get_resolver().url_patterns):
    path = "/" + re.sub(r"<(?:\\w+:)?(\\w+)>", r"{\\1}", route).replace("^", "").replace("$", "")
    if path.startswith("/admin/moderation/"):
        path = path.replace("{pk}", str(world.comment.pk))
    if path.startswith("/admin/") and not re.search(r"[{(]|logout", path):
        found["list"].append(path)
session = settings.SESSION_COOKIE_NAME
answers = {path: client.get(path, headers={"host": "127.0.0.1"}).status_code
    for path in dict.fromkeys(["/admin/", *found["list"], *found["row"], *found["delete"]])}
print(json.dumps({"session": f"{session}={client.cookies[session].value}",
    "addresses": [path for path, status in answers.items() if status == 200],
    "others": {path: status for path, status in answers.items() if status != 200}}))
"""


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: every address; each module at each address to its end, or for five minutes."""
    program = os.environ.get("WAPITI") or shutil.which("wapiti")
    if not program:
        return [Figure("not measured: wapiti is not installed", "-", "-", holds=False)]
    cluster = Cluster()
    portal = Portal(cluster.url)
    folder = Path(tempfile.mkdtemp(prefix="portal-scan-"))
    try:
        portal.fill()
        world = json.loads(portal.python(WORLD).splitlines()[-1])
        addresses = world["addresses"][:: max(1, round(1 / size))]
        portal.start("web", "sequencer")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(attack, program, portal, world["session"], path, folder) for path in addresses]
            reports = [job.result() for job in jobs]
        signed_in = status_of(portal, world["session"])
    finally:
        portal.stop()
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    print("not attacked, since they answer otherwise:", world["others"], flush=True)
    return rows(addresses, reports, signed_in)


def attack(program: str, portal: Portal, session: str, path: str, folder: Path) -> dict:
    """One address with its forms and parameters; the report, with what was cut off."""
    began, name = time.monotonic(), path.strip("/").replace("/", "-")
    command = [
        program, "-u", f"{portal.address}{path}", "--scope", "page", "-d", "2", "--max-links-per-page", "2",
        "-m", MODULES, "-l", "1", "-H", f"Cookie: {session}", "-x", f"{portal.address}/admin/logout/",
        "--skip", "csrfmiddlewaretoken",
        "--max-attack-time", str(LONGEST), "--flush-session", "--store-session", str(folder / name), "--no-bugreport",
        "-t", "20", "-v", "1", "-f", "json", "-o", str(folder / f"{name}.json"),
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    file = folder / f"{name}.json"
    report = json.loads(file.read_text()) if file.exists() else {}
    parts = [report.get(part, {}) for part in ("vulnerabilities", "anomalies")]
    found = {kind: hits for part in parts for kind, hits in part.items() if hits}
    info = report.get("infos", {})
    print(f"{path}: {info.get('crawled_pages_nbr')} pages and forms, {time.monotonic() - began:.0f} s", flush=True)
    for kind, hits in found.items():
        print(f"    {kind}: {len(hits)}: {hits[0].get('info')} {hits[0].get('http_request', '')[:300]}", flush=True)
    cut = ran.stdout.count("Max attack time was reached")
    return {"ended": bool(report), "forms": info.get("crawled_pages_nbr") or 0, "found": found, "cut": cut}


def status_of(portal: Portal, session: str) -> int:
    """What the administration's first page answers the same session at the end."""
    request = urllib.request.Request(f"{portal.address}/admin/", headers={"Cookie": session})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status if answer.url.endswith("/admin/") else 302
    except urllib.error.HTTPError as fault:
        return fault.code


def rows(addresses: list[str], reports: list[dict], signed_in: int) -> list[Figure]:
    found: Counter = Counter()
    for report in reports:
        found.update({kind: len(hits) for kind, hits in report["found"].items()})
    ended = sum(report["ended"] for report in reports)
    cut, forms = sum(report["cut"] for report in reports), sum(report["forms"] for report in reports)
    return [
        Figure(f"addresses of the administration attacked ({forms} with their forms)", ended, str(len(addresses)),
               ended == len(addresses)),
        Figure(f"modules cut off after {LONGEST} s ({MODULES})", cut, "0", not cut),
        Figure("findings", dict(found) or 0, "0", not found),
        Figure("answer to the same session at the end", signed_in, "200", signed_in == 200),
    ]  # fmt: skip
