"""Releasing ratings in groups, and keeping tallies: the sequencer's work, and nobody else's.

Per (question, substantive edition), first ratings wait in one pool, changes and withdrawals in another. A pool goes
whole once ten different participants wait in it; each participant counts towards a pool's ten once ever, so that
nobody can force a release by changing back and forth.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from feedback.ledger import store
from feedback.ledger.leaves import rating_leaf, tally_released_leaf, tally_withheld_leaf
from feedback.models import Rating, Tally

GROUP = 10
POOLS = (("first", False), ("change", True))


def waiting_pools() -> list[dict]:
    """Every pool in which ratings wait: question_id, edition_id, released_once, and how many rows

    `fresh` (not yet counted towards this pool's ten) and `joining` (with a value where none is released).
    """
    return list(
        Rating.objects.filter(waiting=True)
        .values("question_id", "edition_id", "released_once")
        .annotate(
            fresh=Count("pk", filter=Q(counted_as_change=False)),
            joining=Count("pk", filter=Q(released_value=None, value__isnull=False)),
        )
        .order_by("question_id", "edition_id", "released_once")
    )


def release_due(now: datetime, *, between: Callable[[], object] = lambda: None) -> int:
    """Release every pool that has its ten, and bring `n` of each open tally up to date; returns entries appended."""
    pools = waiting_pools()
    tallies = {(tally.question_id, tally.edition_id): tally for tally in Tally.objects.filter(closed_at=None)}
    _open_tallies(pools, tallies)
    appended = 0
    for pool in pools:
        key = (pool["question_id"], pool["edition_id"])
        if pool["fresh"] >= GROUP and key in tallies:
            appended += _release_pool(tallies[key].pk, released_once=pool["released_once"], now=now)
            between()
    _update_n()
    return appended


def _open_tallies(pools: list[dict], tallies: dict[tuple[int, int], Tally]) -> None:
    """Make the tallies of pools that have none yet, and put them into `tallies`."""
    keys = {(pool["question_id"], pool["edition_id"]) for pool in pools} - set(tallies)
    for question_id, edition_id in sorted(keys):
        tally, _made = Tally.objects.get_or_create(question_id=question_id, edition_id=edition_id)
        if tally.closed_at is None:
            tallies[question_id, edition_id] = tally


def _update_n() -> None:
    joining: dict[tuple[int, int], int] = {}
    for pool in waiting_pools():
        key = (pool["question_id"], pool["edition_id"])
        joining[key] = joining.get(key, 0) + pool["joining"]
    for tally in Tally.objects.filter(closed_at=None):
        n = tally.released_n + joining.get((tally.question_id, tally.edition_id), 0)
        if tally.n != n:
            Tally.objects.filter(pk=tally.pk).update(n=n)


@transaction.atomic
def _release_pool(tally_pk: int, *, released_once: bool, now: datetime) -> int:
    store.lock()
    tally = _locked(tally_pk)
    rows = _locked_rows(tally, released_once=released_once)
    if sum(not row.counted_as_change for row in rows) < GROUP:  # someone took theirs back meanwhile
        return 0
    return _release(tally, rows, released_once=released_once, now=now)


@transaction.atomic
def close_tally(tally_pk: int, *, now: datetime) -> int:
    """End a tally: pools of ten or more go, smaller ones stay out for good and leave `tally_withheld`."""
    store.lock()
    tally = _locked(tally_pk)
    appended = 0
    withheld = 0
    for pool, released_once in POOLS:
        rows = _locked_rows(tally, released_once=released_once)
        if len(rows) >= GROUP:
            appended += _release(tally, rows, released_once=released_once, now=now)
        elif rows:
            leaf = tally_withheld_leaf(tally, pool=pool, n=len(rows), at=now)
            store.append([store.entry(leaf, key=key_of(tally))])
            appended += 1
            withheld += sum(row.value is not None and row.released_value is None for row in rows)
    tally.n = tally.released_n + withheld
    tally.closed_at = timezone.now()
    tally.save(update_fields=["n", "closed_at"])
    return appended


def key_of(tally: Tally) -> str:
    """How a tally is named among the ledger's keys: measure/question/edition."""
    return f"{tally.edition.measure.slug}/{tally.question.slug}/{tally.edition.number}"


def _locked(tally_pk: int) -> Tally:
    return Tally.objects.select_related("question", "edition__measure__principle__programme").get(pk=tally_pk)


def _locked_rows(tally: Tally, *, released_once: bool) -> list[Rating]:
    """The pool's rows, locked in the order of their keys so that no two writers wait for each other."""
    rows = Rating.objects.select_for_update().filter(
        question=tally.question_id, edition=tally.edition_id, waiting=True, released_once=released_once
    )
    return list(rows.order_by("pk"))


def _release(tally: Tally, rows: list[Rating], *, released_once: bool, now: datetime) -> int:
    """Append the leaves of `rows` in random order, then `tally_released`; set released values, counts and seq."""
    secrets.SystemRandom().shuffle(rows)
    counts = tally.counts_or_zero
    entries = []
    for row in rows:
        if row.released_value is not None:
            counts[row.released_value - 1] -= 1
        if row.value is not None:
            counts[row.value - 1] += 1
        row.question, row.edition = tally.question, tally.edition
        entries.append(store.entry(rating_leaf(row, now), key=row.who.hex))
    pool = POOLS[released_once][0]
    entries.append(store.entry(tally_released_leaf(tally, pool=pool, counts=counts, at=now), key=key_of(tally)))
    tally.seq = store.append(entries)
    tally.log = store.log_name()
    tally.counts = counts
    tally.n = max(tally.n, tally.released_n)
    tally.save(update_fields=["seq", "log", "n", *(f"count_{value}" for value in range(1, 6))])
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), 500):
        Rating.objects.filter(pk__in=keys[start : start + 500]).update(
            released_value=F("value"), released_once=True, counted_as_change=released_once
        )
    return len(entries)
