"""`datapackage.json`: what is in a dump, as a Frictionless Data Package (version 2) with Table Schemas."""

from datetime import datetime

from django.conf import settings

from feedback.api.labels import moment
from feedback.dumps.dictionary import IN_LANGUAGE, Column
from feedback.dumps.shelf import address
from feedback.dumps.tables import Table
from principles.models import Programme

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("Creative Commons Attribution-ShareAlike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution", "https://opendatacommons.org/licenses/by/1-0/"),
    "ODbL-1.0": ("Open Data Commons Open Database License", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "PDDL-1.0": ("Open Data Commons Public Domain", "https://opendatacommons.org/licenses/pddl/1-0/"),
}
MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
MARKED = (
    "A cell that begins with =, +, -, @, a tab or a line break (or the wide forms of those signs), after any "
    "apostrophes, has one apostrophe put before it, so that no spreadsheet computes it: take one away to have the text."
)


def package(name: str, *, seq: int, log: str | None, at: datetime, resources: list[dict]) -> dict:
    """The description of the dump `name`, cut at `seq` of the ledger `log`."""
    site = settings.SITE_NAME or "Public consultation"
    return {
        "$schema": PROFILE,
        "name": f"consultation-{name}",
        "id": address(f"{name}/"),
        "title": f"{site}: open data at entry {seq} of the ledger",
        "description": "Everything that is public, one snapshot of it. A copy is kept true from here with "
        f"{settings.SITE_URL}/api/v1/changes/?after={seq}. In JSON Lines each line is what the API answers for that "
        "row; CSV and Parquet have the same, flattened. An empty cell of CSV is null.",
        "homepage": settings.SITE_URL,
        "version": name,
        "created": moment(at),
        "log": log,
        "seq": seq,
        "citation": citation(name, seq=seq, log=log, at=at, site=site),
        "licenses": [licence()],
        "sources": [{"title": site, "path": settings.SITE_URL}, *_documents()],
        "contributors": [{"title": settings.OPERATOR_NAME or site, "path": settings.SITE_URL, "roles": ["publisher"]}],
        "resources": resources,
    }


def citation(name: str, *, seq: int, log: str | None, at: datetime, site: str) -> str:
    """How the dump asks to be cited."""
    of_log = f" {log}" if log else ""
    return (
        f"{settings.OPERATOR_NAME or site} ({at.year}). {site}: open data of {at:%Y-%m-%d}, entry {seq} of the "
        f"ledger{of_log} [data set]. {address(f'{name}/')} (licence {settings.DATA_LICENCE})."
    )


def licence() -> dict:
    """The licence of the settings, with title and address where it is a known one."""
    name = settings.DATA_LICENCE
    if name in LICENCES:
        title, path = LICENCES[name]
        return {"name": name, "title": title, "path": path}
    return {"path": name, "title": name} if name.startswith(("https://", "http://")) else {"name": name}


def _documents() -> list[dict]:
    """The documents that the programmes were taken from."""
    programmes = Programme.objects.exclude(source_title="")
    return [
        {"title": row.source_title} | ({"path": row.source_url} if row.source_url else {})
        for row in programmes.order_by("order", "pk")
    ]


def resource(table: Table, format_name: str, path: str, *, rows: int, size: int, sha256: str) -> dict:
    """One file: a table in a format. `rows` are without the line of names."""
    described = {
        "name": f"{table.name}-{format_name}",
        "path": path,
        "title": table.title,
        "table": table.name,
        "format": format_name,
        "mediatype": MEDIA_TYPES[format_name],
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "rows": rows,
    }
    if format_name != "parquet":
        described["compression"] = "gz"
    if format_name == "csv":
        described["description"] = MARKED
        described["dialect"] = {
            "header": True,
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
        }
    fields = json_fields(table) if format_name == "jsonl" else [_field(column) for column in table.columns]
    return described | {"schema": {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}}


def _field(column: Column) -> dict:
    kind = "string" if column.kind == "list" else column.kind
    field = {"name": column.name, "type": kind, "description": column.meaning}
    if column.kind == "list":
        field["description"] += " Blanks stand between them."
    if column.unit:
        field["unit"] = column.unit
    if column.values:
        field["constraints"] = {"enum": list(column.values)}
    return field


def json_fields(table: Table) -> list[dict]:
    """The fields of the table's bodies; one that holds several columns lists them as `properties`."""
    groups: dict[str, list[Column]] = {}
    for column in table.columns:
        groups.setdefault(str(column.path[0]), []).append(column)
    fields = [_json_field(name, columns) for name, columns in groups.items()]
    return fields + [
        {"name": name, "type": "array", "description": meaning} for name, meaning in table.only_json.items()
    ]


def _json_field(name: str, columns: list[Column]) -> dict:
    (first, *more) = columns
    if not more and len(first.path) == 1:
        if first.kind == "list":
            return {"name": name, "type": "array", "description": first.meaning}
        return _field(first)
    places = isinstance(first.path[1], int)
    kind = "array" if places else "object"
    what = "An array" if places else "One text per language" if _in_languages(columns) else "An object"
    return {
        "name": name,
        "type": kind,
        "description": f"{what}; its parts are the columns of CSV named here.",
        "properties": [{**_field(column), "path": [str(step) for step in column.path[1:]]} for column in columns],
    }


def _in_languages(columns: list[Column]) -> bool:
    return [column.path[1] for column in columns] == list(IN_LANGUAGE)
