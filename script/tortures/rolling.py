"""Old code on the new schema, as while `script/upgrade` replaces one process after another: no answer is a fault.

Old is what stood before the newest migration, or the commit that ROLLING_FROM names.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from script.tortures.machinery import ROOT, Cluster, Figure, Portal
from script.tortures.parallel import Writer, remove

WORLD = """
import json
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from feedback.actions.tokens import make_token
from tests.access import address_of, make_world, routes
world = make_world()
pages = [address_of(route, world) for route in routes() if "logout" not in route]
for model in admin.site._registry:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages.append(reverse(f"{name}_changelist"))
    if row := model._default_manager.first():
        pages.append(reverse(f"{name}_change", args=[row.pk]))
pages += [reverse(f"desk:{name}") for name in ("queue", "appeals")]
people = ("anonymous", "author", "participant", "moderator", "administrator")
name = settings.SESSION_COOKIE_NAME
print(json.dumps({
    "session": name, "csrf": settings.CSRF_COOKIE_NAME, "pages": pages, "measure": world.measure.slug,
    "comment": str(world.comment.pk), "token": make_token(world.author.user, name="torture", scope="write")[1],
    "sessions": {who: world.browsers[who].cookies[name].value if who != "anonymous" else "" for who in people}}))
"""
RECOUNT = "import json; from feedback.ledger.recount import recount; print(json.dumps(recount()))"
TURNS = 20


def figures(size: float = 1.0) -> list[Figure]:
    """Every address for five kinds of people, and twenty rounds of writes, on SQLite and on PostgreSQL."""
    old, rows = Path(tempfile.mkdtemp(prefix="portal-old-")), []
    commit = os.environ.get("ROLLING_FROM") or before_the_newest_migration()
    git("worktree", "add", "--detach", "--force", str(old / "code"), commit)
    shutil.copytree(ROOT / "portal" / "locale", old / "code" / "portal" / "locale", dirs_exist_ok=True)
    file, cluster = old / "portal.sqlite3", Cluster()
    try:
        for engine, url in (("SQLite", f"sqlite:///{file}"), ("PostgreSQL", cluster.url)):
            rows += on(engine, url, old / "code", commit, max(2, int(TURNS * size)))
    finally:
        cluster.remove()
        remove(file)
        git("worktree", "remove", "--force", str(old / "code"))
        shutil.rmtree(old, ignore_errors=True)
    return rows


def git(*arguments: str) -> str:
    return subprocess.check_output(["git", *arguments], cwd=ROOT, text=True, stderr=subprocess.DEVNULL).strip()


def before_the_newest_migration() -> str:
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return git("rev-parse", "--short", f"{newest}^")


def on(engine: str, url: str, code: Path, commit: str, turns: int) -> list[Figure]:
    """Tables, rows and sessions by the code of today; pages and writes by the old."""
    portal = Portal(url)
    portal.fill()
    world = json.loads(portal.python(WORLD).splitlines()[-1])
    seen: Counter = Counter()
    faults: Counter = Counter()
    try:
        portal.code = code
        portal.manage("collectstatic", "--noinput", "--verbosity", "0")
        portal.start("web", "sequencer")
        writer = Writer(portal, seen)
        for session in world["sessions"].values():
            cookie = {"Cookie": f"{world['session']}={session}"} if session else {}
            for page in world["pages"]:
                before = seen.copy()
                writer.send("GET", page, "", cookie | {"Accept-Language": "en"})
                [status] = (seen - before).keys() - {"locked"}
                if status == "cut" or status >= 500:
                    faults[f"{page} {status}"] += 1
        read = seen.total()
        for turn in range(turns):
            write_all(writer, world, turn)
    finally:
        portal.stop()
        portal.code = ROOT
    differ = json.loads(portal.python(RECOUNT).splitlines()[-1])
    bad = sum(number for status, number in seen.items() if status == "cut" or status in range(500, 600))
    return [
        Figure(f"answers 5xx of {commit} on today's {engine}, of {seen.total()}", bad, "0", bad == 0),
        Figure("differences that recount finds", len(differ), "0", not differ),
        Figure(f"by status; {read} pages, then writes", dict(seen), "for information", True),
        Figure("pages that failed", ", ".join(faults) or "none", "none", not faults),
    ]


def write_all(writer: Writer, world: dict, turn: int) -> None:
    """A write of each kind: by the API as the author, on pages as the participant, on the desk as the moderator."""
    measure, token, key = world["measure"], world["token"], f"turn {turn}"
    writer.write("POST", "comments/", {"measure": measure, "text": f"By the API, {turn}."}, token, key)
    writer.write("PUT", f"ratings/{measure}/support/", {"value": turn % 5 + 1, "edition": 1}, token, f"{key} rating")
    person, page = world["sessions"]["participant"], f"/en/measures/{measure}/"
    about = f"{page}comments/{world['comment']}/"
    for path, form in {
        f"{page}comments/": {"text": f"On a page, {turn}.", "language": "en", "edition": 1},
        f"{page}ratings/support/": {"value": turn % 5 + 1, "edition": 1},
        f"{about}reply/": {"text": f"A reply, {turn}.", "language": "en", "edition": 1},
        f"{about}vote/": {"value": turn % 3 - 1},
        f"{about}report/": {"rule": "spam", "note": "Look."},
        f"{page}follow/": {} if turn % 2 else {"unfollow": ""},
        "/en/profile/pace/": {"pace": "weekly"},
        "/en/accounts/settings/": {"display_name": f"Person {turn}", "language": "en"},
    }.items():
        writer.send_form(world, person, path, form)
    for path, form in {
        "/en/accounts/login/": {"login": f"a{turn}@example.org", "password": "not the password"},
        "/en/accounts/login/code/": {"email": f"a{turn}@example.org"},
        f"{page}comments/": {"text": "A draft."},
    }.items():
        writer.send_form(world, "", path, form)
    keeper = world["sessions"]["moderator"]
    writer.send_form(world, keeper, f"/admin/moderation/{world['comment']}/", {"act": "publish", "version": 1})
