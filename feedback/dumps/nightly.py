"""When dumps are made and cleared without anybody's command."""

from datetime import datetime

from django.utils.timezone import localtime

from feedback.dumps import shelf
from feedback.dumps.clearing import waiting

FROM_HOUR = 3  # of the portal's own time


def due(now: datetime) -> list[str] | None:
    """The command for the first dump or the night's, for clearing the kept ones of what was taken back, or none."""
    newest = next(iter(shelf.kept()), None)
    here = localtime(now)
    if newest is None:
        return ["make_dumps"]
    if here.hour >= FROM_HOUR and localtime(datetime.fromisoformat(newest.created)).date() < here.date():
        return ["make_dumps"]
    return ["make_dumps", "--clear"] if waiting() else None
