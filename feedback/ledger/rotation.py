"""Handing over to another key, in the ledger itself: the old key signs the new one."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from feedback.ledger import store, vault
from feedback.ledger.announcing import announce_keys, append_key
from feedback.ledger.canonical import canonical
from feedback.ledger.checkpoints import LogFault, check, remember_key, sign
from feedback.models import Checkpoint, SigningKey


def rotate_log_key(*, lost: bool = False) -> Checkpoint:
    """Make a new key of checkpoints and name it in the ledger, signed by the old one; the next checkpoint carries the
    signatures of both. `lost`: there is no old key to sign, and the entry says so. Raises LogFault.
    """
    with vault.alone():
        check()
        old = vault.log_key()
        if lost == bool(old):
            raise LogFault(
                "The key is there: rotate it without --lost." if lost else "The key is lost: say so with --lost."
            )
        if old:
            sign()
        earlier = SigningKey.objects.filter(role=SigningKey.Role.LOG).last()
        new = vault.read_key(vault.home() / vault.NEXT) or vault.make_key(vault.home() / vault.NEXT)
        row = remember_key(SigningKey.Role.LOG, new.public_key().public_bytes_raw())
        if row.announced is None:  # else it was killed behind this, and goes on here
            previous = earlier.public_key if earlier and earlier != row else _previous(row)
            signature = base64.b64encode(old.sign(statement(row.public_key, previous))).decode() if old else None
            with transaction.atomic():
                store.lock()
                append_key(row, previous=previous, signature=signature)
        return sign()


def _previous(row: SigningKey) -> str | None:
    earlier = SigningKey.objects.filter(role=row.role, pk__lt=row.pk).last()
    return earlier.public_key if earlier else None


def statement(key: str, previous: str | None) -> bytes:
    """What the old key signs when it hands over."""
    return canonical({"kind": "key_rotation", "key": key, "previous": previous}).encode()


def rotate_receipt_key() -> None:
    """Make a new key of receipts; the ledger names it, and receipts under the old one stay good."""
    with vault.alone():
        check()
        key = Ed25519PrivateKey.generate()
        row = remember_key(SigningKey.Role.RECEIPTS, key.public_key().public_bytes_raw())
        vault.replace_key(Path(settings.RECEIPT_KEY), key)
        announce_keys()
        row.refresh_from_db()
        sign()
