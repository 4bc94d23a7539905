"""Exports opened by LibreOffice and written out again: every text as it was, and no formula. Needs `soffice`."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from feedback.models import CommentVersion
from portal.plain_text import clean_text
from tests.builders import make_comment
from tests.dumps import NASTY, unmarked
from tests.exports import export
from tests.programme_builders import make_measure

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
]
LIKE_VALUES = [
    "007",
    "00123456789012345678",
    "1-2",
    "03/04/2026",
    "2026-11-24",
    "12:30",
    "1e5",
    "1,5",
    "5%",
    "TRUE",
    "#REF!",
]
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1;1)", "=cmd|' /C calc'!A0", '=WEBSERVICE("http://127.0.0.1:9/")', "{=1+1}"]
KAZAKH = ["Ә Ғ Қ Ң Ө Ұ Ү Һ І ә ғ қ ң ө ұ ү һ і", "Бірінші жол\nекінші жол", "😀🇰🇿👩‍👩‍👧", "a;b,c\td\"e'f", "end\\"]
# 32,767 signs, as many as a cell holds; in lines, since LibreOffice itself parts a line of more than 16,000.
LONGEST = f"{'Ұ' * 10_000}\n" * 3 + "я" * 2_764
# As the form lets them through; a text that begins with a blank or ends with one cannot be.
TEXTS = [text for text in map(clean_text, [*NASTY, *LIKE_VALUES, *FORMULAS, *KAZAKH, LONGEST]) if text]
# Comma, double quotes, UTF-8, from line 1 (LibreOffice, "Filter Options for CSV").
READ, WRITE = "CSV:44,34,76,1", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false"
AS_TEXT = "/".join(f"{column}/2" for column in range(1, 31))


def opened(file: Path, folder: Path, to: str, reading: str = "") -> Path:
    """`file` opened by LibreOffice with a profile of its own, and written as `to`."""
    folder.mkdir(exist_ok=True)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += [f"--infilter={reading}"] if reading else []
    command += ["--convert-to", to, "--outdir", str(folder), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    (written,) = [path for path in folder.iterdir() if path.is_file()]
    assert done.returncode == 0, done.stderr
    return written


def texts_of(file: Path) -> list[str]:
    csv.field_size_limit(1_000_000)
    with file.open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines, strict=True)]


@pytest.fixture
def files(tmp_path) -> Path:
    """The folder of the comments' export as CSV and XLSX."""
    measure = make_measure()
    for text in TEXTS:
        comment = make_comment(measure, text="x")
        CommentVersion.objects.filter(comment=comment).update(text=text)
    for ending in ("csv", "xlsx"):
        export("comments", tmp_path / f"comments.{ending}")
    return tmp_path


def test_a_workbook_comes_back_from_libreoffice_as_it_was(files):
    assert texts_of(opened(files / "comments.xlsx", files / "a", WRITE)) == TEXTS


def test_csv_comes_back_from_libreoffice_as_it_was(files):
    """With its columns read as text, as its dialogue offers."""
    found = texts_of(opened(files / "comments.csv", files / "b", WRITE, f"{READ},{AS_TEXT}"))
    assert [unmarked(text) for text in found] == TEXTS


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_libreoffice_finds_no_formula_whatever_it_takes_numbers_and_dates_for(files, ending):
    reading = f"{READ},,0,false,true" if ending == "csv" else ""  # special numbers found: the boldest way to read
    book = opened(files / f"comments.{ending}", files / "c", "fods", reading).read_text(encoding="utf-8")
    assert ("office:spreadsheet" in book, book.count("table:formula="), "Err:" in book) == (True, 0, False)
