"""Search as the staff need it: among all comments, those that nobody else may read included."""

# ruff: noqa: S608, S611 - names of our own tables alone are put into statements

import re

from django.db import connection
from django.db.models.expressions import RawSQL

from feedback.models import Comment, CommentVersion
from feedback.models.comment import State
from feedback.search import engines
from feedback.search.matching import BOUND, newest_spans
from feedback.search.query import parse

MOST_VISIBLE = 10_000  # as many as can be decided about at once
# So many of the newest are looked at, of each state that is not public: what is older is found by more words.
MOST_OTHERS = 5_000
MOST_FOUND = 1_000  # of these
VISIBLE = {
    "postgresql": f"""SELECT comment_id FROM (SELECT id, comment_id FROM {engines.WORDS}
        WHERE vector @@ %s::tsquery {{bound}} OFFSET 0) AS matches ORDER BY id DESC LIMIT {MOST_VISIBLE}""",
    "sqlite": f"""SELECT words.comment_id FROM {engines.FTS} JOIN {engines.WORDS} AS words
        ON words.id = {engines.FTS}.rowid WHERE {engines.FTS} MATCH %s ORDER BY words.id DESC LIMIT {MOST_VISIBLE}""",
}
# An index of public words holds nothing of what is not public: there the texts themselves are read.
OTHERS = f"""SELECT versions.comment_id FROM (
        SELECT latest_id FROM {Comment._meta.db_table} WHERE state = '{{state}}'
        ORDER BY created_at DESC, id DESC LIMIT {MOST_OTHERS}
    ) AS newest JOIN {CommentVersion._meta.db_table} AS versions ON versions.id = newest.latest_id
    WHERE UPPER(versions.text) LIKE UPPER(%s) ESCAPE '!' LIMIT {MOST_FOUND}"""
NOT_SHOWN = (State.PENDING, State.HIDDEN, State.WITHDRAWN)


def ids_of_comments_with(text: str) -> RawSQL | None:
    """A subquery of ids: visible comments with all the words of `text`, however inflected, and others with `text` as
    it is. None where it holds no word.

    The texts of the others are read here and now, for a list asks its condition twice: for rows and for their number.
    """
    query = parse(text)
    if not query.terms:
        return None
    words = engines.expression(connection.vendor, [term.stems for term in query.terms], every=True)
    as_it_is = "%" + re.sub("([!%_])", r"!\1", text.strip()) + "%"
    others = " UNION ALL ".join(
        f"SELECT * FROM ({OTHERS.format(state=state.value)}) AS part{number}" for number, state in enumerate(NOT_SHOWN)
    )
    with connection.cursor() as cursor:
        spans = newest_spans(cursor, words, MOST_VISIBLE) if connection.vendor == "postgresql" else None
        cursor.execute(others, [as_it_is] * len(NOT_SHOWN))
        keys = [row[0] for row in cursor.fetchall()]
    visible = VISIBLE[connection.vendor].format(bound=BOUND.replace("%(spans)s", "%s") if spans else "")
    statement, params = f"SELECT * FROM ({visible}) AS visible", [words, *([spans] if spans else [])]
    if keys:
        statement += f" UNION ALL VALUES {', '.join(['(%s)'] * len(keys))}"
    return RawSQL(statement, params + keys)
