"""The folder of exports that were made in the background: a file for each, its dictionary, and how far it is."""

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from feedback.export.files import UNFINISHED
from feedback.models import Export

DICTIONARY = "dictionary.csv"
PROGRESS = "progress"
LEFT_BEHIND = timedelta(days=2)


def home() -> Path:
    return Path(settings.EXPORTS_DIR)


def file_of(export: Export) -> Path:
    return home() / f"{export.pk}.{export.format}"


def dictionary_of(export: Export) -> Path:
    return home() / f"{export.pk}.{DICTIONARY}"


def tell(export: Export, rows: int) -> None:
    """Leave word of how many rows are done: in a file, because the work itself reads within one transaction."""
    progress = home() / f"{export.pk}.{PROGRESS}"
    progress.write_text(str(rows), encoding="ascii")


def told(export: Export) -> tuple[int, float]:
    """(rows that are done, seconds since the last word of it); no word yet is 0 and infinity."""
    progress = home() / f"{export.pk}.{PROGRESS}"
    try:
        return int(progress.read_text(encoding="ascii") or 0), time.time() - progress.stat().st_mtime
    except OSError:
        return 0, float("inf")


def remove(export: Export) -> None:
    """Remove all that there is of an export."""
    for path in home().glob(f"{export.pk}.*"):
        path.unlink(missing_ok=True)
    for path in home().glob(f".{export.pk}.*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def sweep() -> None:
    """Remove what nobody has touched for longer than any export is kept."""
    if home().is_dir():
        for path in home().iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - LEFT_BEHIND.total_seconds():
                    path.unlink()
