"""Canonical bytes, hashes and commitments of the ledger (RFC 8785, RFC 9162)."""

import hashlib
import secrets
from datetime import UTC, datetime

import rfc8785


def canonical(value: dict) -> str:
    """`value` as RFC 8785 JSON: the one text that is hashed, stored and served."""
    return rfc8785.dumps(value).decode()


def leaf_hash(leaf: str) -> bytes:
    """The RFC 9162 hash of a leaf: SHA-256 of 0x00 and its canonical bytes; 32 bytes."""
    return hashlib.sha256(b"\x00" + leaf.encode()).digest()


def digest(value: dict) -> str:
    """SHA-256 of the canonical JSON of `value`, as 64 hex digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def new_salt() -> str:
    """32 random bytes as 64 hex digits."""
    return secrets.token_hex(32)


def comment_commitment(*, text: str, author: str, language: str, stance: str, salt: str) -> str:
    """The commitment to one version of a comment, 64 hex digits.

    `author` is the participant's pseudonym ("" for paper); `stance` is "" where none was picked.
    """
    return digest(
        {
            "kind": "comment",
            "salt": salt,
            "text": text,
            "author": author,
            "language": language,
            "stance": stance,
        }
    )


def hour(moment: datetime) -> str:
    """The UTC hour of `moment`, as leaves carry it: 2026-11-23T07Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%HZ")
