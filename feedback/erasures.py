"""The journal of erasures: which accounts were deleted, in a file outside of the database and of its backups.

A backup brings back what was erased after it; after a restore, the journal's lines are erased once more. A line is
`{"at", "user", "joined", "erase_comments"}`: numbers and times, and nothing of the person.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone


def journal() -> Path:
    return Path(settings.ERASURES_FILE)


def note_erasure(user, *, erase_comments: bool) -> None:
    """Bring a line to the disk. Where that fails, nothing may be erased: raises OperationalError, an outage."""
    line = {
        "at": timezone.now().isoformat(),
        "user": user.pk,
        "joined": user.date_joined.isoformat(),
        "erase_comments": erase_comments,
    }
    try:
        journal().parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(journal(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(json.dumps(line).encode() + b"\n")
            os.fsync(file.fileno())
    except OSError as fault:
        raise OperationalError(f"the journal of erasures cannot be written: {fault.strerror}") from fault


def erasures(path: Path) -> Iterator[dict]:
    """The lines of a journal in order; one that was cut by a crash is left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue
