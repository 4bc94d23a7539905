"""The formats of an export: CSV, XLSX, JSON Lines, and Parquet where pyarrow is installed."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import orjson
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from rustpy_xlsxwriter import FastExcel
from rustpy_xlsxwriter import Format as Style

from feedback.export.cells import OF_CSV, OF_JSON, OF_SHEET
from feedback.export.columns import Column
from feedback.export.dictionary import HEADINGS, entries
from feedback.export.reading import CHUNK, batches, can_copy, copied

if find_spec("pyarrow"):  # an optional extra: requirements-parquet.txt
    from feedback.export.parquet import ParquetFile
else:
    ParquetFile = None

MOST_ROWS = 1_048_576  # of a sheet, the line of names included
LONGEST_CELL = 32_767  # signs that a spreadsheet holds
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Chosen:
    """What is exported: rows in their order, how many they are, and the columns; `title` names the sheet."""

    title: str
    rows: QuerySet
    total: int
    columns: Sequence[Column]

    def told_batches(self, tell: Tell) -> Iterator[list[tuple]]:
        """The rows' values in lists; `tell` hears how many are done."""
        done = 0
        for batch in batches(self.rows, self.columns):
            yield batch
            done += len(batch)
            tell(done)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def converters(columns: Sequence[Column], known: dict[str, Callable]) -> list[tuple[int, Callable]]:
    """(place, how its values are written) of the columns whose values do not stay as they are."""
    return [(place, known[column.kind]) for place, column in enumerate(columns) if column.kind in known]


def converted(row: tuple, how: list[tuple[int, Callable]]) -> list:
    values = list(row)
    for place, write in how:
        if values[place] is not None:
            values[place] = write(values[place])
    return values


def write_csv(chosen: Chosen, path: Path, tell: Tell) -> int:
    """RFC 4180 in UTF-8: a line of names, CRLF, quotes where they are needed; null and nothing are an empty cell."""
    if can_copy(chosen.columns):
        return _copy_csv(chosen, path, tell)
    how, rows = converters(chosen.columns, OF_CSV), 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(chosen.names)
        for batch in chosen.told_batches(tell):
            writer.writerows(converted(row, how) for row in batch)
            rows += len(batch)
    return rows


def _copy_csv(chosen: Chosen, path: Path, tell: Tell) -> int:
    rows = 0
    with path.open("wb") as file:
        file.write(",".join(chosen.names).encode() + b"\r\n")
        for line in copied(chosen.rows, chosen.columns):
            file.write(line[:-1])
            file.write(b"\r\n")
            rows += 1
            if not rows % CHUNK:
                tell(rows)
    tell(rows)
    return rows


def write_json_lines(chosen: Chosen, path: Path, tell: Tell) -> int:
    """One object a line, in UTF-8: every chosen column by its name, null where there is no value."""
    how, names, rows = converters(chosen.columns, OF_JSON), chosen.names, 0
    with path.open("wb") as file:
        for batch in chosen.told_batches(tell):
            objects = (dict(zip(names, converted(row, how), strict=True)) for row in batch)
            file.write(b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in objects))
            rows += len(batch)
    return rows


def write_sheets(chosen: Chosen, path: Path, tell: Tell) -> int:
    """A workbook: the rows in sheets of at most 1,048,576, then the data dictionary.

    Every text is a text cell with the mark that Excel itself gives to one ("quote prefix"), which no spreadsheet
    computes, nor makes a formula of when somebody edits it.
    """
    how, names = converters(chosen.columns, OF_SHEET), chosen.names
    text = Style().set_quote_prefix()
    longest = [place for place, column in enumerate(chosen.columns) if column.kind in {"string", "list"}]
    rows = (row for batch in chosen.told_batches(tell) for row in batch)

    def cells(part: Iterator[tuple]) -> Iterator[dict]:
        for row in part:
            values = converted(row, how)
            for place in longest:
                if values[place] is not None and len(values[place]) > LONGEST_CELL:
                    values[place] = values[place][: LONGEST_CELL - 1] + "…"
            yield dict(zip(names, values, strict=True))

    book = FastExcel(path, output_format="xlsx").freeze(row=1)
    book.format(datetime_format="yyyy-mm-dd hh:mm:ss", bold_headers=True)
    formats = {column.name: text for column in chosen.columns if column.kind in {"string", "list"}}
    formats |= {column.name: Style().set_num_format("yyyy-mm-dd") for column in chosen.columns if column.kind == "date"}
    most = MOST_ROWS - 1
    for number in range(max(1, -(-chosen.total // most))):
        part = cells(islice(rows, most)) if chosen.total else iter([dict.fromkeys(names)])
        book.sheet(_sheet_name(chosen.title, number), part, column_formats=formats, column_width=16)
    described = [dict(zip(map(str, HEADINGS), entry, strict=True)) for entry in entries(chosen.columns)]
    book.sheet(_t("Data dictionary")[:31], described, column_widths=[24, 12, 80, 32, 40])
    _save(book)
    return chosen.total


def _save(book: FastExcel) -> None:
    """Write the workbook, which reads the rows. Raises OSError with its number, so that a full disk is told.

    Where a disk is full the library panics, which is no Exception, or names the number in its words alone.
    """
    try:
        book.save()
    except BaseException as fault:
        if type(fault).__name__ != "PanicException" and not (isinstance(fault, OSError) and fault.errno is None):
            raise
        reason = re.search(r'message: "([^"]+)"', str(fault))
        number = re.search(r"(?:os error|code:) (\d+)", str(fault))
        raise OSError(int(number[1]) if number else None, reason[1] if reason else str(fault)) from None


def _sheet_name(title: str, number: int) -> str:
    return title[:25] if not number else f"{title[:25]} {number + 1}"


def write_parquet(chosen: Chosen, path: Path, tell: Tell) -> int:
    """Columns with their types, compressed with Zstandard; meanings are the metadata of their fields."""
    rows = 0
    with ParquetFile(chosen.columns, path) as file:
        for batch in chosen.told_batches(tell):
            file.write(batch)
            rows += len(batch)
    return rows


@dataclass(frozen=True)
class Format:
    """One format; `write` fills a path and returns the number of rows."""

    name: str
    title: str
    media_type: str
    write: Callable[[Chosen, Path, Tell], int]


SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("xlsx", "XLSX (Excel)", SHEETS, write_sheets),
        Format("csv", "CSV", "text/csv; charset=utf-8", write_csv),
        Format("jsonl", "JSON Lines", "application/jsonl", write_json_lines),
        *([Format("parquet", "Parquet", "application/vnd.apache.parquet", write_parquet)] if ParquetFile else []),
    )
}
