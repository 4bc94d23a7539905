"""Search as the staff need it: among all comments, those that nobody else may read included."""

# ruff: noqa: S608, S611 - names of our own tables alone are put into statements

import json

from django.db import connection
from django.db.models.expressions import RawSQL

from feedback.search import engines
from feedback.search.matching import BOUND, newest_spans
from feedback.search.query import parse

# Of each table: so many that a list says "over 1,000", and as many as can be decided about at once.
MOST_SHOWN, MOST_AT_ONCE = 1_001, 10_000
FOUND = {
    "postgresql": """SELECT comment_id::text FROM (
            SELECT id, comment_id FROM {table} WHERE vector @@ %(match)s::tsquery {bound} OFFSET 0
        ) AS matches ORDER BY id DESC LIMIT %(most)s""",
    "sqlite": """SELECT comment_id FROM {table} WHERE id IN (
            SELECT rowid FROM {full_text} WHERE {full_text} MATCH %(match)s ORDER BY rowid DESC LIMIT %(most)s
        )""",
}


# All keys as one value (see feedback.compiled), as the database writes them: a thousand objects of them take 2 ms.
KEYS = {"postgresql": "SELECT unnest(%s::uuid[])", "sqlite": "SELECT value FROM json_each(%s)"}


def ids_of_comments_with(text: str, most: int = MOST_AT_ONCE) -> RawSQL | None:
    """A subquery of ids: comments with all the words of `text`, whatever their endings, in what everybody reads or,
    where that is something else, in their latest text. Of each the newest `most`. None where `text` has no word.

    They are looked for here and now: who asks may ask twice, for rows and for their number.
    """
    query = parse(text)
    if not query.terms:
        return None
    match = engines.expression(connection.vendor, [term.stems for term in query.terms], every=True)
    with connection.cursor() as cursor:
        keys = [key for table in engines.FULL_TEXT for key in _newest(cursor, table, match, most)]
    return RawSQL(KEYS[connection.vendor], [keys if connection.vendor == "postgresql" else json.dumps(keys)])


def _newest(cursor, table: str, match: str, most: int) -> list[str]:
    """Keys of the comments of the newest `most` rows of `table` that match."""
    values = {"match": match, "most": most}
    statement = FOUND[connection.vendor]
    for spans in newest_spans(cursor, match, most, table) if connection.vendor == "postgresql" else ():
        cursor.execute(statement.format(table=table, bound=BOUND), values | {"spans": spans})
        keys = [row[0] for row in cursor.fetchall()]
        if len(keys) == most:
            return keys
    cursor.execute(statement.format(table=table, bound="", full_text=engines.FULL_TEXT[table]), values)
    return [row[0] for row in cursor.fetchall()]
