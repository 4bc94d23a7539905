"""Long work that falls due now and then without anybody's command: the sequencer's process looks whether it is, and
starts another process for it so that no tally waits."""

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

log = logging.getLogger("feedback.errands")
LOOK_EVERY = timedelta(minutes=1)
WORK_EVERY = timedelta(hours=1)


class Errand:
    """Starts one kind of work and forgets it: at most one at a time, and one an hour.

    `due` says what is to be done at a moment, as the arguments of manage.py; nothing where it answers None.
    """

    def __init__(self, due: Callable[[datetime], list[str] | None]):
        self._due = due
        self._child: subprocess.Popen | None = None
        self._look_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if self._child and self._child.poll() is not None:
            if self._child.returncode:
                log.warning("%s ended with %s", self._child.args[2], self._child.returncode)
            self._child = None
        if self._child or (self._look_at and now < self._look_at):
            return
        work = self._due(now)
        self._look_at = now + (WORK_EVERY if work else LOOK_EVERY)
        if work:
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *work]
            self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
