"""Many at once over HTTP: one key from twenty, one person's rating from fifty, and eight writers on SQLite."""

import http.client
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

from script.tortures.machinery import ROOT, Cluster, Figure, Portal

KEYS, AT_ONCE = 1000, 20
PEOPLE, RATINGS = 200, 50
WRITERS, SECONDS = 8, 60
WORLD = """
import json
from django.conf import settings
from feedback.actions.tokens import make_token
from principles.models import Measure
from tests.builders import make_participant, signed_in
people = [make_participant() for _ in range({people})]
print(json.dumps({{
    "session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME,
    "measures": list(Measure.objects.order_by("pk").values_list("slug", flat=True)),
    "tokens": [make_token(each.user, name="torture", scope="write")[1] for each in people],
    "sessions": [signed_in(each).cookies[settings.SESSION_COOKIE_NAME].value for each in people]}}))
"""
RESULT = """
import json
from collections import Counter
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import CommentVersion, Rating
while sequence():
    pass
texts = Counter(CommentVersion.objects.values_list("text", flat=True))
print(json.dumps({"texts": texts, "ratings": Rating.objects.count(), "recount": recount(),
    "people": Rating.objects.values("participant").distinct().count()}))
"""


class Writer:
    """One connection that stays open; its answers are counted in `seen`, which others share."""

    counting = threading.Lock()

    def __init__(self, portal: Portal, seen: Counter):
        self.connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)
        self.seen = seen

    def send(self, method: str, path: str, body: str, headers: dict[str, str]) -> str:
        """The answer's text; its status, and whether it speaks of a lock, are counted."""
        try:
            self.connection.request(method, path, body.encode(), headers)
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self._count("cut")
            return ""
        self._count(answer.status)
        if "locked" in text:
            self._count("locked")
        return text

    def _count(self, what) -> None:
        with self.counting:
            self.seen[what] += 1

    def write(self, method: str, path: str, body: dict, token: str, key: str) -> str:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
        return self.send(method, f"/api/v1/{path}", json.dumps(body), headers)

    def send_form(self, world: dict, session: str, path: str, form: dict) -> str:
        token = "a" * 32
        headers = {
            "Cookie": f"{world['session']}={session}; {world['csrf']}={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.send("POST", path, urlencode(form | {"csrfmiddlewaretoken": token}), headers)


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: 1,000 keys from 20 at once, 200 people from 50 at once, 8 writers for a minute."""
    cluster = Cluster()
    portal = Portal(cluster.url)
    try:
        portal.fill()
        rows = under_one_key(portal, max(10, int(KEYS * size)), max(4, int(PEOPLE * size)))
    finally:
        portal.stop()
        cluster.remove()
    return rows + on_sqlite(max(5, int(SECONDS * size)))


def under_one_key(portal: Portal, keys: int, people: int) -> list[Figure]:
    world = json.loads(portal.python(WORLD.format(people=people)).splitlines()[-1])
    portal.start()
    submitted, rated = Counter(), Counter()
    measures, tokens = world["measures"], world["tokens"]

    def submit(key: int, _number: int) -> tuple:
        body = {"measure": measures[key % len(measures)], "text": f"Under key {key}.", "language": "en"}
        return "POST", "comments/", body, tokens[key % people], f"key {key}"

    def rate(person: int, number: int) -> tuple:
        body = {"value": number % 5 + 1, "edition": 1}
        return "PUT", f"ratings/{measures[0]}/support/", body, tokens[person], f"rating {number}"

    answers = at_once(portal, submitted, AT_ONCE, keys, submit)
    alike = sum(len({json.loads(text or "{}").get("id") for text in row}) == 1 for row in answers)
    at_once(portal, rated, RATINGS, people, rate)
    portal.stop()
    found = json.loads(portal.python(RESULT).splitlines()[-1])
    once = sum(found["texts"].get(f"Under key {key}.") == 1 for key in range(keys))
    rows, ratings, raters = len(found["texts"]), found["ratings"], found["people"]
    bad = [
        sum(n for status, n in seen.items() if status == "cut" or str(status)[0] == "5") for seen in (submitted, rated)
    ]
    return [
        Figure(f"comments of {keys} keys × {AT_ONCE} at once", rows, str(keys), once == keys == rows),
        Figure("keys whose answers all name the same comment", alike, str(keys), alike == keys),
        Figure("of their answers, 5xx or cut", bad[0], "0", not bad[0]),
        Figure(f"ratings of {people} people × {RATINGS} at once", ratings, str(people), raters == ratings == people),
        Figure("of their answers, 5xx or cut", bad[1], "0", not bad[1]),
        Figure("differences that recount finds", len(found["recount"]), "0", not found["recount"]),
        Figure("answers by status", f"{dict(submitted)}, {dict(rated)}", "for information", True),
    ]  # fmt: skip


def at_once(portal: Portal, seen: Counter, width: int, turns: int, write):
    """For each turn the answers of `width` writers who were let loose together."""
    gate = Barrier(width)

    def run(number: int, answers: list[list[str]]) -> None:
        writer = Writer(portal, seen)
        for turn in range(turns):
            gate.wait(120)
            answers[turn][number] = writer.write(*write(turn, number))

    answers = [[""] * width for _ in range(turns)]
    with ThreadPoolExecutor(width) as pool:
        for each in [pool.submit(run, number, answers) for number in range(width)]:
            each.result()
    return answers


def on_sqlite(seconds: int) -> list[Figure]:
    """Eight writers, half of them on pages, beside the worker and the sequencer."""
    path, seen, going = ROOT / "var" / "torture-parallel.sqlite3", Counter(), threading.Event()
    portal = Portal(f"sqlite:///{path}")
    remove(path)
    try:
        portal.fill()
        world = json.loads(portal.python(WORLD.format(people=WRITERS)).splitlines()[-1])
        portal.start()

        def run(number: int) -> None:
            writer, turn = Writer(portal, seen), 0
            while not going.is_set():
                turn += 1
                write_something(writer, world, number, turn)

        with ThreadPoolExecutor(WRITERS) as pool:
            work = [pool.submit(run, number) for number in range(WRITERS)]
            time.sleep(seconds)
            going.set()
            for each in work:
                each.result()
        portal.stop()
        found = json.loads(portal.python(RESULT).splitlines()[-1])
    finally:
        portal.stop()
        remove(path)
    locked = seen.pop("locked", 0)
    bad = sum(number for status, number in seen.items() if status == "cut" or str(status)[0] == "5")
    done, differ = seen[200] + seen[201] + seen[302], len(found["recount"])
    return [
        Figure(f"writes of {WRITERS} writers in {seconds} s on SQLite", done, "some", done > 0),
        Figure("answers that speak of a locked database", locked, "0", locked == 0),
        Figure("answers 5xx, or cut", bad, "0", bad == 0),
        Figure("differences that recount finds", differ, "0", differ == 0),
        Figure("answers by status", dict(seen), "for information", True),
    ]


def write_something(writer: Writer, world: dict, number: int, turn: int) -> None:
    """A comment or a rating; by the API from every other writer, on pages from the rest."""
    measure = world["measures"][turn % len(world["measures"])]
    text, value = f"Write {turn} of writer {number}.", turn % 5 + 1
    if number % 2:
        page = f"/en/measures/{measure}/"
        path, form = (
            (f"{page}comments/", {"text": text, "language": "en", "edition": 1, "token": f"{number}-{turn}"})
            if turn % 2
            else (f"{page}ratings/support/", {"value": value, "edition": 1})
        )
        writer.send_form(world, world["sessions"][number], path, form)
        return
    method, path, body = (
        ("POST", "comments/", {"measure": measure, "text": text, "language": "en"})
        if turn % 2
        else ("PUT", f"ratings/{measure}/support/", {"value": value, "edition": 1})
    )
    writer.write(method, path, body, world["tokens"][number], f"{number}-{turn}")


def remove(path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
