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
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from feedback.versions import versions
from feedback.views.listing import Choice
from feedback.views.measure import Parts, parts_of
from feedback.views.standing import Standing, standing_of, waiting_entries
from principles.models import Measure

OLDEST = 5  # seconds
MOST = 60  # pages


@dataclass(frozen=True)
class Kept:
    parts: Parts
    version: tuple
    entries: int | None  # as `Standing.entries`, when their reading began
    until: float


class KeptParts:
    """Parts by language and address; the ones asked for longest ago leave first. Safe to use from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, Kept] = OrderedDict()

    def for_reader(self, request, slug: str) -> tuple[Parts, Standing]:
        """The parts for the page that `request` asks for, of now, and how its reader stands to them."""
        if not settings.SHARED_PAGES:
            parts = _read(request, slug)
            return parts, _standing(request, parts)
        key, version = (get_language(), request.get_full_path()), versions.of(slug)
        with self._lock:
            kept = self._kept.get(key)
            if kept and (kept.version != version or time.monotonic() >= kept.until):
                kept = None
            if kept:
                self._kept.move_to_end(key)
        if kept:
            standing = _standing(request, kept.parts)
            if standing.entries == kept.entries:
                return kept.parts, standing
        parts = self._make(request, slug, key, version)
        return parts, _standing(request, parts)

    def _make(self, request, slug: str, key: tuple, version: tuple) -> Parts:
        entries, until = next(iter(waiting_entries(slug)), None), time.monotonic() + OLDEST
        parts = _read(request, slug)
        parts.pieces = {}
        with self._lock:
            self._kept[key] = Kept(parts, version, entries[0] if entries else None, until)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return parts

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def _read(request, slug: str) -> Parts:
    return parts_of(get_object_or_404(Measure.objects.with_wording(), slug=slug), Choice.of(request.GET))


def _standing(request, parts: Parts) -> Standing:
    return standing_of(request.user, parts.context["edition"], parts.measure.slug, parts.everything)


kept_parts = KeptParts()
