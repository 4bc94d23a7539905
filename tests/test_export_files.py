"""The files of exports: every row once, every text back as it was, and no half file."""

import re
import resource
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
import time_machine
from django.core.management import CommandError

from feedback.actions.exports import is_full
from feedback.export import formats
from feedback.export.catalogue import KINDS
from feedback.export.making import Order, write_export
from feedback.models import CommentVersion, ExportRecord
from tests.answers import make_answer, make_draft
from tests.builders import hide, make_comment, make_participant
from tests.dumps import NASTY, busy_portal, unmarked
from tests.exports import export, exported, rows_of_csv, sheets
from tests.programme_builders import make_measure, make_programme

pytestmark = pytest.mark.django_db
ENDINGS = ["csv", "xlsx", "jsonl"]


def with_nasty_texts():
    measure = make_measure()
    for text in NASTY:
        comment = make_comment(measure, text="x")
        # Past the form, which would tidy some of them up.
        CommentVersion.objects.filter(comment=comment).update(text=text)


def test_every_row_is_there_once_in_the_columns_of_the_dictionary(tmp_path):
    busy_portal()
    for kind, ending in product(KINDS, ENDINGS):
        names = [column.name for column in KINDS[kind].offered_to(None)]
        rows = exported(kind, tmp_path, ending, columns="all")
        assert len(rows) == KINDS[kind].rows().count() > 0
        assert {tuple(row) for row in rows} == {tuple(names)}
        if ending == "xlsx":
            described = [entry["column"] for entry in sheets(tmp_path / f"{kind}.xlsx")[-1][1]]
        else:
            described = [entry["column"] for entry in rows_of_csv(tmp_path / f"{kind}.dictionary.csv")]
        assert described == names


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_text_comes_back_as_it_was(tmp_path, ending):
    with_nasty_texts()
    texts = [row["text"] for row in exported("comments", tmp_path, ending)]
    assert [unmarked(text) if ending == "csv" else text for text in texts] == NASTY


def test_no_cell_of_csv_begins_like_a_formula(tmp_path):
    with_nasty_texts()
    cells = [cell for row in exported("comments", tmp_path, "csv") for cell in row.values()]
    assert [cell for cell in cells if re.match(r"[=+\-@\t\r\n＝＋－＠]", cell)] == []


