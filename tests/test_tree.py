"""The Merkle tree: published vectors, an independent implementation, and random histories."""

from hashlib import sha256
from random import Random

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from feedback.ledger import tree
from feedback.ledger.recount import recount
from feedback.models import LedgerEntry, TreeNode

# The reference vectors of RFC 6962's own implementation (google/certificate-transparency, merkletree/testdata).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
B = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
C = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
D = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
E = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {(0, 1): [], (0, 8): [D, A, E], (5, 8): [B, C, ROOTS[4]], (2, 3): [ROOTS[2]], (1, 5): [ROOTS[1], A, B]}
CONSISTENCY = {(1, 1): [], (1, 8): [D, A, E], (6, 8): [F, C, ROOTS[4]], (2, 5): [A, B]}


def fill(leaves: list[bytes], *, after: int = 0) -> None:
    """Entries whose leaf hashes are those of `leaves`."""
    rows = [
        LedgerEntry(
            seq=seq,
            kind="rating_stub",
            key=str(seq),
            leaf='{"kind":"rating_stub"}',
            leaf_hash=sha256(b"\x00" + leaf).digest(),
        )
        for seq, leaf in enumerate(leaves, after + 1)
    ]
    LedgerEntry.objects.bulk_create(rows, batch_size=500)


@pytest.mark.django_db
def test_roots_and_proofs_are_those_of_the_published_vectors():
    fill([bytes.fromhex(text) for text in INPUTS])
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    assert {at: [one.hex() for one in tree.inclusion(*at)] for at in INCLUSION} == INCLUSION
    assert {at: [one.hex() for one in tree.consistency(*at)] for at in CONSISTENCY} == CONSISTENCY


def path(index: int, start: int, end: int) -> list[tuple[int, int]]:
    """PATH of RFC 9162, 2.1.3.1, as it is written there."""
    if end - start == 1:
        return []
    k = 1 << (end - start - 1).bit_length() - 1
    if index < k:
        return [*path(index, start, start + k), (start + k, end)]
    return [*path(index - k, start + k, end), (start, start + k)]


def subproof(m: int, start: int, end: int, whole: bool) -> list[tuple[int, int]]:
    """SUBPROOF of RFC 9162, 2.1.4.1, as it is written there."""
    if m == end - start:
        return [] if whole else [(start, end)]
    k = 1 << (end - start - 1).bit_length() - 1
    if m <= k:
        return [*subproof(m, start, start + k, whole), (start + k, end)]
    return [*subproof(m - k, start + k, end, False), (start, start + k)]


@pytest.mark.django_db
def test_roots_and_proofs_are_those_of_an_independent_implementation_at_1500_sizes():
    chance = Random(6962)
    leaves = [chance.randbytes(chance.randrange(40)) for _ in range(1500)]
    fill(leaves)
    tree.grow(len(leaves))
    oracle = InmemoryTree(algorithm="sha256")
    for size, leaf in enumerate(leaves, 1):
        oracle.append_entry(leaf)
        index, first = chance.randrange(size), chance.randrange(1, size + 1)
        inclusion, consistency = tree.inclusion_ranges(index, size), tree.consistency_ranges(first, size)
        assert (inclusion, consistency) == (path(index, 0, size), subproof(first, 0, size, True))
        root, *proof = tree.hashes_of([(0, size), *inclusion, *consistency])
        assert root == oracle.get_root()
        theirs = [bytes(one) for one in oracle.prove_inclusion(index + 1).path]
        assert [oracle.get_leaf(index + 1), *proof[: len(inclusion)]] == theirs
        assert proof[len(inclusion) :] == [oracle._get_root(*part) for part in consistency]


@pytest.mark.django_db
@given(steps=st.lists(st.tuples(st.integers(1, 90), st.floats(0, 1)), min_size=1, max_size=6))
def test_a_tree_that_grows_in_any_steps_keeps_the_right_nodes(steps):
    with transaction.atomic():
        growing, wanted = tree.Growing(), {}
        for step, part in steps:
            before = growing.size
            for place in range(step):
                for level, index, hash_ in growing.add(sha256(bytes([0, step, place])).digest()):
                    if level and level % 4 == 0:
                        wanted[(level << 48) + index] = hash_
            fill([bytes([step, place]) for place in range(step)], after=before)
            tree.grow(before + int(step * part))
            tree.grow(growing.size)
            assert tree.root(growing.size) == growing.root()
        assert {row.place: bytes(row.hash) for row in TreeNode.objects.all()} == wanted
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_growing_in_batches_gives_the_same_nodes(monkeypatch):
    fill([bytes([place % 256, place // 256]) for place in range(700)])
    tree.grow(700)
    whole = list(TreeNode.objects.order_by("place").values_list("place", "hash"))
    TreeNode.objects.all().delete()
    monkeypatch.setattr(tree, "BATCH", 64)
    tree.grow(700)
    assert [(place, bytes(hash_)) for place, hash_ in whole] == [
        (place, bytes(hash_)) for place, hash_ in TreeNode.objects.order_by("place").values_list("place", "hash")
    ]
    assert len(whole) == 700 // 16 + 700 // 256


@pytest.mark.django_db
def test_a_proof_reads_two_queries_and_few_rows_whatever_the_size(django_assert_num_queries, monkeypatch):
    fill([place.to_bytes(2, "big") for place in range(5000)])
    tree.grow(5000)
    read, reading = [], tree._read
    monkeypatch.setattr(tree, "_read", lambda places: read.append(len(places)) or reading(places))
    with django_assert_num_queries(2):
        tree.inclusion(3210, 4999)
    with django_assert_num_queries(2):
        tree.consistency(1234, 4999)
    assert max(read) <= 8 * 2 * 13


def test_ten_million_entries_are_proven_by_some_two_hundred_rows():
    size, chance = 10_000_000, Random(1)
    for _ in range(300):
        ranges = tree.inclusion_ranges(chance.randrange(size), size)
        ranges += tree.consistency_ranges(chance.randrange(1, size), size)
        parts = {part for start, end in ranges for part in tree.subtrees(start, end)}
        assert len({place for part in parts for place in tree._kept_under(*part)}) < 400


@pytest.mark.django_db
def test_a_tree_that_lacks_a_node_says_so_and_recount_names_it():
    fill([bytes([place]) for place in range(40)])
    tree.grow(40)
    TreeNode.objects.filter(place=4 << 48).delete()
    with pytest.raises(tree.Incomplete):
        tree.root(40)
    assert "tree: the node 4/0 is missing" in recount()
