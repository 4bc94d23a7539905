"""How long sign-in takes for an address that has an account and for one that has none, turn by turn."""

import json
import tempfile
from pathlib import Path

from script.tortures.machinery import Figure, Portal

PAIRS = 500
# One process without a network between: what is left is what the portal itself does. Each try comes from an address of
# its own and is about an account of its own, so that no limit is met.
MEASURE = """
import json, statistics, time
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from allauth.account.models import EmailAddress
from portal.accounts.models import User

kept = make_password("the right password 1")
people = [User(email=f"known{{n}}@example.org", display_name=f"P {{n}}", password=kept) for n in range({pairs})]
User.objects.bulk_create(people)
EmailAddress.objects.bulk_create(
    [EmailAddress(user=each, email=each.email, verified=True, primary=True) for each in people])
browser = Client(HTTP_HOST="127.0.0.1")


def timed(do):
    wall, own = time.perf_counter(), time.thread_time()
    do()
    return time.perf_counter() - wall, time.thread_time() - own


def attempt(kind, n):
    at = {{"known": 1, "unknown": 2}}[kind]
    form = {{"login": f"{{kind}}{{n}}@example.org", "password": "not the password 1"}}
    answer = browser.post("/en/accounts/login/", form, REMOTE_ADDR=f"10.{{at}}.{{n // 250}}.{{n % 250 + 1}}")
    assert answer.status_code == 200 and "is not right" in answer.content.decode()


found = {{"known": [], "unknown": []}}
for n in range(-3, {pairs}):
    for kind in (("known", "unknown") if n % 2 else ("unknown", "known")):
        took = timed(lambda: attempt(kind, n % {pairs}))
        if n >= 0:
            found[kind].append(took)
hashes = [timed(lambda: check_password("not the password 1", kept)) for _ in range(21)]
median = lambda rows, which: statistics.median(row[which] for row in rows)
print(json.dumps({{
    "hash": [median(hashes, which) for which in (0, 1)],
    **{{kind: [median(found[kind], which) for which in (0, 1)] for kind in found}}}}))
"""


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: 500 pairs. By the clock, which others on the machine disturb, and by the processor's time."""
    pairs = max(20, int(PAIRS * size))
    with tempfile.TemporaryDirectory(prefix="portal-timing-") as folder:
        portal = Portal(f"sqlite:///{Path(folder) / 'portal.sqlite3'}")
        portal.fill()
        found = json.loads(portal.python(MEASURE.format(pairs=pairs)).splitlines()[-1])
    rows = []
    for which, name in enumerate(("by the clock", "of the processor")):
        known, unknown, one = (found[key][which] for key in ("known", "unknown", "hash"))
        apart = (known - unknown) / one
        what = f"sign-in, {pairs} pairs: medians apart, share of a hash, {name}"
        rows.append(Figure(what, f"{apart:+.2%} of {one * 1000:.0f} ms", "±2%", abs(apart) <= 0.02))
    return rows
