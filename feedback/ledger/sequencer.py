"""The sequencer: the one writer of the ledger and of tallies, about once a second.

It looks with plain reads and takes the lock only when something waits. An entry whose write began after another's was
acknowledged comes later in the ledger; ratings are exempt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from feedback.ledger import store
from feedback.ledger.figures import count_moderation
from feedback.ledger.leaves import edition_leaf, programme_leaf
from feedback.ledger.releases import close_tally, release_due
from feedback.models import CommentCount, LedgerEntry, OutboxEntry, ProgrammeState, SequencedEdition, Tally
from principles.models import Edition, Measure, Programme

BATCH = 1000
# The end of a consultation, or of an edition, is processed this late: no write transaction may last as long.
GRACE = timedelta(seconds=60)


def sequence(now: datetime | None = None, *, between: Callable[[], object] = lambda: None) -> int:
    """Do all that waits at `now`; returns how many entries were appended. `between` is called after each batch."""
    now = now or timezone.now()
    appended = 0
    while batch := _append_entries(now):
        appended += batch
        between()
    return appended + release_due(now, between=between) + _close_ended(now)


@dataclass
class _Waiting:
    """What one batch appends: programmes that opened, then editions and outbox rows in the order of their writes."""

    opened: list[Programme]
    outbox: list[OutboxEntry]
    editions: list[Edition]

    def __bool__(self) -> bool:
        return bool(self.opened or self.outbox or self.editions)


def _look(now: datetime) -> _Waiting:
    """Read what waits; a full batch of the outbox holds later editions back.

    The outbox is read before the editions, and editions begun after that reading are left for the next batch: so
    neither can overtake what was acknowledged before it began.
    """
    began = _database_clock()
    outbox = list(OutboxEntry.objects.order_by("pk")[:BATCH])
    if len(outbox) == BATCH:
        began = max(row.created_at for row in outbox)
    editions = Edition.objects.filter(sequenced=None, created_at__lte=began).order_by("created_at", "pk")
    return _Waiting(
        opened=[
            programme for programme in Programme.objects.select_related("ledger_state") if _has_opened(programme, now)
        ],
        outbox=outbox,
        editions=list(editions.select_related("measure__principle__programme")[:BATCH]),
    )


def _has_opened(programme: Programme, now: datetime) -> bool:
    """Whether the ledger still has to say that `programme` opened: for the first time, or again."""
    state = getattr(programme, "ledger_state", None)
    if state is None:  # also where it has closed meanwhile: what was written in between is closed after that
        return programme.opens_at is None or programme.opens_at <= now
    return programme.is_open(now) and not state.is_open


def _database_clock() -> datetime:
    """The database's own time, which `created_at` of outbox rows and editions comes from."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT STRFTIME('%Y-%m-%dT%H:%M:%f+00:00', 'NOW')")
        return datetime.fromisoformat(cursor.fetchone()[0])


def _append_entries(now: datetime) -> int:
    if not _look(now):
        return 0
    with transaction.atomic():
        store.lock()
        waiting = _look(now)
        entries: list[LedgerEntry] = [
            store.entry(programme_leaf(programme, opened=True, at=now), key=programme.slug)
            for programme in waiting.opened
        ]
        marks = []
        editions = list(waiting.editions)
        for row in waiting.outbox:
            while editions and editions[0].created_at <= row.created_at:
                marks.append(_append_edition(editions.pop(0), entries))
            entries.append(
                LedgerEntry(kind=row.kind, programme=row.programme, measure=row.measure, key=row.key, leaf=row.leaf)
            )
        marks.extend(_append_edition(edition, entries) for edition in editions)
        if not entries:
            return 0
        store.append(entries)
        for programme, entry in zip(waiting.opened, entries, strict=False):
            _remember_state(programme, is_open=True, seq=entry.seq)
        SequencedEdition.objects.bulk_create(
            [SequencedEdition(edition=edition, seq=entry.seq) for edition, entry in marks]
        )
        _count_comments(waiting.outbox)
        count_moderation(waiting.outbox)
        OutboxEntry.objects.filter(pk__in=[row.pk for row in waiting.outbox]).delete()
        return len(entries)


def _append_edition(edition: Edition, entries: list[LedgerEntry]) -> tuple[Edition, LedgerEntry]:
    entry = store.entry(edition_leaf(edition), key=f"{edition.measure.slug}/{edition.number}")
    entries.append(entry)
    return edition, entry


def _remember_state(programme: Programme, *, is_open: bool, seq: int) -> None:
    ProgrammeState.objects.update_or_create(programme=programme, defaults={"is_open": is_open, "seq": seq})
    if is_open:  # a consultation that opens again goes on counting where it stopped
        Tally.objects.filter(
            edition__measure__principle__programme=programme,
            edition__measure__current_edition__series=F("edition__number"),
        ).exclude(closed_at=None).update(closed_at=None)


def _count_comments(outbox: list[OutboxEntry]) -> None:
    """Move `CommentCount` by what the batch did, one update per measure."""
    moves: dict[str, dict[str, int]] = {}
    for row in outbox:
        if not row.count_to:
            continue
        move = moves.setdefault(row.measure, {})
        move[row.count_to] = move.get(row.count_to, 0) + 1
        before = row.count_from or "submitted"
        move[before] = move.get(before, 0) + (-1 if row.count_from else 1)
    if not moves:
        return
    measures = dict(Measure.objects.filter(slug__in=moves).values_list("slug", "pk"))
    for slug, move in sorted(moves.items()):
        CommentCount.objects.get_or_create(measure_id=measures[slug])
        CommentCount.objects.filter(measure_id=measures[slug]).update(
            **{state: F(state) + by for state, by in move.items() if by}
        )


def _close_ended(now: datetime) -> int:
    """Close the tallies of editions and consultations that ended at least a minute ago."""
    appended = 0
    replaced = Tally.objects.filter(closed_at=None).exclude(
        edition__number=F("edition__measure__current_edition__series")
    )
    for tally in replaced.select_related("edition__measure"):
        successor = (
            Edition.objects.filter(measure=tally.edition.measure, number__gt=tally.edition.number)
            .filter(series=F("number"))
            .order_by("number")
            .first()
        )
        if successor and successor.created_at + GRACE <= now:
            appended += close_tally(tally.pk, now=now)
    ended = Programme.objects.filter(closes_at__lte=now - GRACE, ledger_state__is_open=True)
    for programme in ended:
        open_tallies = Tally.objects.filter(closed_at=None, edition__measure__principle__programme=programme)
        for tally_pk in open_tallies.order_by("pk").values_list("pk", flat=True):
            appended += close_tally(tally_pk, now=now)
        with transaction.atomic():
            store.lock()
            entry = store.entry(programme_leaf(programme, opened=False, at=now), key=programme.slug)
            store.append([entry])
            _remember_state(programme, is_open=False, seq=entry.seq)
            appended += 1
    return appended
