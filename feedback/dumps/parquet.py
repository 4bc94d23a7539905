"""Parquet, for those who have pyarrow installed: the columns of CSV with their types."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from feedback.dumps.tables import Table
from feedback.export.parquet import ParquetFile

READERS = {
    "number": lambda value: Decimal(str(value)),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "list": " ".join,
}


class Parquet:
    """The bodies of a table in a file of Parquet."""

    name = suffix = "parquet"

    def __init__(self, table: Table, path: Path):
        self._columns = table.columns
        self._file = ParquetFile(self._columns, path, READERS)

    def write(self, bodies: list[dict]) -> None:
        self._file.write([[column.value_in(body) for column in self._columns] for body in bodies])

    def close(self) -> None:
        self._file.close()
