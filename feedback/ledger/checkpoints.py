"""Signing what the ledger has come to, and refusing to sign what contradicts an earlier signature.

A checkpoint is signed after the entries' transaction is on the disk; then it is brought to the disk beside the key, and
only then published. So whatever the world has seen, the next start of the sequencer knows of, whatever became of the
database meanwhile.
"""

import base64
import logging
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from feedback.ledger import store, tree, vault
from feedback.ledger.announcing import announce_keys
from feedback.ledger.canonical import leaf_hash
from feedback.ledger.notes import Note, checkpoint_body, signature_line
from feedback.models import Checkpoint, LedgerEntry, Log, SigningKey

log = logging.getLogger("feedback.ledger")
CHUNK = 5000  # entries in memory at a time
KEEP = timedelta(days=2)


class LogFault(Exception):
    """The log contradicts what was signed, or cannot be signed; the text says how, in plain words."""


def check() -> None:
    """Refuse, by LogFault, a log that is shorter than its last signed checkpoint or different from it.

    Reads O(log n) rows, so it stands before each pass of the sequencer; `check_all` looks at every entry.
    """
    current = Log.objects.last()
    last = current and vault.last_checkpoint(current.name)
    if not last:
        if current and Checkpoint.objects.filter(log=current.name).exists():
            raise LogFault(_missing(current.name))
        return
    head = store.head()
    if head < last.size:
        raise LogFault(
            f"The ledger {current.name} has {head} entries, and {last.size} were signed: entries {head + 1} to "
            f"{last.size} are lost. Nothing is signed any more. Bring back a database that has them, or say so in "
            "public with manage.py reopen_ledger."
        )
    if _root_or_none(last.size) != last.root:
        raise LogFault(_different(current.name, last))


def check_all() -> None:
    """Like `check`, and also that each entry still has the hash that was signed: reads the whole ledger once."""
    check()
    walk = Walk()
    while not walk.step():
        pass


class Walk:
    """Every entry that was signed when it began, looked at step by step, against the root that was signed.

    The sequencer walks between its passes, so that its start takes no longer the larger the ledger is. What it signs
    meanwhile rests on no hash that it has not compared: `check` puts the signed root together from kept hashes, which
    are thereby the true ones, and every later node that it makes is made of these and of new leaves. So a new
    checkpoint goes on from what was signed, whatever somebody did to an entry or to a node deeper in the tree, and the
    walk finds what was done.
    """

    def __init__(self) -> None:
        current = Log.objects.last()
        self.log = current.name if current else ""
        self.last = vault.last_checkpoint(self.log) if current else None
        self.growing = tree.Growing()

    def step(self, entries: int = CHUNK) -> bool:
        """Look at so many more; whether that was all. Raises LogFault."""
        if not self.last or store.current_name() != self.log:  # nothing was signed, or it was reopened meanwhile
            return True
        first, last = self.growing.size, min(self.last.size, self.growing.size + entries)
        rows = LedgerEntry.objects.filter(seq__gt=first, seq__lte=last).order_by("seq")
        same, nodes = True, {}
        for leaf, kept in rows.values_list("leaf", "leaf_hash").iterator(chunk_size=CHUNK):
            hash_ = leaf_hash(leaf)
            same = same and hash_ == bytes(kept)
            for level, index, made in self.growing.add(hash_):
                if level and level % tree.STEP == 0:
                    nodes[(level << tree.SHIFT) + index] = made
        found = {place: bytes(hash_) for place, hash_ in tree.kept_nodes(nodes)}
        is_end = last == self.last.size
        if not same or self.growing.size < last or found != nodes:
            raise LogFault(_different(self.log, self.last))
        if is_end and self.growing.root() != self.last.root:
            raise LogFault(_different(self.log, self.last))
        return is_end


def stand_still() -> None:
    """Say in the database, for pages and for the next start, that the log is refused; since when stays as it was."""
    current = Log.objects.last()
    if current:
        Log.objects.filter(pk=current.pk, refused_at=None).update(refused_at=timezone.now())


def standing_since() -> datetime | None:
    """Since when the log in use stands still, being refused; None while it goes on."""
    return Log.objects.order_by("-pk").values_list("refused_at", flat=True).first()


