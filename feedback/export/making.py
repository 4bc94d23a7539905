"""Making one file of an export, from one snapshot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from feedback.export.columns import Column
from feedback.export.files import whole_file
from feedback.export.formats import FORMATS, Chosen
from feedback.export.kinds import Kind
from feedback.export.snapshot import one_snapshot


@dataclass(frozen=True)
class Order:
    """What somebody wants to have: a kind, which of its rows (all without `among`), columns, a format."""

    kind: Kind
    columns: Sequence[Column]
    format: str
    among: QuerySet | None = None

    @property
    def rows(self) -> QuerySet:
        """The rows in their order; `among` may be joined, sorted and doubled as it likes."""
        rows = self.kind.rows()
        return rows if self.among is None else rows.filter(pk__in=self.among.order_by().values("pk"))

    @property
    def is_personal(self) -> bool:
        return any(column.personal for column in self.columns)


def write_export(
    order: Order,
    target: Path,
    tell: Callable[[int], None] = lambda rows: None,
    settle: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write the file `target`, whole or not at all; returns the number of rows.

    `tell` hears how many rows are done; `settle` hears the number of all, before the file is there, and may still
    refuse it by raising. Raises OSError where the file cannot be written.
    """
    with whole_file(target) as path:
        with one_snapshot():
            rows = order.rows
            chosen = Chosen(str(order.kind.title), rows, rows.count(), order.columns)
            number = FORMATS[order.format].write(chosen, path, tell)
        settle(number)
    return number
