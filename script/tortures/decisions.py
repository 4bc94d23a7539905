"""Opposing decisions over HTTP: two moderators send theirs about the same comment at the same moment, 500 times."""

import http.client
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from urllib.parse import urlencode

from script.tortures.machinery import Cluster, Figure, Portal

PAIRS = 500
# Pairs that race at the same time, beside one another.
AT_ONCE = 4
WORLD = """
import json
from django.conf import settings
from tests.builders import make_comment, make_participant, make_rule, seen, staff_client
from tests.desk import make_staff
from tests.programme_builders import make_measure, make_programme
measure, author = make_measure(make_programme(measures=0, moderation="before")), make_participant()
staff = [make_staff(), make_staff()]
print(json.dumps({{
    "session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME, "rule": make_rule().code,
    "staff": [staff_client(user).cookies[settings.SESSION_COOKIE_NAME].value for user in staff],
    "comments": [{{"key": str(each.pk), **seen(each)}} for each in (
        make_comment(measure, by=author, text=f"Number {{number}}.") for number in range({pairs}))]}}))
"""
RESULT = """
import json
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Decision
while sequence():
    pass
rows = Decision.objects.order_by("pk").values_list("comment", "to_state")
print(json.dumps({"decisions": [[str(key), state] for key, state in rows],
    "states": {str(key): state for key, state in Comment.objects.values_list("pk", "state")}, "recount": recount()}))
"""
REASON = re.compile(r"has decided meanwhile|holds this item until")


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: 500 pairs, by a served portal on PostgreSQL; of each, one publishes and one hides what both saw."""
    pairs = max(4, int(PAIRS * size))
    cluster = Cluster()
    try:
        portal = Portal(cluster.url)
        portal.fill()
        world = json.loads(portal.python(WORLD.format(pairs=pairs)))
        portal.start("web", "sequencer")
        try:
            with ThreadPoolExecutor(AT_ONCE) as racing:
                answers = list(racing.map(lambda comment: race(portal, world, comment), world["comments"]))
        finally:
            portal.stop()
        found = json.loads(portal.python(RESULT))
    finally:
        cluster.remove()
    return told(pairs, world, answers, found)


def told(pairs: int, world: dict, answers: list[list[tuple[int, str]]], found: dict) -> list[Figure]:
    """What the answers said, beside what stands in the database."""
    wanted = [comment["key"] for comment in world["comments"]]
    won, seen_why, as_told = 0, 0, 0
    for key, (publish, hide) in zip(wanted, answers, strict=True):
        statuses = (publish[0], hide[0])
        won += statuses.count(302)
        loser = hide if publish[0] == 302 else publish
        seen_why += loser[0] == 409 and bool(REASON.search(loser[1]))
        said = {(302, 409): "published", (409, 302): "hidden"}.get(statuses)
        as_told += said is not None and found["states"][key] == said
    decided = [key for key, _state in found["decisions"]]
    lost = pairs - as_told + abs(len(decided) - pairs) + (sorted(decided) != sorted(wanted))
    hidden = sum(state == "hidden" for _key, state in found["decisions"])
    bar = str(pairs)
    return [
        Figure(f"winners of {pairs} pairs of opposing decisions by HTTP", won, bar, won == pairs),
        Figure("losers whose page says who decided, or who holds it", seen_why, bar, seen_why == pairs),
        Figure("overwritten, decided twice, or not as the winner was told", lost, "0", lost == 0),
        Figure("of the winners, those who hid", hidden, "some, not all", 0 < hidden < pairs),
        Figure("kept numbers that differ from a recount", len(found["recount"]), "0", found["recount"] == []),
    ]


def race(portal: Portal, world: dict, comment: dict) -> list[tuple[int, str]]:
    """Status and page of the two answers: to who publishes, and to who hides."""
    seen = {"version": comment["version"], "after": comment["after"] or ""}
    hiding = {"act": "hide", "rule": world["rule"], "explanation": "It advertises."}
    start = Barrier(2)
    with ThreadPoolExecutor(2) as both:
        sent = [
            both.submit(decide, portal, world, session, comment["key"], seen | form, start)
            for session, form in zip(world["staff"], ({"act": "publish"}, hiding), strict=True)
        ]
        return [each.result() for each in sent]


def decide(portal: Portal, world: dict, session: str, key: str, form: dict, start: Barrier) -> tuple[int, str]:
    """Send one decision as the page's form does, on a connection that stands already; its status and its page."""
    token = "a" * 32
    headers = {
        "Cookie": f"{world['session']}={session}; {world['csrf']}={token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept-Language": "en",
    }
    body = urlencode(form | {"csrfmiddlewaretoken": token})
    with closing(http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)) as connection:
        connection.connect()
        start.wait(60)
        connection.request("POST", f"/admin/moderation/{key}/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
