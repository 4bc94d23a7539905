"""Naming new keys in the ledger itself, so that whoever trusts the log may trust what it names."""

from django.db import transaction
from django.utils import timezone

from feedback.ledger import store
from feedback.ledger.leaves import key_leaf
from feedback.models import SigningKey


def announce_keys() -> None:
    """Append `key_rotation` for each key of receipts that the ledger does not name yet; the sequencer's work alone."""
    waiting = SigningKey.objects.filter(role=SigningKey.Role.RECEIPTS, announced=None)
    if not waiting.exists():
        return
    with transaction.atomic():
        store.lock()
        for key in waiting:
            earlier = SigningKey.objects.filter(role=key.role, pk__lt=key.pk).last()
            append_key(key, previous=earlier.public_key if earlier else None, signature=None)


def append_key(key: SigningKey, *, previous: str | None, signature: str | None) -> None:
    """Append the `key_rotation` of one key, and remember its place; the caller holds the ledger."""
    leaf = key_leaf(key, previous=previous, signature=signature, at=timezone.now())
    key.announced = store.append([store.entry(leaf, key=key.public_key)])
    key.save(update_fields=["announced"])
