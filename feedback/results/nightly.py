"""When kept figures and breakdowns are computed without anybody's command: a look now and then by the sequencer's
process, which starts another process for the work so that no tally waits for it."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from feedback.models import ProgrammeFigures
from principles.models import Programme

log = logging.getLogger("feedback.results")
LOOK_EVERY = timedelta(minutes=1)
WORK_EVERY = timedelta(hours=1)
FROM_HOUR = 2  # of the portal's own time


def due(now: datetime) -> bool:
    """Whether a programme has no figures yet, or none of this night."""
    here = localtime(now)
    kept = ProgrammeFigures.objects.order_by("cut_at").values_list("cut_at", flat=True).first()
    if kept and here.hour >= FROM_HOUR and localtime(kept).date() < here.date():
        return True
    return Programme.objects.filter(figures=None).exists()


class NightlyFigures:
    """Starts the work and forgets it: at most one at a time, and one an hour."""

    def __init__(self):
        self._child: subprocess.Popen | None = None
        self._look_at: datetime | None = None

    def look(self, now: datetime) -> None:
        if self._child and self._child.poll() is not None:
            if self._child.returncode:
                log.warning("computing results ended with %s", self._child.returncode)
            self._child = None
        if self._child or (self._look_at and now < self._look_at):
            return
        work = due(now)
        self._look_at = now + (WORK_EVERY if work else LOOK_EVERY)
        if work:
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "make_breakdowns"]
            self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
