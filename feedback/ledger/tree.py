"""The Merkle tree of RFC 9162 over the ledger's leaves: roots and proofs by O(log n) reads.

Leaf hashes are columns of the ledger; of the nodes above, those of complete subtrees at every fourth level are kept
(`TreeNode`), one for 15 leaves. Whatever a proof names is put together from at most 8 kept nodes for each complete
subtree, and a tree of n leaves has at most log2(n) of these at each side: about 200 rows at 10,000,000 entries.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from feedback.models import LedgerEntry, TreeNode

EMPTY = sha256(b"").digest()
STEP, SHIFT = TreeNode.STEP, TreeNode.SHIFT
BATCH = 1 << 16  # children read at a time while the tree grows
Range = tuple[int, int]  # leaves from the first to before the second


class Incomplete(Exception):
    """A leaf or node that a tree of that size must have is not there."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and two hashes."""
    return sha256(b"\x01" + left + right).digest()


def split(width: int) -> int:
    """The largest power of two below `width`, at least 2: where RFC 9162 parts a tree."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove that leaf `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The subtrees that prove that the tree of `first` leaves is the beginning of that of `second` (RFC 9162, 2.1.4.1).

    Nothing is needed where they are equal or the first is empty.
    """
    if not 0 <= first <= second:
        raise ValueError("no such trees")
    if first in {0, second}:
        return []
    start, end, ranges, whole = 0, second, [], True
    while first != end:
        middle = start + split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    return ([] if whole else [(start, end)]) + ranges[::-1]


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """(level, index) of the complete subtrees that make up a range of RFC 9162, left to right, largest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def fold(hashes: list[bytes]) -> bytes:
    """The hash over complete subtrees that stand left to right, largest first."""
    if not hashes:
        return EMPTY
    (*before, result) = hashes
    for left in reversed(before):
        result = node_hash(left, result)
    return result


def raised(hashes: list[bytes], levels: int) -> list[bytes]:
    """The hashes so many levels above; their number must be a multiple of 2^levels."""
    for _ in range(levels):
        hashes = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes


def root(size: int) -> bytes:
    """The root of the tree of the first `size` leaves, 32 bytes."""
    return hashes_of([(0, size)])[0]


def inclusion(index: int, size: int) -> list[bytes]:
    return hashes_of(inclusion_ranges(index, size))


def consistency(first: int, second: int) -> list[bytes]:
    return hashes_of(consistency_ranges(first, second))


def hashes_of(ranges: list[Range]) -> list[bytes]:
    """The hash of each range of leaves, with two queries whatever their number. Raises Incomplete."""
    parts = {part for start, end in ranges for part in subtrees(start, end)}
    kept = {part: list(_kept_under(*part)) for part in parts}
    wanted = {place for places in kept.values() for place in places}
    found = _read(wanted)
    if len(found) < len(wanted):
        raise Incomplete("the tree lacks nodes")
    hashes = {
        (level, index): raised([found[place] for place in kept[level, index]], level % STEP)[0]
        for level, index in parts
    }
    return [fold([hashes[part] for part in subtrees(start, end)]) for start, end in ranges]


def _kept_under(level: int, index: int) -> Iterable[int]:
    """Places of the kept nodes that make up a subtree; those of level 0 are indexes of leaves."""
    width = 1 << level % STEP
    first = ((level - level % STEP) << SHIFT) + index * width
    return range(first, first + width)


def _read(places: set[int]) -> dict[int, bytes]:
    leaves = [place + 1 for place in places if place < 1 << SHIFT]
    nodes = [place for place in places if place >= 1 << SHIFT]
    found = {}
    if leaves:
        rows = LedgerEntry.objects.filter(seq__in=leaves).values_list("seq", "leaf_hash")
        found = {seq - 1: bytes(hash_) for seq, hash_ in rows}
    if nodes:
        found |= {place: bytes(hash_) for place, hash_ in kept_nodes(nodes)}
    return found


def kept_nodes(places: Iterable[int]) -> Iterable[tuple[int, bytes]]:
    """(place, hash) of those of these nodes that are kept."""
    return TreeNode.objects.filter(place__in=list(places)).values_list("place", "hash")


def grow(size: int) -> None:
    """Write the nodes that the tree of the first `size` leaves still lacks, in bounded batches; raises Incomplete.

    Needs no lock: leaves do not change, so whoever writes a node writes the same one.
    """
    level = STEP
    while size >> level:
        start = made(level)
        while start < size >> level:
            end = min(size >> level, start + (BATCH >> STEP))
            hashes = raised(_children(level - STEP, start << STEP, end << STEP), STEP)
            nodes = [TreeNode(place=(level << SHIFT) + index, hash=hash_) for index, hash_ in enumerate(hashes, start)]
            TreeNode.objects.bulk_create(nodes, batch_size=1000, ignore_conflicts=True)
            start = end
        level += STEP


def made(level: int) -> int:
    """How many nodes of a level are kept: they are written from the left."""
    places = TreeNode.objects.filter(place__gte=level << SHIFT, place__lt=(level + 1) << SHIFT)
    last = places.order_by("-place").values_list("place", flat=True).first()
    return 0 if last is None else last - (level << SHIFT) + 1


def _children(level: int, start: int, end: int) -> list[bytes]:
    if level:
        first = level << SHIFT
        rows = TreeNode.objects.filter(place__gte=first + start, place__lt=first + end).order_by("place")
        found = rows.values_list("hash", flat=True)
    else:
        rows = LedgerEntry.objects.filter(seq__gt=start, seq__lte=end).order_by("seq")
        found = rows.values_list("leaf_hash", flat=True)
    hashes = [bytes(hash_) for hash_ in found]
    if len(hashes) != end - start:
        raise Incomplete(f"level {level} has {len(hashes)} hashes of {end - start}")
    return hashes


class Growing:
    """A tree that takes leaf hashes one after the other and remembers only its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        """Take the next leaf; gives (level, index, hash) of each complete subtree that it ends, itself included."""
        index, level = self.size, 0
        yield 0, index, leaf
        while index & 1:
            leaf = node_hash(self._edge.pop(), leaf)
            index, level = index >> 1, level + 1
            yield level, index, leaf
        self._edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return fold(self._edge)
