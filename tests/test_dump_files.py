"""The files of a dump: CSV, Parquet, the data dictionary and the checksums."""

import gzip
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec

import pytest

from feedback.dumps.dictionary import COLUMNS
from tests.dumps import NASTY, bodies, busy_portal, cells, checksums, described, made, unmarked

if find_spec("pyarrow"):
    import pyarrow.parquet

FORMATS = ["csv", "jsonl", *(["parquet"] if find_spec("pyarrow") else [])]
READ = {
    "number": lambda value: Decimal(str(value)),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "list": " ".join,
}


@pytest.mark.django_db
def test_csv_gives_back_every_value_and_no_cell_that_a_spreadsheet_computes():
    busy_portal()
    folder = made()
    for table, columns in COLUMNS.items():
        rows, found = bodies(folder, table), cells(folder, table)
        assert len(found) == len(rows) > 0, table
        for row, body in zip(found, rows, strict=True):
            assert list(row) == [column.name for column in columns]
            for column in columns:
                value = column.value_in(body)
                if column.kind == "string":
                    assert row[column.name][:1] not in set("=+-@\t\r\n＝＋－＠") - {""}
                    assert unmarked(row[column.name]) == (value or "")
                elif column.kind == "boolean":
                    assert row[column.name] == str(value).lower()
                elif column.kind == "list":
                    assert row[column.name].split() == value
                else:
                    assert row[column.name] == ("" if value is None else str(value))
    texts = {row["text"] for row in cells(folder, "comments")}
    assert {unmarked(text) for text in texts} >= set(NASTY)
    assert '\'=HYPERLINK("http://example.org";"free")' in texts
    (reading,) = cells(folder, "readings")
    assert (reading["value"], reading["source"]) == ("-7.5", "'=Bureau, of “statistics”")


@pytest.mark.django_db
def test_csv_is_rfc_4180():
    busy_portal()
    raw = gzip.decompress((made() / "tallies.csv.gz").read_bytes())
    head, *rest = raw.split(b"\r\n")
    assert head.decode() == "log,measure,question,edition,n,released_n,c1,c2,c3,c4,c5,median,share_positive,seq"
    assert (rest[-1], b"\n" in raw.replace(b"\r\n", b"")) == (b"", False)


@pytest.mark.django_db
@pytest.mark.parquet
def test_parquet_has_the_columns_of_csv_with_their_types():
    busy_portal()
    folder = made()
    for table, columns in COLUMNS.items():
        found = pyarrow.parquet.read_table(folder / f"{table}.parquet")
        assert found.column_names == [column.name for column in columns]
        wanted = [
            {
                column.name: None
                if (value := column.value_in(body)) is None
                else READ.get(column.kind, lambda value: value)(value)
                for column in columns
            }
            for body in bodies(folder, table)
        ]
        assert found.to_pylist() == wanted, table


@pytest.mark.django_db
def test_the_data_package_describes_every_column_that_exists_and_no_other(settings):
    settings.OPERATOR_NAME = "The Operator"
    busy_portal()
    folder = made()
    package = described(folder)
    seen = set()
    for resource in package["resources"]:
        fields = [field["name"] for field in resource["schema"]["fields"]]
        if resource["format"] == "csv":
            columns = list(cells(folder, resource["table"])[0])
        elif resource["format"] == "jsonl":
            (columns,) = {tuple(sorted(row)) for row in bodies(folder, resource["table"])}
            columns, fields = list(columns), sorted(fields)
        else:
            columns = [column.name for column in COLUMNS[resource["table"]]]
        assert fields == columns, resource["name"]
        assert all(field["description"] and field["type"] for field in resource["schema"]["fields"])
        assert set(resource["schema"]["primaryKey"]) <= set(columns)
        assert resource["rows"] == len(bodies(folder, resource["table"]))
        seen.add((resource["table"], resource["format"]))
    assert seen == {(table, format_) for table in COLUMNS for format_ in FORMATS}
    assert package["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }
    ]
    assert package["citation"] == (
        f"The Operator ({package['created'][:4]}). Test portal: open data of {package['created'][:10]}, entry "
        f"{package['seq']} of the ledger {package['log']} [data set]. "
        f"http://127.0.0.1:8000/api/v1/dumps/{folder.name}/ (licence CC-BY-4.0)."
    )
    values = {
        (resource["table"], field["name"]): field["constraints"]["enum"]
        for resource in package["resources"]
        if resource["format"] == "csv"
        for field in resource["schema"]["fields"]
        if "constraints" in field
    }
    for (table, name), allowed in values.items():
        assert {row[name] for row in cells(folder, table)} <= {"", *map(str, allowed)}, (table, name)
    assert values["comments", "state"] == ["published", "hidden", "withdrawn", "erased"]


@pytest.mark.django_db
def test_checksums_and_sizes_are_right():
    busy_portal()
    folder = made()
    sums = checksums(folder)
    listed = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert listed == {name: sha256 for name, sha256 in sums.items() if name != "SHA256SUMS"}
    for resource in described(folder)["resources"]:
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
        assert resource["bytes"] == (folder / resource["path"]).stat().st_size
