"""What lets a reader of a dump check it: the ledger's checkpoint and keys, and what it had yet to hear of."""

from feedback.ledger.checkpoints import newest_checkpoint
from feedback.models import Comment, OutboxEntry, SigningKey


def proof() -> dict:
    """Parts of the data package for `script/verify_consultation.py`.

    `waiting` are the comments, and `waiting_measures` the measures, whose rows are ahead of the ledger by entries that
    the sequencer had not numbered yet, a second's worth at most.
    """
    checkpoint = newest_checkpoint()
    ahead = list(OutboxEntry.objects.filter(kind__startswith="comment").values_list("key", "measure"))
    public = Comment.objects.public().filter(pk__in={key for key, _measure in ahead}).values_list("pk", flat=True)
    keys = SigningKey.objects.values("role", "public_key")
    return {
        "checkpoint": checkpoint.note if checkpoint else None,
        "ledger_keys": list(keys),
        "waiting": sorted(map(str, public)),
        "waiting_measures": sorted({measure for _key, measure in ahead}),
    }
