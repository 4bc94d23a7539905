"""When dumps are made and cleared without anybody's command: a look now and then by the sequencer's process, which
starts another process for the work so that no tally waits for it."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from feedback.dumps import shelf
from feedback.dumps.clearing import waiting

log = logging.getLogger("feedback.dumps")
LOOK_EVERY = timedelta(minutes=1)
WORK_EVERY = timedelta(hours=1)
FROM_HOUR = 3  # of the portal's own time


def due(now: datetime) -> str | None:
    """What is to be done at `now`: "make" the first dump or the night's, "clear" the kept ones of what was taken back,
    or nothing."""
    newest = next(iter(shelf.kept()), None)
    here = localtime(now)
    if newest is None:
        return "make"
    if here.hour >= FROM_HOUR and localtime(datetime.fromisoformat(newest.created)).date() < here.date():
        return "make"
    return "clear" if waiting() else None


class Nightly:
    """Starts the work and forgets it: at most one at a time, and one an hour."""

    def __init__(self):
        self._child: subprocess.Popen | None = None
        self._look_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if self._child and self._child.poll() is not None:
            if self._child.returncode:
                log.warning("making dumps ended with %s", self._child.returncode)
            self._child = None
        if self._child or (self._look_at and now < self._look_at):
            return
        work = due(now)
        self._look_at = now + (WORK_EVERY if work else LOOK_EVERY)
        if work:
            options = ["--clear"] if work == "clear" else []
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "make_dumps", *options]
            self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
