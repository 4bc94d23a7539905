"""Making exports, and reading their files as a stranger would, with the standard library."""

import csv
import json
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from django.core.management import call_command

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile(r"_x([0-9A-F]{4})_")


def export(kind: str, file: Path, **options) -> str:
    """Run the command; returns what it says."""
    out = StringIO()
    call_command("export", kind, str(file), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def exported(kind: str, folder: Path, ending: str = "jsonl", **options) -> list[dict]:
    """The rows of an export, read again from its file."""
    file = folder / f"{kind}.{ending}"
    export(kind, file, **options)
    return {"csv": rows_of_csv, "jsonl": rows_of_json_lines, "xlsx": rows_of_workbook}[ending](file)


def rows_of_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def rows_of_json_lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def rows_of_workbook(file: Path) -> list[dict]:
    """The rows of all sheets but the dictionary."""
    return [row for _name, rows in sheets(file)[:-1] for row in rows]


def sheets(file: Path) -> list[tuple[str, list[dict]]]:
    """(name, rows) of each sheet; a row has its texts, numbers and truths by the names in the first one."""
    with ZipFile(file) as book:
        names = [sheet.get("name") for sheet in _parsed(book.read("xl/workbook.xml")).iter(f"{SPACE}sheet")]
        return [(name, _rows(book.read(f"xl/worksheets/sheet{number}.xml"))) for number, name in enumerate(names, 1)]


def _parsed(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314 - our own


def _rows(sheet: bytes) -> list[dict]:
    lines = [
        {re.sub(r"\d", "", cell.get("r")): _value(cell) for cell in row.iter(f"{SPACE}c")}
        for row in _parsed(sheet).iter(f"{SPACE}row")
    ]
    return [{name: line.get(place) for place, name in lines[0].items()} for line in lines[1:]]


def _value(cell):
    if cell.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{SPACE}t"))
        return ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
    value = cell.findtext(f"{SPACE}v")
    if value is None:
        return None
    return value == "1" if cell.get("t") == "b" else float(value)
