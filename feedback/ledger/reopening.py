"""Saying in public that a part of the log is lost: a new log name over the entries that survive."""

import re

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from feedback.ledger import store, tree, vault
from feedback.ledger.canonical import leaf_hash
from feedback.ledger.checkpoints import LogFault, check_all, sign
from feedback.ledger.leaves import reopened_leaf
from feedback.ledger.notes import Note, read_note
from feedback.models import Checkpoint, LedgerEntry, Log, Tally, TreeNode

CHUNK = 5000  # entries in memory at a time


def reopen(name: str | None = None) -> Checkpoint:
    """Begin a log under a new name that keeps the entries at their places, with `log_reopened` behind them.

    Refuses, by LogFault, where the log is what was signed, and where an entry does not even match its own hash.
    """
    with vault.alone():
        current = Log.objects.last()
        if current is None:
            raise LogFault("There is no ledger yet.")
        if _is_whole():
            raise LogFault(f"The ledger {current.name} is the one that was signed: there is nothing to reopen.")
        last = _last_signed(current.name)
        kept, proven = store.head(), _proven(current.name)
        survived = min(kept, last.size) if kept < last.size else proven
        lost = [survived + 1, last.size] if survived < last.size else None
        with transaction.atomic():
            store.lock()
            TreeNode.objects.all().delete()
            new = Log.objects.create(name=_new_name(current.name, name))
            note = vault.text_of_last_checkpoint(current.name) if vault.last_checkpoint(current.name) else None
            leaf = reopened_leaf(
                log=new.name,
                previous=current.name,
                checkpoint=note or _newest(current.name).note,
                kept=kept,
                lost=lost,
                at=timezone.now(),
            )
            store.append([store.entry(leaf, key=new.name)])
            Tally.objects.exclude(seq=None).update(log=new.name)
        return sign()


def _is_whole() -> bool:
    try:
        check_all()
    except LogFault:
        return False
    return True


def _newest(log: str) -> Checkpoint:
    return Checkpoint.objects.filter(log=log).order_by("-size").first()


def _last_signed(log: str) -> Note:
    """The last checkpoint that is known to have been signed: of the vault, or where that is lost, of the database."""
    return vault.last_checkpoint(log) or read_note(_newest(log).note)


def _proven(log: str) -> int:
    """How many of the first entries are those that a published checkpoint of the database signed.

    Reads the whole ledger once. Raises LogFault where an entry does not match its own hash.
    """
    signed = dict(Checkpoint.objects.filter(log=log).values_list("size", "root"))
    growing, proven = tree.Growing(), 0
    entries = LedgerEntry.objects.order_by("seq").values_list("seq", "leaf", "leaf_hash")
    for seq, leaf, hash_ in entries.iterator(chunk_size=CHUNK):
        if leaf_hash(leaf) != bytes(hash_) or seq != growing.size + 1:
            raise LogFault(f"Entry {growing.size + 1} is missing or does not match its own hash: bring it back first.")
        for _node in growing.add(bytes(hash_)):
            pass
        if growing.size in signed and growing.root() == bytes(signed[growing.size]):
            proven = growing.size
    return proven


def _new_name(current: str, wanted: str | None) -> str:
    """`wanted`, or the current name with the next free number; never one that another log has had."""
    known = set(store.log_names())
    if wanted:
        if wanted in known or vault.free_name(wanted) != wanted or not wanted.isprintable() or {" ", "+"} & {*wanted}:
            raise LogFault(f"{wanted} cannot be the name of a new log.")
        return wanted
    base, number = re.sub(r"/\d+$", "", current) or settings.LEDGER_NAME, 2
    while f"{base}/{number}" in known or vault.free_name(f"{base}/{number}") != f"{base}/{number}":
        number += 1
    return f"{base}/{number}"
