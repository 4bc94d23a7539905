"""Each comment's decisions, replayed: each starts where the one before it ended, and the last leads to what is kept."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from feedback.models import Comment, Decision
from feedback.models.comment import Moderation

CHUNK = 2000  # rows in memory at a time


def decision_faults() -> Iterator[str]:
    """A line for each comment whose decisions do not give its moderation. Two tables, read once each, in one order."""
    rows = Decision.objects.order_by("comment_id", "pk").values_list("comment_id", "pk", "from_state", "to_state")
    chains = groupby(rows.iterator(chunk_size=CHUNK), key=itemgetter(0))
    comment, chain = next(chains, (None, ()))
    kept = Comment.objects.order_by("pk").values_list("pk", "moderation", "hiding_decision")
    for pk, moderation, hiding in kept.iterator(chunk_size=CHUNK):
        if comment != pk:
            if moderation == Moderation.HIDDEN:
                yield f"comment {pk}: hidden is kept, and nobody decided it"
            continue
        state, decided = None, set()
        for _comment, key, start, end in chain:
            if state is not None and start != state:
                yield f"comment {pk}: decision {key} starts from {start}, the one before it led to {state}"
            state = end
            decided.add(key)
        if state != moderation:
            yield f"comment {pk}: {moderation} is kept, its decisions lead to {state}"
        if hiding is not None and hiding not in decided:
            yield f"comment {pk}: the decision {hiding} that hides it is about another one"
        comment, chain = next(chains, (None, ()))
