"""Signed checkpoints: what they say, when they are signed, and what the sequencer refuses to sign."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command
from django.db import connection

from feedback.ledger import checkpoints, store, tree, triggers, vault
from feedback.ledger.checkpoints import LogFault, publish
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Checkpoint, LedgerEntry, SigningKey, TreeNode
from tests.builders import make_comment, rate_by_many
from tests.programme_builders import make_measure


def checkpoint_text(client) -> str:
    return client.get("/api/v1/ledger/checkpoint").content.decode()


def doctor(change) -> None:
    """What only somebody with the database in hand can do."""
    triggers.lift(connection)
    change()
    triggers.install(connection)


def busy_ledger() -> int:
    """A ledger with a few dozen entries, signed; its size."""
    measure = make_measure()
    rate_by_many(measure, [4] * 20)
    sequence()
    for _ in range(45):
        make_comment(measure)
    sequence()
    publish()
    return store.head()


@pytest.mark.django_db
def test_a_checkpoint_is_a_signed_note_of_name_size_and_root(client, settings):
    settings.LEDGER_NAME = "example.org/ledger"
    size = busy_ledger()
    body, signature = checkpoint_text(client).split("\n\n")
    hashes = [bytes(one) for one in LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)]
    growing = tree.Growing()
    for hash_ in hashes:
        list(growing.add(hash_))
    assert body.split("\n") == ["example.org/ledger", str(size), base64.b64encode(growing.root()).decode()]
    key = client.get("/api/v1/ledger/key").json()
    assert (key["name"], key["algorithm"]) == ("example.org/ledger", "Ed25519")
    public = base64.b64decode(key["public_key"])
    dash, name, encoded = signature.rstrip("\n").split(" ")
    signed = base64.b64decode(encoded)
    assert (dash, name, len(signed)) == ("—", "example.org/ledger", 68)
    assert signed[:4] == hashlib.sha256(b"example.org/ledger\n\x01" + public).digest()[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(signed[4:], (body + "\n").encode())


@pytest.mark.django_db
def test_an_empty_log_has_a_checkpoint_too():
    publish()
    assert (Checkpoint.objects.get().size, bytes(Checkpoint.objects.get().root)) == (0, hashlib.sha256(b"").digest())
    assert recount() == []


@pytest.mark.django_db
def test_nothing_new_is_signed_while_nothing_happens():
    busy_ledger()
    assert (publish(), Checkpoint.objects.count()) == (None, 1)


@pytest.mark.django_db
def test_the_key_and_the_last_checkpoint_are_files_that_their_owner_alone_reads(settings):
    busy_ledger()
    files = [path for path in Path(settings.LEDGER_DIR).rglob("*") if path.is_file() and path.name != ".lock"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert Path(settings.LEDGER_DIR).stat().st_mode & 0o777 == 0o700
    assert vault.text_of_last_checkpoint(store.log_name()) == Checkpoint.objects.get().note
    assert b"PRIVATE" not in b"".join(str(row).encode() for row in SigningKey.objects.values())


@pytest.mark.django_db
def test_a_checkpoint_that_was_signed_but_not_published_is_published_as_it_is():
    busy_ledger()
    note = Checkpoint.objects.get().note
    Checkpoint.objects.all().delete()
    assert publish().note == note


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: LedgerEntry.objects.filter(seq__gt=50).delete(), "are lost"),
        (lambda: LedgerEntry.objects.filter(seq=65).update(leaf_hash=b"x" * 32), "not those that were signed"),
        (lambda: TreeNode.objects.filter(place=4 << 48).update(hash=b"x" * 32), "not those that were signed"),
        (lambda: TreeNode.objects.all().delete(), "not those that were signed"),
    ],
    ids=["shorter", "another leaf", "another node", "no nodes"],
)
def test_the_sequencer_refuses_a_log_that_contradicts_its_last_checkpoint(change, said):
    assert 65 <= busy_ledger() < 80
    doctor(change)
    make_comment(make_measure())
    before = LedgerEntry.objects.count()
    with pytest.raises(CommandError, match=said):
        call_command("sequence_ledger")
    assert (LedgerEntry.objects.count(), Checkpoint.objects.count()) == (before, 1)


@pytest.mark.django_db
def test_the_sequencer_looks_at_every_entry_when_it_starts():
    busy_ledger()
    doctor(lambda: LedgerEntry.objects.filter(seq=10).update(leaf='{"kind":"edition"}'))
    checkpoints.check()
    with pytest.raises(LogFault, match="not those that were signed"):
        checkpoints.check_all()


@pytest.mark.django_db
def test_a_log_that_was_rolled_back_and_grew_again_is_refused():
    measure = make_measure()
    make_comment(measure)
    sequence()
    publish()
    doctor(lambda: LedgerEntry.objects.filter(kind="comment").delete())
    for _ in range(3):
        make_comment(measure)
    with pytest.raises(LogFault, match="are lost"):
        checkpoints.check()
    sequence()
    with pytest.raises(LogFault, match="not those that were signed"):
        publish()


@pytest.mark.django_db
def test_a_folder_that_is_lost_is_no_reason_to_sign_with_another_key(settings, tmp_path):
    busy_ledger()
    settings.LEDGER_DIR = str(tmp_path / "another")
    with pytest.raises(LogFault, match="has neither the last one"):
        publish()


@pytest.mark.django_db
def test_a_new_database_beside_an_old_folder_begins_a_log_of_another_name(settings):
    vault.home().mkdir()
    settings.LEDGER_NAME = "example.org/ledger"
    vault.keep_checkpoint("example.org/ledger", "whatever an earlier database came to")
    busy_ledger()
    assert Checkpoint.objects.get().log == "example.org/ledger/2"


@pytest.mark.django_db
def test_old_checkpoints_are_forgotten_but_the_last_one_of_each_day():
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for size, days in enumerate([9, 9, 9, 8, 3, 3, 1, 1]):
        at = now - timedelta(days=days) + timedelta(minutes=size)
        Checkpoint.objects.create(log="a", size=size, root=b"x" * 32, note="", created_at=at)
    assert checkpoints.forget_checkpoints(now) == 3
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [2, 3, 5, 6, 7]
