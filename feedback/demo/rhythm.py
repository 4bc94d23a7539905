"""When things happen: a busy start, quieter weekends, evenings full and nights empty."""

import random
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

HOUR = 3600
# How busy each hour of the day is, midnight first, in the portal's time zone.
HOURS = (3, 2, 1, 1, 1, 2, 4, 8, 12, 15, 16, 16, 18, 18, 15, 14, 15, 17, 20, 24, 28, 28, 20, 9)
WEEKEND = 0.7
FADING_DAYS = 10  # the rush of the start halves and halves again


class Rhythm:
    """Maps a share of all activity, 0 … 1, to a moment between `start` and `until`, and back; moments are Unix times.

    A larger share is a later moment, so that n events in order of time need no sorting.
    """

    def __init__(self, chance: random.Random, *, start: datetime, until: datetime):
        self.start, self.until = start.timestamp(), until.timestamp()
        zone = ZoneInfo(settings.TIME_ZONE)
        self._reached = [0.0]
        days: dict = {}
        for number in range(int((self.until - self.start) // HOUR)):
            local = (start + timedelta(hours=number)).astimezone(zone)
            if local.date() not in days:
                rush = 1 + 3 * 0.5 ** (len(days) / FADING_DAYS)
                weekend = WEEKEND if local.weekday() >= 5 else 1
                days[local.date()] = rush * weekend * chance.uniform(0.7, 1.4)
            self._reached.append(self._reached[-1] + days[local.date()] * HOURS[local.hour])

    def at(self, share: float) -> float:
        """The moment by which `share` of all activity has happened."""
        reached = self._reached
        wanted = min(share, 1) * reached[-1]
        number = min(bisect_right(reached, wanted), len(reached) - 1)
        within = (wanted - reached[number - 1]) / (reached[number] - reached[number - 1])
        return self.start + (number - 1 + within) * HOUR

    def share(self, moment: float) -> float:
        """How much of all activity has happened by `moment`."""
        number, within = divmod((moment - self.start) / HOUR, 1)
        number = min(int(number), len(self._reached) - 2)
        reached = self._reached[number]
        return (reached + within * (self._reached[number + 1] - reached)) / self._reached[-1]

    def between(self, early: float, late: float, part: float) -> float:
        """The moment when `part` (0 … 1) of the activity between two moments has happened."""
        first = self.share(early)
        return min(max(self.at(first + part * (self.share(late) - first)), early), late)


def moment(seconds: float) -> datetime:
    """A Unix time as an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def hour(seconds: float) -> str:
    """The UTC hour as ledger leaves carry it: 2026-11-23T07Z."""
    return _hour(int(seconds // HOUR))


@lru_cache(maxsize=4096)
def _hour(number: int) -> str:
    return datetime.fromtimestamp(number * HOUR, UTC).strftime("%Y-%m-%dT%HZ")
