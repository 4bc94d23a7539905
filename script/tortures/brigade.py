"""A thousand new accounts with nearly the same text and the same rating, beside others: found within a minute."""

import json

from script.tortures.machinery import Cluster, Figure, Portal

REPLAY = """
import itertools, json, random, time
from django.contrib.auth import get_user_model
from feedback.actions.access import participant_of
from feedback.actions.comments import submit_comment
from feedback.actions.rating import rate
from feedback.models import Brigade, Comment, Tally
from feedback.results.brigades import tallies_apart
from principles.models import Measure

measure, question = Measure.objects.with_wording().order_by("pk").first(), None
question = measure.principle.programme.questions.order_by("pk").first()
edition = measure.current_edition.number
chance = random.Random(7)
WORDS = ["schools", "clinics", "water pipes", "bridges", "libraries", "village roads", "street lamps", "pensions"]
TEXT = ("Honourable commission, people of our district firmly oppose this expensive project and demand immediate "
        "repairs of {one} instead, because nobody asked residents before the money was promised, number {number}.")
OTHER = "A thought about {a}, {b} and {c}: number {number} of our {d} street needs {e} before winter comes {f}."


def take_part(number, text, value):
    user = get_user_model().objects.create(email=f"p{number}@example.org", display_name=f"P {number}")
    person = participant_of(user)
    submit_comment(person, measure=measure.slug, edition=edition, text=text, language="en")
    rate(person, measure=measure.slug, question=question.slug, edition=edition, value=value)


for number in range(PEOPLE):
    take_part(number, TEXT.format(one=chance.choice(WORDS), number=number), 1)
    if number % 4 == 0:
        words = [chance.choice(WORDS) + str(chance.randrange(9999)) for _ in "abcdef"]
        text = OTHER.format(number=number, **dict(zip("abcdef", words)))
        take_part(PEOPLE + number, text, chance.randint(2, 5))
began = time.monotonic()
while time.monotonic() - began < 120:
    largest = Brigade.objects.order_by("-accounts").first()
    tally = Tally.objects.filter(edition__measure=measure, question=question).first()
    if largest and largest.accounts >= PEOPLE * 0.99 and tally and tally.released_n >= PEOPLE * 1.24:
        break
    time.sleep(0.2)
took = time.monotonic() - began
[apart] = tallies_apart(largest)
short = Measure.objects.with_wording().order_by("pk")[1]
for number in range(PEOPLE):
    user = get_user_model().objects.create(email=f"s{number}@example.org", display_name=f"S {number}")
    submit_comment(participant_of(user), measure=short.slug, edition=short.current_edition.number,
        text=chance.choice(["Schools first, not this road!", "SCHOOLS FIRST, not this road"]), language="en")
short_began = time.monotonic()
while time.monotonic() - short_began < 120:
    of_short = Brigade.objects.filter(measure=short).order_by("-accounts").first()
    if of_short and of_short.accounts >= PEOPLE * 0.99:
        break
    time.sleep(0.2)
short_took = time.monotonic() - short_began
strangers = Comment.objects.filter(in_brigade__brigade=largest, text_print__isnull=False).exclude(
    latest__text__startswith="Honourable").count()
print(json.dumps({"seconds": took, "accounts": largest.accounts, "strangers": strangers,
    "comments": Comment.objects.filter(moderation="published").exclude(measure=short).count(),
    "whole": apart.whole, "group": apart.group, "rest": apart.rest, "groups": Brigade.objects.count(),
    "short_seconds": short_took, "short_accounts": of_short.accounts if of_short else 0}))
"""


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: 1,000 accounts of the brigade and 250 others, all new."""
    people = max(40, int(1000 * size)) // 4 * 4
    cluster = Cluster()
    portal = Portal(cluster.url)
    try:
        portal.fill()
        portal.start()
        found = json.loads(portal.python(REPLAY.replace("PEOPLE", str(people))).splitlines()[-1])
    finally:
        portal.stop()
        cluster.remove()
    everybody, group, rest = people + people // 4, found["group"] or [0], found["rest"] or [0]
    return [
        Figure(
            f"of {people} accounts in one group", found["accounts"], f"≥ {people * 0.99:.0f}",
            found["accounts"] >= people * 0.99,
        ),
        Figure("seconds until it was found", round(found["seconds"], 1), "≤ 60", found["seconds"] <= 60),
        Figure("others in it", found["strangers"], "0", found["strangers"] == 0),
        Figure(f"of {everybody} comments published", found["comments"], str(everybody), found["comments"] == everybody),
        Figure("tally of the group: all the same value", group, f"[{sum(group)}, 0, …]", group[0] == sum(group) > 0),
        Figure("tally without it: others' values", rest, "none of value 1 but a ten", 0 <= rest[0] < 10 < sum(rest)),
        Figure(
            f"of {people} accounts with the same five words in one group", found["short_accounts"],
            f"≥ {people * 0.99:.0f}", found["short_accounts"] >= people * 0.99,
        ),
        Figure("seconds until they were", round(found["short_seconds"], 1), "≤ 60", found["short_seconds"] <= 60),
        Figure("groups in all", found["groups"], "for information", True),
    ]  # fmt: skip
