"""Signed notes of C2SP (c2sp.org/signed-note): checkpoints of a log, and cosignatures of its witnesses."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04
SIZE = re.compile(r"0|[1-9]\d{0,17}", re.ASCII)
LONGEST = 100_000  # characters of a note that is read


@dataclass(frozen=True)
class Note:
    """A checkpoint that was read, signatures not yet verified. `lines` are (name, bytes) of each signature."""

    body: str
    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes], ...]

    def signed_by(self, name: str, public_key: bytes) -> bool:
        """Whether the holder of an Ed25519 key has signed it under that name."""
        wanted = key_id(name, public_key, ED25519)
        signatures = [line[4:] for who, line in self.lines if who == name and line[:4] == wanted]
        return any(verifies(public_key, one, self.body.encode()) for one in signatures[:1])

    def cosigned_by(self, name: str, public_key: bytes) -> datetime | None:
        """When a witness says that it cosigned this (c2sp.org/tlog-cosignature), or None where it did not."""
        wanted = key_id(name, public_key, COSIGNATURE)
        for who, line in self.lines:
            if who == name and line[:4] == wanted and len(line) == 76:
                seconds = int.from_bytes(line[4:12], "big")
                if seconds < 2**36 and verifies(public_key, line[12:], cosigned_text(self.body, seconds)):
                    return datetime.fromtimestamp(seconds, UTC)
        return None

    def line_of(self, name: str, public_key: bytes) -> str:
        """The signature line of a cosignature that is there."""
        wanted = key_id(name, public_key, COSIGNATURE)
        return next(_line(who, line) for who, line in self.lines if who == name and line[:4] == wanted)


def checkpoint_body(origin: str, size: int, root: bytes) -> str:
    """What a checkpoint's signatures cover: three lines."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_id(name: str, public_key: bytes, kind: int) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:4]


def signature_line(body: str, name: str, key: Ed25519PrivateKey) -> str:
    public_key = key.public_key().public_bytes_raw()
    return _line(name, key_id(name, public_key, ED25519) + key.sign(body.encode()))


def cosignature_line(body: str, name: str, key: Ed25519PrivateKey, at: datetime) -> str:
    seconds = int(at.timestamp())
    public_key = key.public_key().public_bytes_raw()
    signed = seconds.to_bytes(8, "big") + key.sign(cosigned_text(body, seconds))
    return _line(name, key_id(name, public_key, COSIGNATURE) + signed)


def cosigned_text(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _line(name: str, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(signature).decode()}\n"


def read_note(text: str) -> Note:
    """A checkpoint with its signature lines; raises ValueError with what is wrong."""
    body, blank, signatures = text[:LONGEST].rpartition("\n\n")
    body += "\n"
    parts = body.split("\n")
    if not blank or not signatures.endswith("\n") or len(parts) < 4 or not all(parts[:-1]):
        raise ValueError("it is no signed checkpoint")
    if not SIZE.fullmatch(parts[1]):
        raise ValueError("its second line is no size")
    root = decoded(parts[2])
    if len(root) != 32:
        raise ValueError("its third line is no root")
    lines = tuple(_read_line(line) for line in signatures[:-1].split("\n"))
    return Note(body, parts[0], int(parts[1]), root, lines)


def _read_line(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not parts[1]:
        raise ValueError("a signature line cannot be read")
    signature = decoded(parts[2])
    if len(signature) < 5:
        raise ValueError("a signature is too short")
    return parts[1], signature


def decoded(text: str) -> bytes:
    """The bytes of strict Base64; raises ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("it is no Base64") from None


def verifies(public_key: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True
