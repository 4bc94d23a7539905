"""Files that appear whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".part"


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to; what was written becomes `target` at the end, and leaves nothing behind where that fails.

    Where the file system can, the file has no name until then, so that even a process that is killed leaves none.
    Raises OSError.
    """
    named = target.with_name(f".{target.name}.{os.getpid()}{UNFINISHED}")
    handle = _nameless(target.parent)
    try:
        yield named if handle is None else Path(f"/proc/self/fd/{handle}")
        if handle is not None:
            os.fsync(handle)
            # With a folder's number (any: the path is absolute) Python follows the link as linkat(2) asks for.
            os.link(f"/proc/self/fd/{handle}", named, src_dir_fd=handle, follow_symlinks=True)
        else:
            sync(named)
        named.replace(target)
        sync(target.parent)
    finally:
        if handle is not None:
            os.close(handle)
        named.unlink(missing_ok=True)


def _nameless(folder: Path) -> int | None:
    """An open file in `folder` without a name; None where the system knows no such files."""
    if not hasattr(os, "O_TMPFILE") or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o666)
    except OSError as fault:
        if fault.errno in {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL}:
            return None
        raise


def sync(path: Path) -> None:
    """Bring a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
