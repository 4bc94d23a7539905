"""The parts of measures' pages that are the same for all who are signed in, kept in the process for some seconds.

They are of the same version as shared pages (`feedback.versions`), and older than the newest write on their measure
they never are: who has just written sees it at once, whichever process answers. Votes, ratings and all else that is
somebody's own is read each time (`feedback.views.measure`).
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from feedback.models import OutboxEntry
from feedback.versions import versions
from feedback.views.listing import Choice
from feedback.views.measure import Parts, parts_of
from principles.models import Measure

OLDEST = 5  # seconds
MOST = 60  # pages


@dataclass(frozen=True)
class Kept:
    parts: Parts
    stamp: tuple
    until: float


class KeptParts:
    """Parts by language and address; the ones asked for longest ago leave first. Safe to use from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, Kept] = OrderedDict()

    def of(self, request, slug: str) -> Parts:
        """The parts for the page that `request` asks for, of now."""
        if not settings.SHARED_PAGES:
            return _read(request, slug)
        key = get_language(), request.get_full_path()
        stamp = (versions.of(slug), OutboxEntry.objects.filter(measure=slug).aggregate(last=Max("pk"))["last"])
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept.stamp == stamp and time.monotonic() < kept.until:
                self._kept.move_to_end(key)
                return kept.parts
        until = time.monotonic() + OLDEST
        parts = _read(request, slug)
        parts.pieces = {}
        with self._lock:
            self._kept[key] = Kept(parts, stamp, until)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return parts

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def _read(request, slug: str) -> Parts:
    return parts_of(get_object_or_404(Measure.objects.with_wording(), slug=slug), Choice.of(request.GET))


kept_parts = KeptParts()