def begin() -> Walk:
    """Refuse the log, by LogFault, or give the walk that goes on beside the work.

    A log that was refused is looked at as a whole before anything else is done with it.
    """
    if standing_since():
        check_all()
        Log.objects.exclude(refused_at=None).update(refused_at=None)
    check()
    return Walk()


def _root_or_none(size: int) -> bytes | None:
    try:
        return tree.root(size)
    except tree.Incomplete:
        return None


def _different(name: str, last: Note) -> str:
    return (
        f"The first {last.size} entries of the ledger {name} are not those that were signed. Nothing is signed any "
        "more. Bring back a database that has them (manage.py recount says which entry is wrong, where one was "
        "edited), or say so in public with manage.py reopen_ledger."
    )


def _missing(name: str) -> str:
    return (
        f"Checkpoints of the ledger {name} were published, and {vault.home()} has neither the last one nor perhaps "
        "their key. Bring that folder back, or say in public that it is lost with manage.py reopen_ledger."
    )


def publish() -> Checkpoint | None:
    """Sign and publish the ledger as it is; None where that has been done. Raises LogFault."""
    with vault.alone():
        check()
        announce_keys()
        return sign()


def sign() -> Checkpoint | None:
    """`publish` for one who holds the vault and has checked."""
    name, size = store.log_name(), store.head()
    last = vault.last_checkpoint(name)
    newest = Checkpoint.objects.filter(log=name).order_by("-size").first()
    if last and newest and last.size == newest.size == size:
        return None
    if last and last.size == size:  # killed between signing and publishing
        return _published(name, vault.text_of_last_checkpoint(name), last)
    keys, handing_over = _keys_to_sign(name, is_first=not last)
    tree.grow(size)
    body = checkpoint_body(name, size, tree.root(size))
    note = f"{body}\n" + "".join(signature_line(body, name, key) for key in keys)
    vault.keep_checkpoint(name, note)
    if handing_over:
        vault.hand_over()
    return _published(name, note, vault.last_checkpoint(name))


def _keys_to_sign(name: str, *, is_first: bool) -> tuple[list[Ed25519PrivateKey], bool]:
    """The key, made for a first checkpoint; and the next one too where the ledger has named it (then True)."""
    key, following = vault.log_key(), vault.read_key(vault.home() / vault.NEXT)
    handing_over = following is not None and _is_announced(following)
    if key is None and not handing_over:
        if not is_first:
            raise LogFault(
                f"The key that signs the ledger {name} is not in {vault.home()}. Bring it back, or say in public that "
                "it is lost with manage.py rotate_ledger_key --lost."
            )
        key = vault.make_key(vault.home() / vault.KEY)
    if key:
        remember_key(SigningKey.Role.LOG, key.public_key().public_bytes_raw())
    return [*([key] if key else []), *([following] if handing_over else [])], handing_over


def _is_announced(key: Ed25519PrivateKey) -> bool:
    text = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    return SigningKey.objects.filter(public_key=text, announced__isnull=False).exists()


def _published(name: str, text: str, note: Note) -> Checkpoint:
    return Checkpoint.objects.create(log=name, size=note.size, root=note.root, note=text)


def remember_key(role: str, public_key: bytes) -> SigningKey:
    """The row of a public key, made where there is none."""
    text = base64.b64encode(public_key).decode()
    return SigningKey.objects.get_or_create(public_key=text, defaults={"role": role})[0]


def newest_checkpoint() -> Checkpoint | None:
    """The last published checkpoint of the log in use."""
    current = Log.objects.last()
    return current and Checkpoint.objects.filter(log=current.name).order_by("-size").first()


def forget_checkpoints(now: datetime) -> int:
    """Delete checkpoints that are older than two days, but those that somebody cosigned and the last one of each day.

    Whoever kept one of them needs no copy of ours: any size can be proven.
    """
    old = Checkpoint.objects.filter(created_at__lt=now - KEEP, cosignatures=None)
    last = old.order_by().values("log", day=TruncDate("created_at", tzinfo=UTC)).annotate(last=Max("pk"))
    return old.exclude(pk__in=list(last.values_list("last", flat=True))).delete()[0]
