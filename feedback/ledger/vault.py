"""The files of the ledger outside of the database: private keys, and the last checkpoint of each log.

`LEDGER_DIR` belongs to the sequencer alone; the key of receipts (`RECEIPT_KEY`) to the web server. Neither is in the
database, and no backup of it may hold the last checkpoint: that file is how a sequencer knows that its log is whole.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from feedback.ledger.notes import Note, read_note

KEY, NEXT = "key.pem", "next.pem"


def home() -> Path:
    return Path(settings.LEDGER_DIR)


@contextmanager
def alone() -> Iterator[None]:
    """Be the one process that signs; others wait."""
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def log_key() -> Ed25519PrivateKey | None:
    """The key that signs checkpoints; None where there is none."""
    return read_key(home() / KEY)


def receipt_key() -> Ed25519PrivateKey:
    """The key that signs receipts, made on first use."""
    path = Path(settings.RECEIPT_KEY)
    return read_key(path) or make_key(path)


def read_key(path: Path) -> Ed25519PrivateKey | None:
    """The key in a file; None where there is no such file."""
    try:
        stamp = path.stat()
    except FileNotFoundError:
        return None
    return _read_key(path, (stamp.st_ino, stamp.st_mtime_ns))


@lru_cache(maxsize=8)
def _read_key(path: Path, _stamp: tuple[int, int]) -> Ed25519PrivateKey:
    return serialization.load_pem_private_key(path.read_bytes(), password=None)


def make_key(path: Path) -> Ed25519PrivateKey:
    """A new key in a file that only its owner reads; of two who make it at once, both get the first one's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = _written(path, pem_of(Ed25519PrivateKey.generate()))
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()
    _sync(path.parent)
    return read_key(path)


def replace_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Put a key in the place of the one that is there, if any."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _written(path, pem_of(key)).replace(path)
    _sync(path.parent)


def hand_over() -> None:
    """The next key becomes the key; the old one is gone."""
    (home() / NEXT).replace(home() / KEY)
    _sync(home())


def pem_of(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def last_checkpoint(log: str) -> Note | None:
    """The last checkpoint that was signed for a log, whether or not it was published; None before the first one."""
    try:
        return read_note(_place_of(log).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def keep_checkpoint(log: str, note: str) -> None:
    """Bring a checkpoint to the disk, before anybody may read it elsewhere."""
    path = _place_of(log)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _written(path, note.encode()).replace(path)
    _sync(path.parent)


def text_of_last_checkpoint(log: str) -> str:
    return _place_of(log).read_text(encoding="utf-8")


def free_name(name: str) -> str:
    """`name`, or `name/2` and so on where that has signed checkpoints already: no name ever stands for two logs."""
    free, number = name, 1
    while _place_of(free).exists():
        number += 1
        free = f"{name}/{number}"
    return free


def _place_of(log: str) -> Path:
    return home() / "checkpoints" / hashlib.sha256(log.encode()).hexdigest()[:32]


def _written(path: Path, content: bytes) -> Path:
    """`content` in a new file beside `path`, on the disk, readable by its owner alone."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    return beside


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
