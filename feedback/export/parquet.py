"""Parquet, for those who have pyarrow installed: columns with their types, compressed with Zstandard."""

from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import pyarrow
import pyarrow.parquet

from feedback.export.cells import by_the_clock, text_or_null
from feedback.export.columns import Described

ROWS = 20_000  # of a group: what is in memory at a time
TYPES = {
    "string": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.decimal128(18, 4),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("s", tz="UTC"),
    "local": pyarrow.timestamp("s"),
    "list": pyarrow.string(),
}
READERS = {
    "string": text_or_null,
    "number": lambda value: Decimal(str(value)),
    "datetime": lambda value: value.astimezone(UTC).replace(microsecond=0),
    "local": by_the_clock,
}


class ParquetFile:
    """A file to write rows to, values in the order of `columns`; a column's meaning is the metadata `description`."""

    def __init__(self, columns: Sequence[Described], path: Path, readers=None):
        self._kinds = [column.kind for column in columns]
        self._readers = READERS if readers is None else readers
        self._schema = pyarrow.schema(
            [
                pyarrow.field(column.name, TYPES[column.kind], metadata={"description": str(column.meaning)})
                for column in columns
            ]
        )
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Sequence] = []

    def write(self, rows: Sequence[Sequence]) -> None:
        self._waiting += rows
        if len(self._waiting) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        arrays = [
            pyarrow.array([self._typed(kind, row[place]) for row in self._waiting], TYPES[kind])
            for place, kind in enumerate(self._kinds)
        ]
        self._writer.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()

    def _typed(self, kind: str, value):
        return value if value is None or kind not in self._readers else self._readers[kind](value)

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._writer.close()

    def __enter__(self):
        return self

    def __exit__(self, *fault) -> None:
        self.close()
