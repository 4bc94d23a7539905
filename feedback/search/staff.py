"""Search as the staff need it: among all comments, those that nobody else may read included."""

# ruff: noqa: S608, S611 - names of our own tables alone are put into statements

from django.db import connection
from django.db.models.expressions import RawSQL

from feedback.search import engines
from feedback.search.matching import BOUND, newest_spans
from feedback.search.query import parse
from portal.long_lists import MOST_FOUND

# Of each table: so many that a list says "over 500", and as many as can be decided about at once.
MOST_SHOWN, MOST_AT_ONCE = MOST_FOUND + 1, 10_000
# Keys as one value (see feedback.compiled) that nobody but the database takes apart, and how many there are.
FOUND = {
    "postgresql": """SELECT string_agg(comment_id::text, ','), COUNT(*) FROM (
            SELECT comment_id FROM (
                SELECT id, comment_id FROM {table} WHERE vector @@ %(match)s::tsquery {bound} OFFSET 0
            ) AS matches ORDER BY id DESC LIMIT %(most)s
        ) AS newest""",
    "sqlite": """SELECT json_group_array(comment_id), COUNT(*) FROM {table} WHERE id IN (
            SELECT rowid FROM {full_text} WHERE {full_text} MATCH %(match)s ORDER BY rowid DESC LIMIT %(most)s
        )""",
}
KEYS = {
    "postgresql": "SELECT unnest(string_to_array(%s, ',')::uuid[])",
    "sqlite": "SELECT value FROM json_each(%s)",
}


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
        keys = [_newest(cursor, table, match, most) for table in engines.FULL_TEXT]
    return RawSQL(" UNION ALL ".join([KEYS[connection.vendor]] * len(keys)), keys)


def _newest(cursor, table: str, match: str, most: int) -> str | None:
    """Keys of the comments of the newest `most` rows of `table` that match."""
    values = {"match": match, "most": most}
    statement = FOUND[connection.vendor]
    for spans in newest_spans(cursor, match, most, table) if connection.vendor == "postgresql" else ():
        cursor.execute(statement.format(table=table, bound=BOUND), values | {"spans": spans})
        keys, number = cursor.fetchone()
        if number == most:
            return keys
    cursor.execute(statement.format(table=table, bound="", full_text=engines.FULL_TEXT[table]), values)
    return cursor.fetchone()[0]
