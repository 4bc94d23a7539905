"""A crowd for a torture: readers without a pause, and writers who send each write under its key until it is
acknowledged; and whether all that was acknowledged is there afterwards, once."""

import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from types import SimpleNamespace

from script.tortures.machinery import ROOT, Figure, Portal

WRITERS = 4
PATIENCE = 60  # seconds that somebody waits for an answer: longer than any proxy before them
WORLD = """
import json
from django.conf import settings
from feedback.actions.access import participant_of
from feedback.actions.comments import submit_comment
from feedback.actions.tokens import make_token
from principles.models import Measure
from tests.builders import make_user
users = [make_user() for _ in range({writers})]
first = Measure.objects.order_by("pk").first()
kept = submit_comment(participant_of(make_user()), measure=first.slug, edition=1, text="Said before.", language="en")
print(json.dumps({{
    "tokens": [make_token(user, name="torture", scope="write")[1] for user in users],
    "people": [participant_of(user).pk for user in users],
    "measures": list(Measure.objects.values_list("slug", flat=True)), "kept": str(kept.pk)}}))
"""
RESULT = """
import json
from collections import Counter
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import CommentVersion, CommentVote, LedgerEntry, Rating, Comment
while sequence():
    pass
print(json.dumps({
    "texts": Counter(CommentVersion.objects.values_list("text", flat=True)),
    "ratings": list(Rating.objects.values_list("participant", "edition__measure__slug", "value")),
    "votes": list(CommentVote.objects.values_list("participant", "value")), "recount": recount(),
    "apart": LedgerEntry.objects.filter(kind="comment").count() - Comment.objects.count()}))
"""
READERS = ("anonymous", "author", "moderator", "administrator")
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


