"""Recounting everything that is kept rather than counted, from the rows and from the ledger's own leaves."""

import json
from collections.abc import Callable, Iterable, Iterator
from math import isclose

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet

from feedback.agreement import agreement
from feedback.ledger.canonical import leaf_hash
from feedback.ledger.figures import figure_faults
from feedback.ledger.replay import decision_faults
from feedback.ledger.tree_faults import tree_faults
from feedback.ledger.triggers import existing, trigger_names
from feedback.models import AnsweredComment, Comment, CommentCount, CommentVote, LedgerEntry, OutboxEntry, Rating, Tally
from feedback.models.comment import State

CHUNK = 2000  # rows in memory at a time
RATINGS = ("rating", "rating_withdrawn")


def recount() -> list[str]:
    """Every difference between what is kept and what a recount gives, a line each; empty when all agrees.

    Reads one snapshot, so it may run beside writers. Reads in order rather than into memory, which grows only with
    the number of people who changed a rating.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return [
            *_triggers(),
            *_comment_counts(),
            *_comment_counters(),
            *decision_faults(),
            *_answered(),
            *figure_faults(),
            *_tallies_against_rows(),
            *_tallies_against_ledger(),
            *tree_faults(),
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
    """Replies and votes that each comment keeps, against the rows: all read in order of the comments' ids."""
    votes = CommentVote.objects.values("comment_id").annotate(
        agree=Count("pk", filter=Q(value=1)), disagree=Count("pk", filter=Q(value=-1))
    )
    voted = _beside(
        ((pk, (agree, disagree)) for pk, agree, disagree in _rows(votes, "comment_id", "agree", "disagree")), (0, 0)
    )
    replies = Comment.objects.visible().exclude(parent=None).values("parent_id").annotate(number=Count("pk"))
    replied = _beside(_rows(replies, "parent_id", "number"), 0)
    kept = _rows(Comment.objects.all(), "pk", "agree_count", "disagree_count", "reply_count", "agreement")
    for pk, agree, disagree, reply_count, agreed in kept:
        counted, number = voted(pk), replied(pk)
        if not isclose(agreed, agreement(agree, disagree), abs_tol=1e-9):
            yield f"comment {pk}: an agreement of {agreed} is kept, its votes give {agreement(agree, disagree)}"
        if (agree, disagree) != counted:
            yield f"comment {pk}: votes {(agree, disagree)} are kept, {counted} are there"
        if reply_count != number:
            yield f"comment {pk}: {reply_count} replies are kept, {number} are there"


def _answered() -> Iterator[str]:
    """Since when each comment is answered, against the published answers to it."""
    kept = dict(Comment.objects.answered().values_list("pk", "answered_at"))
    ties = AnsweredComment.objects.published().order_by().values("comment").annotate(first=Min("published_at"))
    given = dict(ties.values_list("comment", "first"))
    for pk in sorted(kept.keys() | given.keys()):
        if kept.get(pk) != given.get(pk):
            yield f"comment {pk}: answered since {kept.get(pk)} is kept, its answers give {given.get(pk)}"


def _rows(rows: QuerySet, key: str, *others: str) -> Iterator[tuple]:
    """Values of `rows` in order of `key`, a few thousand in memory at a time."""
    return rows.order_by(key).values_list(key, *others).iterator(chunk_size=CHUNK)


def _beside(pairs: Iterable[tuple], nothing) -> Callable:
    """A function from a key to its value among `pairs`, or to `nothing`; keys rise from call to call, as the pairs' do.

    So two long lists are compared without either in memory.
    """
    pairs = iter(pairs)
    pair = next(pairs, None)

    def value_of(key):
        nonlocal pair
        while pair and pair[0] < key:
            pair = next(pairs, None)
        return pair[1] if pair and pair[0] == key else nothing

    return value_of


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
    """Read the whole ledger in order: gapless, hashed right, and each release equal to the recount of its leaves.

    Only the values of those whose rating was released more than once are remembered: nobody else's is replaced.
    """
    values: dict[str, int | None] = dict.fromkeys(_returning())
    counts: dict[tuple, list[int]] = {}
    last: dict[tuple, int] = {}
    expected = 1
    entries = LedgerEntry.objects.order_by("seq").values_list("seq", "key", "leaf", "leaf_hash")
    for seq, name, text, kept_hash in entries.iterator(chunk_size=CHUNK):
        if seq != expected:
            yield f"ledger: entry {expected} is missing"
        expected = seq + 1
        if bytes(kept_hash) != leaf_hash(text):
            yield f"ledger: entry {seq} does not match its hash"
        leaf = json.loads(text)
        if leaf["kind"] not in {*RATINGS, "tally_released"}:
            continue
        key = (leaf["measure"], leaf["question"], leaf["edition"])
        sums = counts.setdefault(key, [0] * 5)
        if leaf["kind"] == "tally_released":
            last[key] = seq
            if leaf["counts"] != sums:
                yield f"ledger: entry {seq} says {leaf['counts']}, its leaves give {sums}"
            continue
        who, value = leaf["who"], leaf.get("value")
        if who != name:
            yield f"ledger: entry {seq} is kept under {name}, its leaf says {who}"
        if values.get(who):
            sums[values[who] - 1] -= 1
        if value:
            sums[value - 1] += 1
        if who in values:
            values[who] = value
    for tally in Tally.objects.exclude(seq=None).select_related("question", "edition__measure"):
        key = (tally.edition.measure.slug, tally.question.slug, tally.edition.number)
        if tally.counts_or_zero != counts.get(key) or tally.seq != last.get(key):
            yield f"tally {key}: {tally.counts_or_zero} at {tally.seq} are kept, the ledger gives {counts.get(key)}"


def _returning() -> Iterator[str]:
    """The `who` of each rating that has several entries in the ledger; an entry's key is its `who`."""
    several = LedgerEntry.objects.filter(kind__in=RATINGS).values_list("key").annotate(n=Count("pk")).filter(n__gt=1)
    return (key for key, _number in several.order_by().iterator(chunk_size=CHUNK))
