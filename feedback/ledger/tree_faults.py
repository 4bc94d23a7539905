"""Recounting the ledger's tree: kept nodes and the last checkpoint, against the leaves' hashes."""

from collections.abc import Iterator

from feedback.ledger import tree
from feedback.ledger.checkpoints import newest_checkpoint
from feedback.models import LedgerEntry, TreeNode

CHUNK = 2000  # rows in memory at a time


def tree_faults() -> Iterator[str]:
    """A line for each kept node that is wrong or missing below a later one, and for a checkpoint with another root.

    Reads all leaf hashes once, in order, and the nodes as it comes to them.
    """
    growing = tree.Growing()
    newest = newest_checkpoint()
    signed = newest.size if newest else 0
    last = {level: max(tree.made(level), signed >> level) for level in range(tree.STEP, tree.SHIFT, tree.STEP)}
    waiting: dict[int, bytes] = {}
    if newest and newest.size == 0 and bytes(newest.root) != tree.EMPTY:
        yield "tree: the checkpoint of size 0 has another root"
    hashes = LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)
    for leaf in hashes.iterator(chunk_size=CHUNK):
        for level, index, hash_ in growing.add(bytes(leaf)):
            if level and level % tree.STEP == 0 and index < last[level]:
                waiting[(level << tree.SHIFT) + index] = hash_
        if len(waiting) >= CHUNK:
            yield from _compared(waiting)
            waiting.clear()
        if newest and growing.size == newest.size and growing.root() != bytes(newest.root):
            yield f"tree: the checkpoint of size {newest.size} has another root than the entries"
    yield from _compared(waiting)
    if newest and newest.size > growing.size:
        yield f"tree: {newest.size} entries were signed, {growing.size} are there"


def _compared(nodes: dict[int, bytes]) -> Iterator[str]:
    kept = dict(TreeNode.objects.filter(place__in=nodes).values_list("place", "hash"))
    for place, hash_ in sorted(nodes.items()):
        name = f"{place >> tree.SHIFT}/{place % (1 << tree.SHIFT)}"
        if place not in kept:
            yield f"tree: the node {name} is missing"
        elif bytes(kept[place]) != hash_:
            yield f"tree: the node {name} is wrong"