class Crowd:
    """Writers of `world`, and a reader for each list of (page, headers) in `readers`; each has a connection that
    `connect` makes, given their number. Each comment ends with `more`."""

    def __init__(
        self, connect: Callable[[int], http.client.HTTPConnection], world: dict, readers: list[list], more: str = ""
    ):
        self.world, self.going, self.more = world, True, more
        self.read, self.written, self.faults, self.away = Counter(), Counter(), Counter(), Counter()
        self.acknowledged = 0
        self.texts: list[str] = []
        self.rated: dict[tuple, int] = {}
        self.voted: dict[int, int] = {}
        self.counting = threading.Lock()
        work = [(self._write, number, number) for number in range(WRITERS)]
        work += [(self._read, WRITERS + number, pages) for number, pages in enumerate(readers)]
        self.threads = [threading.Thread(target=job, args=(connect(n), what)) for job, n, what in work]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody come to the end of what they do."""
        self.going = False
        for thread in self.threads:
            thread.join()

    def counted_anew(self) -> SimpleNamespace:
        """What was counted so far; from here on it is counted anew."""
        with self.counting:
            counted = SimpleNamespace(read=self.read, written=self.written, faults=self.faults, away=self.away)
            self.read, self.written, self.faults, self.away = Counter(), Counter(), Counter(), Counter()
        return counted

    def ask(self, connection, seen: Counter, method: str, path: str, body=None, headers=()) -> tuple[int, str]:
        """The status and text of an answer, counted in `seen`; 0 where the request was cut, or nobody listened."""
        try:
            connection.request(method, path, json.dumps(body) if body else None, dict(headers))
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except ConnectionRefusedError:
            connection.close()
            return self._count(seen, "refused", path), ""
        except (OSError, http.client.HTTPException):
            connection.close()
            return self._count(seen, "cut", path), ""
        status = answer.status
        bare = status == 503 and not answer.headers.get("Retry-After")
        self._count(seen, "503 without Retry-After" if bare else status, path)
        return status, text

    def _count(self, seen: Counter, what: str | int, path: str) -> int:
        with self.counting:
            seen[what] += 1
            if what == 503:
                self.away[path] += 1
            elif isinstance(what, str) or what >= 500:
                self.faults[f"{path} {what}"] += 1
        return 0

    def _read(self, connection, pages: list) -> None:
        for path, headers in cycle(pages):
            if not self.going:
                return
            _status, text = self.ask(connection, self.read, "GET", path, headers=headers)
            for asset in set(ASSET.findall(text)):
                if self.ask(connection, self.read, "GET", asset)[0] == 404:
                    self.faults[f"{asset} 404"] += 1
            time.sleep(0.02)

    def _write(self, connection, number: int) -> None:
        turn = 0
        while self.going:
            turn += 1
            self._insist(connection, number, turn)

    def _insist(self, connection, number: int, turn: int) -> None:
        """The write of this turn, sent until it is acknowledged."""
        key, kept = f"{number}-{turn}", self.world["kept"]
        measure = self.world["measures"][turn // 3 % len(self.world["measures"])]
        text, value, vote = f"Write {key}.{self.more}", turn % 5 + 1, (1, -1)[turn % 2]
        method, path, body, kept_in, name, what = (
            ("POST", "comments/", {"measure": measure, "text": text, "language": "en"}, None, None, text),
            (
                "PUT",
                f"ratings/{measure}/support/",
                {"value": value, "edition": 1},
                self.rated,
                (number, measure),
                value,
            ),
            ("POST", f"comments/{kept}/vote/", {"value": vote}, self.voted, number, vote),
        )[turn % 3]
        headers = {
            "Authorization": f"Bearer {self.world['tokens'][number]}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        while True:
            status, said = self.ask(connection, self.written, method, f"/api/v1/{path}", body, headers)
            if 200 <= status < 300:
                break
            if status not in {0, 409, 429} and status < 500:
                raise RuntimeError(f"{method} {path}: {status} {said[:500]}")
            time.sleep(random.uniform(0.1, 0.4))
        with self.counting:
            self.acknowledged += 1
            if kept_in is None:
                self.texts.append(what)
            else:
                kept_in[name] = what

    def kept(self, portal: Portal) -> list[Figure]:
        """What is left of it, once the portal runs no more."""
        found = json.loads(portal.python(RESULT).splitlines()[-1])
        people = self.world["people"]
        ratings = {(person, measure): value for person, measure, value in found["ratings"]}
        votes = dict(found["votes"])
        lost = [text for text in self.texts if text not in found["texts"]]
        lost += [each for each, value in self.rated.items() if ratings.get((people[each[0]], each[1])) != value]
        lost += [number for number, value in self.voted.items() if votes.get(people[number]) != value]
        twice = [text for text, number in found["texts"].items() if number > 1]
        differ, apart = found["recount"], found["apart"]
        return [
            Figure(f"lost, of {self.acknowledged} writes acknowledged", len(lost), "0", self.acknowledged and not lost),
            Figure("comments twice", len(twice), "0", not twice),
            Figure("ledger entries that are no comment, or missing", apart, "0", not apart),
            Figure("differences that recount finds", len(differ), "0", not differ),
        ]


def reading(pages: dict) -> list[list]:
    """Every page for each kind of people, who begin at different places."""
    lists = []
    for number, who in enumerate(READERS):
        session = pages["sessions"][who]
        cookie = {"Cookie": f"{pages['session']}={session}"} if session else {}
        begin = len(pages["pages"]) * number // len(READERS)
        every = pages["pages"][begin:] + pages["pages"][:begin]
        lists.append([(page, cookie | {"Accept-Language": "en"}) for page in every])
    return lists


def verified(portal: Portal) -> Figure:
    """Whether the stand-alone verifier, asking the running portal, finds that everything holds."""
    ran = subprocess.run(
        [sys.executable, str(ROOT / "script" / "verify_consultation.py"), portal.address],
        capture_output=True,
        text=True,
    )
    last = (ran.stdout + ran.stderr).strip().splitlines()[-1:]
    return Figure("the verifier's status, from outside", f"{ran.returncode} {last[0] if last else ''}"[:90], "0",
                  ran.returncode == 0)  # fmt: skip
