"""Nothing acknowledged is lost: mixed writes with keys, through killed web workers and restarts of PostgreSQL."""

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from script.tortures.machinery import Cluster, Figure, Portal

CLIENTS = 8
PEOPLE = """
import json
from tests.builders import make_user
from feedback.actions.access import participant_of
from feedback.actions.comments import submit_comment
from feedback.actions.tokens import make_token
from principles.models import Measure
users = [make_user() for _ in range({clients})]
first = Measure.objects.order_by("pk").first()
kept = submit_comment(participant_of(make_user()), measure=first.slug, edition=1, text="Said before.", language="en")
print(json.dumps({{
    "tokens": [make_token(user, name="torture", scope="write")[1] for user in users],
    "measures": list(Measure.objects.values_list("slug", flat=True)), "kept": str(kept.pk)}}))
"""
RESULT = """
import json
from collections import Counter
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import *
while sequence():
    pass
texts = Counter(CommentVersion.objects.values_list("text", flat=True))
kinds = Counter(LedgerEntry.objects.values_list("kind", flat=True))
print(json.dumps({"texts": texts, "comments": Comment.objects.count(), "leaves": kinds.get("comment", 0),
    "votes": CommentVote.objects.count(), "reports": Report.objects.count(), "ratings": Rating.objects.count(),
    "waiting": OutboxEntry.objects.count(), "recount": recount()}))
"""


class Client:
    """One writer: its token, and what it was told."""

    def __init__(self, portal: Portal, token: str, number: int, world: dict, seen: Counter):
        self.portal, self.token, self.number, self.world, self.seen = portal, token, number, world, seen
        self.acknowledged: list[str] = []

    def write(self, turn: int) -> None:
        """Send the write of this turn until it is acknowledged."""
        key = f"{self.number}-{turn}"
        measure = self.world["measures"][turn % len(self.world["measures"])]
        kept = self.world["kept"]
        kind = ("comment", "rate", "vote", "report")[turn % 4 if turn % 20 < 8 else 0]
        method, path, body = {
            "comment": ("POST", "comments/", {"measure": measure, "text": f"Write {key}.", "language": "en"}),
            "rate": ("PUT", f"ratings/{measure}/support/", {"value": turn % 5 + 1, "edition": 1}),
            "vote": ("POST", f"comments/{kept}/vote/", {"value": 1}),
            "report": ("POST", f"comments/{kept}/report/", {"rule": "spam", "note": "Look."}),
        }[kind]
        while not self.send(method, path, body, key):
            time.sleep(random.uniform(0.05, 0.3))
        self.acknowledged.append(key if kind == "comment" else kind)

    def send(self, method: str, path: str, body: dict, key: str) -> bool:
        request = urllib.request.Request(
            f"{self.portal.address}/api/v1/{path}", json.dumps(body).encode(), method=method
        )
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", key)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                answer.read()
                self.seen[answer.status] += 1
                return True
        except urllib.error.HTTPError as fault:
            self.seen[fault.code] += 1
            if fault.code == 503 and not fault.headers.get("Retry-After"):
                self.seen["503 without Retry-After"] += 1
            if fault.code not in {409, 429, 500, 502, 503}:
                raise RuntimeError(f"{method} {path}: {fault.code} {fault.read()[:500]!r}") from None
            return False
        except OSError:  # the worker was killed, or no worker is there
            self.seen["cut"] += 1
            return False


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: 10,000 writes, 50 kills, 5 restarts."""
    writes, kills, restarts = int(10_000 * size), max(2, int(50 * size)), max(2, int(5 * size))
    cluster = Cluster()
    portal = Portal(cluster.url)
    try:
        portal.fill()
        world = json.loads(portal.python(PEOPLE.format(clients=CLIENTS)).splitlines()[-1])
        portal.start()
        seen: Counter = Counter()
        clients = [Client(portal, token, n, world, seen) for n, token in enumerate(world["tokens"])]
        with ThreadPoolExecutor(CLIENTS) as pool:
            work = [pool.submit(_write_all, client, writes // CLIENTS) for client in clients]
            done = threading.Event()
            back = _disturb(portal, cluster, clients, writes, kills, restarts, done)
            for job in work:
                job.result()
            done.set()
        found = json.loads(portal.python(RESULT).splitlines()[-1])
        return _rows(clients, found, seen, back, writes, kills, restarts)
    finally:
        portal.stop()
        cluster.remove()


def _write_all(client: Client, number: int) -> None:
    for turn in range(number):
        client.write(turn)


def _disturb(portal, cluster, clients, writes, kills, restarts, done) -> list[float]:
    """Kill and restart while the work goes on, evenly over it; seconds until ready after each restart."""
    events = sorted([(k + 0.5) / kills for k in range(kills)] + [(r + 0.7) / restarts + 2 for r in range(restarts)])
    plan = sorted((event - 2, "restart") if event >= 2 else (event, "kill") for event in events)
    back = []
    for share, what in plan:
        while sum(len(client.acknowledged) for client in clients) < share * writes and not done.is_set():
            time.sleep(0.02)
        if what == "kill":
            for pid in portal.workers()[:1]:
                os.kill(pid, signal.SIGKILL)
        else:
            cluster.control("restart")
            back.append(portal.wait_until_ready(60))
    return back


def _rows(clients, found, seen, back, writes, kills, restarts) -> list[Figure]:
    keys = [key for client in clients for key in client.acknowledged if "-" in key]
    lost = [key for key in keys if found["texts"].get(f"Write {key}.", 0) == 0]
    twice = [text for text, number in found["texts"].items() if number > 1]
    acknowledged = sum(len(client.acknowledged) for client in clients)
    raters = {(c.number, t % len(c.world["measures"])) for c in clients for t in range(writes // CLIENTS)
              if t % 20 < 8 and t % 4 == 1}  # fmt: skip
    reactions, bare = [found["votes"], found["reports"]], seen["503 without Retry-After"]
    apart, slowest, expected = found["leaves"] - found["comments"], max(back), writes // CLIENTS * CLIENTS
    through = f"writes acknowledged, {kills} kills, {restarts} restarts"
    return [
        Figure(through, acknowledged, str(expected), acknowledged == expected),
        Figure("acknowledged comments lost", len(lost), "0", not lost),
        Figure("comments twice", len(twice), "0", not twice),
        Figure("ledger entries that are no comment, or missing", apart, "0", not apart),
        Figure("ratings", found["ratings"], str(len(raters)), found["ratings"] == len(raters)),
        Figure("votes and reports", reactions, f"{CLIENTS} each", reactions == [CLIENTS, CLIENTS]),
        Figure("differences that recount finds", len(found["recount"]), "0", not found["recount"]),
        Figure("answers 500", seen[500], "0", not seen[500]),
        Figure("answers 503 without Retry-After", bare, "0", not bare),
        Figure("seconds until ready after a restart, longest", round(slowest, 1), "≤ 10", slowest <= 10),
        Figure("answers by status", dict(seen), "for information", True),
    ]
