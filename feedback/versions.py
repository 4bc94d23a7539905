"""What has changed lately, as numbers that a process keeps: what it shows is outdated when its number has moved.

A number moves with the ledger and its outbox (comments, edits, decisions, withdrawals, erasures, answers, editions),
with tallies, and with every entry of the admin's log. Votes on comments and changed names move none: who keeps what
is shown sets a limit to its age as well (`feedback.shared_pages`).
"""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.db import DatabaseError
from django.db.models import Count, Max

from feedback.models import LedgerEntry, OutboxEntry, Tally

# Seconds: how old what is read from the process's memory may be, how long others go by it while one reads anew, and
# how long nobody asks a database that has just failed.
FRESH, OVERTIME, PAUSE = 0.6, 0.3, 2
# Outbox rows are looked at again below the last number seen: one that is committed late may have a lower number.
OVERLAP = 5000


@dataclass(frozen=True)
class Sight:
    """What one look at the database found, by the slug of the measure where it is about one."""

    head: int
    log_entry: int
    outbox_from: int
    outbox: dict[str, tuple]
    tallies: dict[str, tuple]


class Versions:
    """The numbers of one process; safe to ask from several threads."""

    def __init__(self):
        self._reading = threading.Lock()
        self._sight: Sight | None = None
        self._moves: dict[str, int] = defaultdict(int)
        self._all_moves = 0  # by any measure
        self._epochs = 0  # by what is on every page
        self._looked_at = float("-inf")
        self._failed_at: float | None = None

    @property
    def is_blind(self) -> bool:
        """Whether the database did not answer when last asked."""
        return self._failed_at is not None

    def of(self, measure: str | None) -> tuple[int, int]:
        """The version of what is shown about a measure, by its slug; with None, of what is about several."""
        self._look()
        return self._epochs, self._all_moves if measure is None else self._moves.get(measure, 0)

    def forget(self) -> None:
        """Begin anew, as in another database: whatever was shown is outdated."""
        self._epochs += 1
        self._sight, self._looked_at, self._failed_at = None, float("-inf"), None

    def _look(self) -> None:
        """Read anew what is outdated. One thread reads; the others go by what is known, unless that is too old."""
        age = time.monotonic() - self._looked_at
        if age < FRESH or (self._failed_at is not None and time.monotonic() - self._failed_at < PAUSE):
            return
        if not self._reading.acquire(blocking=False):
            if age < FRESH + OVERTIME or self._failed_at is not None:
                return
            self._reading.acquire()
        try:
            began = time.monotonic()
            if began - self._looked_at < FRESH:
                return
            try:
                self._compare(see(self._sight))
            except DatabaseError:
                self._failed_at = time.monotonic()
            else:
                self._looked_at, self._failed_at = began, None
        finally:
            self._reading.release()

    def _compare(self, found: tuple[Sight, set[str]]) -> None:
        """Move the numbers of what differs from the look before."""
        sight, written = found
        before, self._sight = self._sight, sight
        if before is None:
            return
        moved = written | _differing(before.outbox, sight.outbox) | _differing(before.tallies, sight.tallies)
        for measure in moved:
            self._moves[measure] += 1
        self._all_moves += bool(moved)
        # What names no measure may stand on any page; a ledger that is shorter than before is another one.
        self._epochs += "" in moved or sight.log_entry != before.log_entry or sight.head < before.head


def see(before: Sight | None) -> tuple[Sight, set[str]]:
    """A look at the database, and the measures that the ledger names in its entries since the look `before`."""
    head = LedgerEntry.objects.aggregate(last=Max("seq"))["last"] or 0
    written = set()
    if before and head > before.head:
        new = LedgerEntry.objects.filter(seq__gt=before.head, seq__lte=head)
        written = set(new.order_by().values_list("measure", flat=True).distinct())
    outbox_from = before.outbox_from if before else 0
    waiting = OutboxEntry.objects.filter(pk__gt=outbox_from).order_by().values_list("measure")
    outbox = {measure: tuple(facts) for measure, *facts in waiting.annotate(Count("pk"), Max("pk"))}
    last = max((facts[1] for facts in outbox.values()), default=0)
    tallies = defaultdict(tuple)
    facts = ("edition__measure__slug", "question", "edition", "n", "seq", "closed_at")
    for measure, *values in Tally.objects.order_by("pk").values_list(*facts):
        tallies[measure] += tuple(values)
    sight = Sight(
        head=head,
        log_entry=LogEntry.objects.order_by().aggregate(last=Max("pk"))["last"] or 0,
        outbox_from=max(outbox_from, last - OVERLAP),
        outbox=outbox,
        tallies=dict(tallies),
    )
    return sight, written


def _differing(before: dict[str, tuple], now: dict[str, tuple]) -> set[str]:
    return {measure for measure in before.keys() | now.keys() if before.get(measure) != now.get(measure)}


# The one of this process.
versions = Versions()
