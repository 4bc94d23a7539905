"""Writing in bulk: rows wait in one place and go to the database together, ledger entries behind the head."""

from collections.abc import Callable

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from feedback.demo.leaves import Line
from feedback.demo.loading import insert, insert_values
from feedback.demo.ratings import Event
from feedback.ledger import store
from feedback.ledger.canonical import leaf_hash
from feedback.models import (
    Comment,
    CommentVersion,
    CommentVote,
    Decision,
    DecisionExplanation,
    LedgerEntry,
    Rating,
    Report,
)

BATCH = 4000  # rows of all kinds together
ENTRY = ("seq", "kind", "programme", "measure", "key", "leaf", "leaf_hash")
ORDER = (Comment, CommentVersion, Decision, DecisionExplanation, CommentVote, Report, Rating)


class Writing:
    """Takes rows and ledger entries, and writes them a few thousand at a time; the caller holds the ledger's lock.

    Foreign keys are checked at each batch's end, not at once: a comment and its versions name each other. `written`
    counts rows by model, and `tell` hears of it after each batch.
    """

    def __init__(self, tell: Callable[[dict[type[Model], int]], None]):
        self._rows: dict[type[Model], list[Model]] = {model: [] for model in ORDER}
        self._entries: list[tuple[str, Line]] = []  # programme and line
        self._seq = store.head()
        self._tell = tell
        self._waiting = 0
        self.written: dict[type[Model], int] = dict.fromkeys((*ORDER, LedgerEntry), 0)

    def add(self, row: Model) -> None:
        """Take a row in its final form; it is written at the next `flush`, never before."""
        self._rows[type(row)].append(row)
        self._waiting += 1

    def append(self, event: Event, programme: str) -> None:
        """Take the ledger entries of one event; they stay together and in order."""
        self._entries.extend((programme, line) for line in event.lines)
        self._waiting += len(event.lines)
        if event.tally:
            event.tally.seq = self._seq + len(self._entries)
        if self._waiting >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write everything taken so far."""
        for model, rows in self._rows.items():
            if rows:
                insert(rows)
                self.written[model] += len(rows)
                rows.clear()
        self._write_entries()
        self._waiting = 0
        if connection.vendor == "postgresql":  # checks that wait for the end would pile up in memory
            connection.check_constraints()
        self._tell(self.written)

    def _write_entries(self) -> None:
        fields = [LedgerEntry._meta.get_field(name) for name in ENTRY]
        values = (
            (seq, line.kind, programme, line.measure, line.key, line.leaf, leaf_hash(line.leaf))
            for seq, (programme, line) in enumerate(self._entries, self._seq + 1)
        )
        insert_values(LedgerEntry, fields, values)
        self._seq += len(self._entries)
        self.written[LedgerEntry] += len(self._entries)
        self._entries.clear()


def next_key(model: type[Model]) -> int:
    """The primary key behind the highest one."""
    return (model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1


def reset_sequences(*models: type[Model]) -> None:
    """Let the database count on behind keys that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
