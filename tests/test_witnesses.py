"""Witnesses: their cosignatures, where everybody finds them, and the daily letter."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.actions.witnessing import enter_witness, mail_witnesses
from feedback.ledger.checkpoints import publish
from feedback.ledger.notes import cosignature_line
from feedback.ledger.sequencer import sequence
from feedback.models import Checkpoint, Cosignature, Witness
from script import verify_consultation as verifier
from tests.builders import make_comment
from tests.programme_builders import make_measure
from tests.verifying import Portal, fault_of

NAME = "witness.example.net"
AT = datetime(2026, 11, 24, 7, tzinfo=UTC)


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def witnessed() -> tuple[Ed25519PrivateKey, str]:
    """A witness's key, and the newest checkpoint with its line."""
    key = Ed25519PrivateKey.generate()
    enter_witness(NAME, public(key), email="witness@example.net")
    make_comment(make_measure())
    sequence()
    note = publish().note
    body = note.split("\n\n")[0] + "\n"
    return key, note + cosignature_line(body, NAME, key, AT)


def send(client, note) -> int:
    body = json.dumps({"checkpoint": note})
    return client.post("/api/v1/ledger/witnesses", body, content_type="application/json").status_code


@pytest.mark.django_db
def test_a_cosignature_is_found_with_the_checkpoint_by_the_api_and_on_the_page(client):
    key, note = witnessed()
    assert send(client, note) == 200
    assert client.get("/api/v1/ledger/witnesses").json() == {
        "results": [
            {
                "name": NAME,
                "public_key": public(key),
                "size": Checkpoint.objects.get().size,
                "signed": "2026-11-24T07:00:00Z",
                "checkpoint": note,
            }
        ]
    }
    assert client.get("/api/v1/ledger/checkpoint").content.decode() == note
    assert NAME in client.get("/en/ledger/").content.decode()
    assert fault_of(Portal(), witnesses=[(NAME, public(key))]) is None
    other = public(Ed25519PrivateKey.generate())
    assert fault_of(Portal(), witnesses=[(NAME, other)]) == f"the checkpoint is not cosigned by {NAME}"


@pytest.mark.django_db
def test_only_known_witnesses_cosign_and_only_what_was_published(client):
    key, note = witnessed()
    plain = Checkpoint.objects.get().note
    body = plain.split("\n\n")[0] + "\n"
    elsewhere = body.replace(Checkpoint.objects.get().log, "elsewhere")
    for refused in (
        plain,
        plain + cosignature_line(body, NAME, Ed25519PrivateKey.generate(), AT),
        plain + cosignature_line(body, "another.example", key, AT),
        elsewhere + "\n" + cosignature_line(elsewhere, NAME, key, AT),
        "nonsense",
        "",
        7,
    ):
        assert send(client, refused) == 422
    Witness.objects.update(active=False)
    assert send(client, note) == 422
    assert Cosignature.objects.count() == 0


@pytest.mark.django_db
def test_each_witness_is_mailed_the_newest_checkpoint_once_a_day():
    witnessed()
    now = timezone.now()
    for moment in (now, now, now + timedelta(days=1)):
        mail_witnesses(moment)
    assert [letter.to for letter in mail.outbox] == [["witness@example.net"]] * 2
    assert Checkpoint.objects.get().note.strip() in mail.outbox[0].body


@pytest.mark.django_db
def test_the_verifiers_own_cosignature_is_taken(client, tmp_path):
    _key, _note = witnessed()
    key = verifier.witness_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    assert public(verifier.witness_key(tmp_path / "key.pem")) == public(key)
    call_command("add_witness", NAME, public(key), verbosity=0)
    note = verifier.Note(Checkpoint.objects.get().note)
    assert send(client, verifier.cosigned(note, NAME, key, 1795503600)) == 200
    assert Cosignature.objects.get().signed_at == AT


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "key"), [("a b", "A" * 43 + "="), ("a+b", "A" * 43 + "="), ("a", "AAAA"), ("a", "?")])
def test_what_cannot_be_a_witness_is_refused(name, key):
    with pytest.raises(CommandError):
        call_command("add_witness", name, key)
