"""What the ledger costs: `python -m script.benchmark.ledger WHAT` on the database of the settings.

WHAT is `verify` or `hash` (seconds of a processor to verify every entry, or to hash the entries and their tree alone),
`rate` or `stub` (ratings a second with the sequencer at work after each hundred of them, or with a stub in the place of
entries and checkpoints), `proofs` (proofs a second of inclusion and of consistency, and the most rows that one reads).
Writes JSON to standard output and leaves the database as it was.
"""

import json
import random
import sys
import tempfile
import time

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import beside, row

RATINGS = 1000
EACH = 100  # ratings between two passes of the sequencer
PROOFS = 200


def rows(large: Site, small: Site) -> list[dict]:
    """Verification beside hashing alone, ratings beside a stub, proofs beside those among a hundredth."""

    def figure(what: str, site: Site = large):
        return lambda: json.loads(machinery.output_of(site.settings, "script.benchmark.ledger", what))

    runs = large.options.runs
    verified, hashed = beside(figure("verify"), figure("hash"), runs)
    rated, stubbed = beside(figure("rate"), figure("stub"), runs)
    proven, few = beside(figure("proofs"), figure("proofs", small), runs)
    return [
        row("verification of the ledger, beside hashing alone", large.size, verified, hashed, unit="s", bar=0.2),
        row("ratings with entries, beside a stub of them", large.size, rated, stubbed, unit="ratings/s", bar=0.8),
        row("proofs, beside those among a hundredth", large.size, proven, few, unit="proofs/s", bar=0.5),
    ]


def main(what: str) -> None:
    import django  # noqa: PLC0415 - only as a program of its own, with the settings of the database to measure

    django.setup()
    measures = {"verify": verify, "hash": hash_alone, "rate": rate_with, "stub": rate_with_a_stub, "proofs": prove}
    json.dump(measures[what](), sys.stdout)


def leaves() -> list[bytes]:
    from feedback.models import LedgerEntry  # noqa: PLC0415

    return [text.encode() for text in LedgerEntry.objects.order_by("seq").values_list("leaf", flat=True).iterator()]


def verify() -> float:
    from script import verify_consultation  # noqa: PLC0415

    texts = leaves()
    began = time.process_time()
    log = verify_consultation.Log(set())
    log.extend(texts)
    log.root()
    return time.process_time() - began


def hash_alone() -> float:
    from script.verify_consultation import sha256, tree_hash  # noqa: PLC0415

    texts = leaves()
    began = time.process_time()
    tree_hash([sha256(b"\x00" + text).digest() for text in texts])
    return time.process_time() - began


def rate_with() -> float:
    from feedback.ledger.checkpoints import publish  # noqa: PLC0415

    return ratings_per_second(publish)


def rate_with_a_stub() -> float:
    from feedback.ledger import store  # noqa: PLC0415

    def append(entries: list) -> int:
        for seq, entry in enumerate(entries, store.head() + 1):
            entry.seq = seq
        return entries[-1].seq

    store.append = append
    return ratings_per_second(lambda: None)


def ratings_per_second(sign) -> float:
    """Ratings that change others, by the action itself, with a pass of the sequencer after each hundred."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from feedback.actions.rating import rate  # noqa: PLC0415
    from feedback.ledger.sequencer import sequence  # noqa: PLC0415
    from feedback.models import Checkpoint, Rating  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.LEDGER_DIR = folder
        Checkpoint.objects.all().delete()
        sequence()
        sign()
        given = Rating.objects.filter(waiting=False, released_value__isnull=False, participant__isnull=False)
        given = given.select_related("participant__user", "question", "edition__measure").order_by("pk")[:RATINGS]
        wanted = [
            (row.participant, row.edition.measure.slug, row.question.slug, row.edition.number, row.value % 5 + 1)
            for row in given
        ]
        began = time.perf_counter()
        for number, (participant, measure, question, edition, value) in enumerate(wanted, 1):
            rate(participant, measure=measure, question=question, edition=edition, value=value)
            if number % EACH == 0:
                sequence()
                sign()
        speed = len(wanted) / (time.perf_counter() - began)
        transaction.set_rollback(True)
    return speed


def prove() -> float:
    from django.db import transaction  # noqa: PLC0415

    from feedback.ledger import store, tree  # noqa: PLC0415

    chance = random.Random(1)  # noqa: S311 - which proofs are asked for
    with transaction.atomic():
        size = store.head()
        tree.grow(size)
        began = time.perf_counter()
        for _ in range(PROOFS // 2):
            tree.inclusion(chance.randrange(size), size)
            tree.consistency(chance.randrange(1, size), size)
        speed = PROOFS / (time.perf_counter() - began)
        transaction.set_rollback(True)
    return speed


if __name__ == "__main__":
    main(sys.argv[1])
