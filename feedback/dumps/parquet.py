"""Parquet, for those who have pyarrow installed: the columns of CSV with their types."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pyarrow.parquet

from feedback.dumps.tables import Table

ROWS = 20_000  # of a group: what is in memory at a time
TYPES = {
    "string": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.decimal128(18, 4),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("s", tz="UTC"),
    "list": pyarrow.string(),
}
READERS = {
    "number": lambda value: Decimal(str(value)),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "list": " ".join,
}


class Parquet:
    """Compressed with Zstandard; a column's meaning is the metadata `description` of its field."""

    name = suffix = "parquet"

    def __init__(self, table: Table, path: Path):
        self._columns = table.columns
        self._schema = pyarrow.schema(
            [
                pyarrow.field(column.name, TYPES[column.kind], metadata={"description": column.meaning})
                for column in self._columns
            ]
        )
        self._writer = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[dict] = []

    def write(self, bodies: list[dict]) -> None:
        self._waiting += bodies
        if len(self._waiting) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        arrays = [
            pyarrow.array([_typed(column.kind, column.value_in(body)) for body in self._waiting], TYPES[column.kind])
            for column in self._columns
        ]
        self._writer.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._writer.close()


def _typed(kind: str, value):
    return value if value is None or kind not in READERS else READERS[kind](value)
