"""The files of a table: CSV and JSON Lines, compressed, and Parquet where pyarrow is installed."""

import csv
import gzip
import io
from importlib.util import find_spec
from pathlib import Path

import orjson

from feedback.dumps.tables import Table
from feedback.export.cells import safe

if find_spec("pyarrow"):  # an optional extra: requirements-parquet.txt
    from feedback.dumps.parquet import Parquet
else:
    Parquet = None

LEVEL = 6  # of compression


class _Compressed:
    """A gzip file that is the same, byte for byte, for the same contents: it holds no name and no time."""

    def __init__(self, path: Path):
        self._raw = path.open("wb")
        self.file = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, compresslevel=LEVEL, mtime=0)

    def close(self) -> None:
        self.file.close()
        self._raw.close()


class CSV:
    """RFC 4180 in UTF-8: a line of names, CRLF, quotes where they are needed; null is an empty cell."""

    name, suffix = "csv", "csv.gz"

    def __init__(self, table: Table, path: Path):
        self._columns = table.columns
        self._compressed = _Compressed(path)
        self._text = io.TextIOWrapper(self._compressed.file, encoding="utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow([column.name for column in self._columns])

    def write(self, bodies: list[dict]) -> None:
        self._writer.writerows([self.cells(body) for body in bodies])

    def cells(self, body: dict) -> list:
        return [_cell(column.kind, column.value_in(body)) for column in self._columns]

    def close(self) -> None:
        self._text.close()
        self._compressed.close()


def _cell(kind: str, value) -> object:
    if value is None:
        return ""
    if kind == "string":
        return safe(value)
    if kind == "boolean":
        return "true" if value else "false"
    return " ".join(value) if kind == "list" else value


class JSONLines:
    """One body of the API a line, in UTF-8."""

    name, suffix = "jsonl", "jsonl.gz"

    def __init__(self, table: Table, path: Path):
        self._compressed = _Compressed(path)

    def write(self, bodies: list[dict]) -> None:
        self._compressed.file.write(b"".join(orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE) for body in bodies))

    def close(self) -> None:
        self._compressed.close()


FORMATS = tuple(format_ for format_ in (CSV, JSONLines, Parquet) if format_)