def test_no_cell_of_a_workbook_is_a_formula_and_texts_are_marked_as_such(tmp_path):
    with_nasty_texts()
    export("comments", tmp_path / "comments.xlsx")
    with ZipFile(tmp_path / "comments.xlsx") as book:
        sheet, styles = (book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert re.findall(r"<f[ >]", sheet) == []
    (text,) = re.findall(r'<c r="J2" s="(\d+)" t="inlineStr">', sheet)
    assert 'quotePrefix="1"' in re.findall(r"<xf [^>]*>", styles.partition("<cellXfs")[2])[int(text)]


def test_times_stand_in_utc_and_by_the_portals_clock(tmp_path, settings):
    measure = make_measure()
    with time_machine.travel(datetime(2026, 11, 24, 20, 5, 9, 999999, tzinfo=UTC), tick=False):
        make_comment(measure)
    for ending in ("csv", "jsonl"):
        (row,) = exported("comments", tmp_path, ending)
        assert (row["created"], row["created_local"]) == ("2026-11-24T20:05:09Z", "2026-11-25 01:05:09")
    (row,) = exported("comments", tmp_path, "xlsx")
    local = datetime(1899, 12, 30) + timedelta(days=row["created_local"])
    assert (row["created"], local.isoformat(timespec="seconds")) == ("2026-11-24T20:05:09Z", "2026-11-25T01:05:09")


def test_what_a_database_writes_by_itself_equals_what_is_written_here(tmp_path):
    busy_portal()
    # A column that is made here, and not by the database, has the whole file written here.
    here = exported("comments", tmp_path, "csv", columns="all")
    names = ",".join(name for name in here[0] if name != "withheld_text")
    alone = exported("comments", tmp_path, "csv", columns=names)
    assert alone == [{name: row[name] for name in names.split(",")} for row in here]


def test_nothing_that_was_taken_back_is_in_any_column(tmp_path):
    busy_portal()
    withheld = {row["withheld_text"] for row in exported("comments", tmp_path, columns="all")}
    assert withheld == {None, "CANARY hidden", "CANARY pending"}
    usual = "".join(path.read_text() for kind in KINDS for path in [tmp_path / "x.csv"] if export(kind, path))
    assert "CANARY" not in usual


def test_what_is_withheld_is_masked(tmp_path):
    careful = make_measure(make_programme(measures=0, moderation="before"))
    make_comment(careful, text="Call me on +7 701 123-45-67.")
    (row,) = exported("comments", tmp_path, columns="text,withheld_text")
    assert row == {"text": None, "withheld_text": "Call me on +* *** ***-**-**."}


def test_a_workbook_goes_on_in_another_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "MOST_ROWS", 4)
    measure = make_measure()
    ids = [str(make_comment(measure).pk) for _ in range(7)]
    export("comments", tmp_path / "comments.xlsx")
    found = sheets(tmp_path / "comments.xlsx")
    assert [name for name, _rows in found] == ["comments", "comments 2", "comments 3", "Data dictionary"]
    assert [[row["id"] for row in rows] for _name, rows in found[:3]] == [ids[:3], ids[3:6], ids[6:]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_of_nothing_has_its_names(tmp_path, ending):
    assert exported("comments", tmp_path, ending) == []
    if ending == "csv":
        assert (tmp_path / "comments.csv").read_text().startswith("id,programme,")
    if ending == "xlsx":
        with ZipFile(tmp_path / "comments.xlsx") as book:
            assert "<t>id</t>" in book.read("xl/worksheets/sheet1.xml").decode()


def test_columns_stand_in_their_order_whatever_the_order_they_are_asked_in(tmp_path):
    make_comment(make_measure())
    assert [list(row) for row in exported("comments", tmp_path, columns="text, id,state")] == [["id", "state", "text"]]


def test_only_one_programme_is_exported(tmp_path):
    one, other = make_measure(), make_measure()
    comment = make_comment(one)
    make_comment(other)
    slug = one.principle.programme.slug
    assert [row["id"] for row in exported("comments", tmp_path, programme=slug)] == [str(comment.pk)]


def test_lists_hold_what_hangs_on_a_row_oldest_first(tmp_path):
    measure = make_measure()
    comments = [make_comment(measure) for _ in range(2)]
    answers = [make_answer(measure, *comments) for _ in range(2)]
    draft = make_draft(measure, comments[0])
    assert [row["answers"] for row in exported("comments", tmp_path)] == [[answer.code for answer in answers]] * 2
    rows = exported("answers", tmp_path, "csv")
    assert [(row["code"], row["state"]) for row in rows] == [
        *((answer.code, "published") for answer in answers),
        (draft.code, "draft"),
    ]
    assert {frozenset(row["comments"].split()) for row in rows[:2]} == {frozenset(str(one.pk) for one in comments)}


@pytest.mark.parametrize(
    ("kind", "file", "options", "said"),
    [
        ("comments", "x.doc", {}, "ends in no format that is known: xlsx, csv, jsonl"),
        ("comments", "x.csv", {"columns": "id,salt"}, "comments have no columns salt; --list-columns names them."),
        ("comments", "x.csv", {"programme": "nowhere"}, "There is no programme nowhere."),
        ("participants", "x.csv", {"programme": "x"}, "participants are of no programme."),
        ("comments", "no/such/folder/x.csv", {}, "was not written: No such file or directory."),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_leaves_nothing(tmp_path, kind, file, options, said):
    with pytest.raises(CommandError) as refusal:
        export(kind, tmp_path / file, **options)
    assert said in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def full_disk(most: int):
    """No file may grow beyond `most` bytes: what a disk that is full says, with another number."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_disk_that_fills_up_leaves_no_file_and_the_one_that_was_there(tmp_path, ending):
    measure = make_measure()
    for _ in range(60):
        make_comment(measure, text=f"{uuid4()} {uuid4()} {uuid4()}")  # nothing that is packed small
    file = tmp_path / f"comments.{ending}"
    file.write_text("from before")
    with full_disk(4096), pytest.raises(OSError, match="File too large") as caught:
        write_export(Order(KINDS["comments"], KINDS["comments"].chosen(None), ending), file)
    assert is_full(caught.value)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(file.name, "from before")]


def test_an_export_that_cannot_be_recorded_leaves_no_file(tmp_path):
    make_comment(make_measure())

    def refuse(rows: int) -> None:
        raise ConnectionError("gone")

    order = Order(KINDS["comments"], KINDS["comments"].chosen(None), "csv")
    with pytest.raises(ConnectionError):
        write_export(order, tmp_path / "comments.csv", settle=refuse)
    assert list(tmp_path.iterdir()) == []


def test_every_export_of_the_command_is_recorded(tmp_path):
    hide(make_comment(make_measure()))
    make_participant()
    export("participants", tmp_path / "people.csv", columns="pseudonym,email")
    export("decisions", tmp_path / "decisions.xlsx")
    records = ExportRecord.objects.order_by("pk").values_list("by", "role", "kind", "format", "personal", "rows")
    assert list(records) == [
        (None, "operator", "participants", "csv", True, 2),
        (None, "operator", "decisions", "xlsx", False, 1),
    ]
    assert ExportRecord.objects.earliest("pk").columns == "pseudonym email"


def test_columns_are_listed_with_their_meaning(tmp_path):
    said = export("participants", tmp_path / "x.csv", list_columns=True, language="ru").splitlines()
    assert [line.partition(":")[0] for line in said][:3] == ["pseudonym", "name", "email (not usual)"]
    assert list(Path(tmp_path).iterdir()) == []
