"""The ledger by the API: shapes, bounds, and what cannot be asked."""

import hashlib

import pytest
import rfc8785

from feedback.ledger import store, tree
from feedback.ledger.checkpoints import publish
from feedback.ledger.sequencer import sequence
from feedback.models import LedgerEntry
from tests.builders import make_comment
from tests.programme_builders import make_measure
from tests.test_ledger_checkpoints import busy_ledger

LEDGER = "/api/v1/ledger"


def get(client, path: str, **query):
    return client.get(f"{LEDGER}/{path}", query)


@pytest.mark.django_db
def test_entries_are_leaves_whose_canonical_bytes_have_the_hash_beside_them(client):
    size = busy_ledger()
    entries = get(client, "entries", start=3, end=9).json()["entries"]
    assert [entry["index"] for entry in entries] == [3, 4, 5, 6, 7, 8]
    for entry in entries:
        assert set(entry) == {"index", "leaf", "leaf_hash"}
        assert entry["leaf_hash"] == hashlib.sha256(b"\x00" + rfc8785.dumps(entry["leaf"])).hexdigest()
    assert len(get(client, "entries").json()["entries"]) == size
    assert get(client, "entries", start=5, end=5).json() == {"entries": []}
    assert get(client, "entries", start=size, end=size + 10).json() == {"entries": []}


@pytest.mark.django_db
def test_a_proof_of_inclusion_names_index_size_and_hashes(client):
    size = busy_ledger()
    leaf = bytes(LedgerEntry.objects.get(seq=6).leaf_hash).hex()
    for at in (6, 17, size):
        assert get(client, "inclusion", leaf_hash=leaf, tree_size=at).json() == {
            "index": 5,
            "tree_size": at,
            "hashes": [one.hex() for one in tree.inclusion(5, at)],
        }
    assert get(client, "inclusion", leaf_hash=leaf).json()["tree_size"] == size


@pytest.mark.django_db
def test_a_proof_of_consistency_names_both_sizes_and_hashes(client):
    size = busy_ledger()
    for first in (0, 1, 7, size):
        assert get(client, "consistency", first=first, second=size).json() == {
            "first": first,
            "second": size,
            "hashes": [one.hex() for one in tree.consistency(first, size)],
        }


@pytest.mark.django_db
def test_nothing_is_proven_that_no_checkpoint_has_signed(client):
    size = busy_ledger()
    make_comment(make_measure())
    sequence()
    newest = bytes(LedgerEntry.objects.last().leaf_hash).hex()
    assert get(client, "inclusion", leaf_hash=newest).status_code == 404
    assert get(client, "inclusion", leaf_hash=newest, tree_size=store.head()).status_code == 400
    assert get(client, "consistency", first=size, second=store.head()).status_code == 400
    publish()
    assert get(client, "inclusion", leaf_hash=newest, tree_size=store.head()).status_code == 200
    assert get(client, "consistency", first=size, second=store.head()).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("inclusion", {}, 400),
        ("inclusion", {"leaf_hash": "ab"}, 400),
        ("inclusion", {"leaf_hash": "0" * 64}, 404),
        ("inclusion", {"leaf_hash": "0" * 64, "tree_size": "9" * 23}, 400),
        ("inclusion", {"leaf_hash": "0" * 64, "tree_size": -1}, 400),
        ("consistency", {}, 400),
        ("consistency", {"first": 9, "second": 3}, 400),
        ("entries", {"start": 9, "end": 3}, 400),
        ("entries", {"start": "x"}, 400),
        ("entries", {"since": 1}, 400),
    ],
)
def test_what_cannot_be_asked_is_refused_as_a_problem(client, path, query, status):
    busy_ledger()
    answer = get(client, path, **query)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["checkpoint", "key"])
def test_before_the_first_checkpoint_there_is_none(client, path):
    assert get(client, path).status_code == 404


@pytest.mark.django_db
def test_proofs_cost_as_many_queries_at_any_size(client, django_assert_max_num_queries):
    leaf = None
    for _ in range(2):
        size = busy_ledger()
        leaf = leaf or bytes(LedgerEntry.objects.get(seq=6).leaf_hash).hex()
        with django_assert_max_num_queries(9):
            get(client, "inclusion", leaf_hash=leaf, tree_size=size)
        with django_assert_max_num_queries(8):
            get(client, "consistency", first=5, second=size)


@pytest.mark.django_db
def test_a_checkpoint_is_asked_again_for_nothing(client):
    busy_ledger()
    first = get(client, "checkpoint")
    assert first["Content-Type"] == "text/plain; charset=utf-8"
    again = client.get(f"{LEDGER}/checkpoint", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
