"""Recounting everything that is kept rather than counted, from the rows and from the ledger's own leaves."""

import json
from collections.abc import Iterator
from math import isclose

from django.db import connection, transaction
from django.db.models import Count, Q

from feedback.agreement import agreement
from feedback.ledger.canonical import leaf_hash
from feedback.ledger.triggers import existing, trigger_names
from feedback.models import Comment, CommentCount, CommentVote, LedgerEntry, OutboxEntry, Rating, Tally
from feedback.models.comment import State


def recount() -> list[str]:
    """Every difference between what is kept and what a recount gives, a line each; empty when all agrees.

    Reads one snapshot, so it may run beside writers.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return [
            *_triggers(),
            *_comment_counts(),
            *_comment_counters(),
            *_tallies_against_rows(),
            *_tallies_against_ledger(),
        ]


def _triggers() -> Iterator[str]:
    missing = set(trigger_names(connection.vendor)) - existing(connection)
    yield from (f"the trigger {name} is missing" for name in sorted(missing))


def _comment_counts() -> Iterator[str]:
    """Kept counts, moved by what still waits in the outbox, against the rows."""
    rows: dict[str, dict[str, int]] = {}
    counted = Comment.objects.values_list("measure__slug", "state").annotate(number=Count("pk")).order_by()
    for measure, state, number in counted:
        rows.setdefault(measure, {})[state] = number
    kept: dict[str, dict[str, int]] = {}
    for count in CommentCount.objects.select_related("measure"):
        kept[count.measure.slug] = {state: getattr(count, state) for state in State.values}
    for entry in OutboxEntry.objects.exclude(count_to="").iterator():
        counts = kept.setdefault(entry.measure, dict.fromkeys(State.values, 0))
        counts[entry.count_to] += 1
        if entry.count_from:
            counts[entry.count_from] -= 1
    for measure in sorted(rows.keys() | kept.keys()):
        for state in State.values:
            if kept.get(measure, {}).get(state, 0) != rows.get(measure, {}).get(state, 0):
                yield (
                    f"{measure}: {kept.get(measure, {}).get(state, 0)} comments {state} are kept, "
                    f"{rows.get(measure, {}).get(state, 0)} are there"
                )


def _comment_counters() -> Iterator[str]:
    """Replies and votes that each comment keeps, against the rows."""
    votes = CommentVote.objects.values("comment").annotate(
        agree=Count("pk", filter=Q(value=1)), disagree=Count("pk", filter=Q(value=-1))
    )
    counted = {row["comment"]: (row["agree"], row["disagree"]) for row in votes}
    replies = dict(
        Comment.objects.visible().exclude(parent=None).values_list("parent").annotate(Count("pk")).order_by()
    )
    kept = Comment.objects.values_list("pk", "agree_count", "disagree_count", "reply_count", "agreement")
    for pk, agree, disagree, reply_count, agreed in kept.iterator():
        if not isclose(agreed, agreement(agree, disagree), abs_tol=1e-9):
            yield f"comment {pk}: an agreement of {agreed} is kept, its votes give {agreement(agree, disagree)}"
        if (agree, disagree) != counted.get(pk, (0, 0)):
            yield f"comment {pk}: votes {(agree, disagree)} are kept, {counted.get(pk, (0, 0))} are there"
        if reply_count != replies.get(pk, 0):
            yield f"comment {pk}: {reply_count} replies are kept, {replies.get(pk, 0)} are there"


def _tallies_against_rows() -> Iterator[str]:
    released: dict[tuple[int, int], list[int]] = {}
    rows = Rating.objects.exclude(released_value=None).values_list("question", "edition", "released_value")
    for question, edition, value, number in rows.annotate(number=Count("pk")).order_by():
        released.setdefault((question, edition), [0] * 5)[value - 1] = number
    for tally in Tally.objects.all():
        counted = released.pop((tally.question_id, tally.edition_id), [0] * 5)
        if tally.counts_or_zero != counted:
            yield f"tally {tally.pk}: {tally.counts_or_zero} are kept, rows give {counted}"
    yield from (f"released ratings without a tally: question and edition {key}" for key in sorted(released))


def _tallies_against_ledger() -> Iterator[str]:
    """Read the whole ledger in order: gapless, hashed right, and each release equal to the recount of its leaves."""
    values: dict[str, tuple[tuple, int]] = {}
    counts: dict[tuple, list[int]] = {}
    last: dict[tuple, int] = {}
    expected = 1
    for entry in LedgerEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected:
            yield f"ledger: entry {expected} is missing"
        expected = entry.seq + 1
        if bytes(entry.leaf_hash) != leaf_hash(entry.leaf):
            yield f"ledger: entry {entry.seq} does not match its hash"
        leaf = json.loads(entry.leaf)
        if leaf["kind"] not in {"rating", "rating_withdrawn", "tally_released"}:
            continue
        key = (leaf["measure"], leaf["question"], leaf["edition"])
        sums = counts.setdefault(key, [0] * 5)
        if leaf["kind"] == "tally_released":
            last[key] = entry.seq
            if leaf["counts"] != sums:
                yield f"ledger: entry {entry.seq} says {leaf['counts']}, its leaves give {sums}"
            continue
        before = values.pop(leaf["who"], None)
        if before:
            sums[before[1] - 1] -= 1
        if leaf["kind"] == "rating":
            sums[leaf["value"] - 1] += 1
            values[leaf["who"]] = (key, leaf["value"])
    for tally in Tally.objects.exclude(seq=None).select_related("question", "edition__measure"):
        key = (tally.edition.measure.slug, tally.question.slug, tally.edition.number)
        if tally.counts_or_zero != counts.get(key) or tally.seq != last.get(key):
            yield f"tally {key}: {tally.counts_or_zero} at {tally.seq} are kept, the ledger gives {counts.get(key)}"
