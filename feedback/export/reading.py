"""Reading the rows of an export: a cursor of the database's, or, for CSV on PostgreSQL, its own COPY."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from feedback.export.cells import BEGINNINGS
from feedback.export.columns import Column

CHUNK = 2000  # rows in memory at a time
# The text that `feedback.export.cells` makes in Python, of the column %s, computed by PostgreSQL. The cheap look at
# the first sign comes first: nearly no text goes on to the second.
_SIGNS = BEGINNINGS.replace("\t", "").replace("\r", "").replace("\n", "")
_FIRST = f"U&'\\0009\\000D\\000A{_SIGNS}'''"
_PATTERN = f"'^''*[\\t\\r\\n{_SIGNS.replace('-', '')}-]'"
_CELLS = {
    "string": f"CASE WHEN strpos({_FIRST}, left(%s, 1)) > 0 AND %s ~ {_PATTERN} THEN '''' || %s "
    "ELSE nullif(%s, '') END",
    "plain": "nullif(%s, '')",
    "list": "nullif(%s, '')",
    "boolean": "CASE %s WHEN true THEN 'true' WHEN false THEN 'false' END",
    "datetime": """to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
    "local": f"to_char(%s AT TIME ZONE '{settings.TIME_ZONE}', 'YYYY-MM-DD HH24:MI:SS')",
}


def selected(rows: QuerySet, columns: Sequence[Column]) -> QuerySet:
    """The query of the columns' values, one tuple for each row; `rows` are in the order of their kind."""
    sources = {f"column_{place}": column.source for place, column in enumerate(columns)}
    return rows.annotate(**sources).values_list(*sources)


def batches(rows: QuerySet, columns: Sequence[Column]) -> Iterator[list[tuple]]:
    """The rows' values in lists of at most CHUNK, read by a cursor and never all at once."""
    values = selected(rows, columns).iterator(chunk_size=CHUNK)
    made = [(place, column.made) for place, column in enumerate(columns) if column.made]
    while batch := list(islice(values, CHUNK)):
        yield [_with(row, made) for row in batch] if made else batch


def _with(row: tuple, made: list) -> tuple:
    values = list(row)
    for place, make in made:
        values[place] = None if values[place] is None else make(values[place])
    return tuple(values)


def can_copy(columns: Sequence[Column]) -> bool:
    """Whether PostgreSQL can write these columns as CSV by itself."""
    return connection.vendor == "postgresql" and not any(column.made for column in columns)


def copied(rows: QuerySet, columns: Sequence[Column]) -> Iterator[memoryview]:
    """The lines of CSV as PostgreSQL writes them, a line break (LF) at the end of each."""
    sql, params = selected(rows, columns).query.sql_with_params()
    cells = ", ".join(
        _CELLS.get("plain" if column.plain and column.kind == "string" else column.kind, "%s").replace(
            "%s", f"column_{place}"
        )
        for place, column in enumerate(columns)
    )
    with connection.cursor() as cursor:
        statement = f"COPY (SELECT {cells} FROM ({sql}) AS chosen) TO STDOUT (FORMAT csv)"  # noqa: S608 - no input
        with cursor.copy(statement, params) as copy:
            yield from copy
