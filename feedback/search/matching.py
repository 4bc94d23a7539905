"""One page of matches: the newest 1,000 are ranked, however many there are."""

# ruff: noqa: S608 - names of our own tables alone are put into statements

import math

from django.db import connection

from feedback.search.engines import FTS, WORDS

# Fifty pages; each thousand more costs some 5 ms of PostgreSQL's, where all of a search takes 10.
MOST_RANKED = 1_000
# Rows of one span, by their numbers: PostgreSQL's index holds the span beside the words (migration 0024), so that only
# the newest matches are fetched. Reading rows is what a search costs; a frequent word of a million has many times more
# than are ranked.
SPAN = 4_096
# And one sixteen times as wide, of a negative number, for words that need many: each that is asked for costs 0.1 ms.
WIDE = 16 * SPAN
SPANS = f"ARRAY[id / {SPAN}, -1 - id / {WIDE}]"
BOUND = f"AND {SPANS} && %(spans)s::bigint[]"

SEARCH = {
    "postgresql": f"""
        WITH hits AS MATERIALIZED (
            SELECT id, comment_id{{score}} FROM {WORDS} WHERE vector @@ %(match)s::tsquery {{bound}}
        )
        SELECT comment_id, (SELECT COUNT(*) FROM hits)
        FROM (SELECT * FROM hits ORDER BY id DESC LIMIT {MOST_RANKED}) AS newest
        ORDER BY {{rank}}id DESC LIMIT %(limit)s OFFSET %(offset)s""",
    "sqlite": f"""
        WITH hits AS MATERIALIZED (
            SELECT rowid AS id{{score}} FROM {FTS} WHERE {FTS} MATCH %(match)s
            ORDER BY rowid DESC LIMIT {MOST_RANKED + 1}
        )
        SELECT words.comment_id, (SELECT COUNT(*) FROM hits)
        FROM (SELECT * FROM hits ORDER BY id DESC LIMIT {MOST_RANKED}) AS newest
        JOIN {WORDS} AS words ON words.id = newest.id
        ORDER BY {{rank}}newest.id DESC LIMIT %(limit)s OFFSET %(offset)s""",
}
SAMPLE = f"""
    SELECT last.id, (
        SELECT COUNT(*) FROM {{table}} WHERE vector @@ %(match)s::tsquery
        AND {SPANS} && ARRAY[last.id / {SPAN}, last.id / {SPAN} - 1]
    ), (
        SELECT COUNT(*) FROM {{table}} WHERE vector @@ %(match)s::tsquery
        AND {SPANS} && ARRAY[last.id / {2 * SPAN}, last.id / {2 * SPAN} + 1]
    ) FROM (SELECT id FROM {{table}} ORDER BY id DESC LIMIT 1) AS last"""
RELIABLE = 100  # so many matches in a sample tell how many there are beside it
WIDER = 8  # times as many rows, where those had too few
# How often the words are there and how near to each other; ts_rank_cd tells the latter better and takes thrice as long.
# 16: divided by the logarithm of the number of different words, which a vector tells without being read through.
SCORE = {"postgresql": ", ts_rank(vector, %(rank)s::tsquery, 16) AS score", "sqlite": f", bm25({FTS}) AS score"}
RANK = {"postgresql": "score DESC, ", "sqlite": "score, "}


def search_statement(vendor: str, *, ranked: bool, bounded: bool = False) -> str:
    """SQL for one page of matches: comment ids, and how many there are: on SQLite counted up to 1,001, on PostgreSQL
    all of those in `spans`, where it is `bounded` by them."""
    return SEARCH[vendor].format(
        rank=RANK[vendor] if ranked else "", score=SCORE[vendor] if ranked else "", bound=BOUND if bounded else ""
    )


def page_of_matches(match: str, rank: str | None, *, limit: int, offset: int) -> tuple[list, int]:
    """Comment ids of one page of what is in `match`, an engine's expression, by `rank` or the newest first; and how
    many there are: more than 1,000 where they are not all looked at."""
    values = {"match": match, "rank": rank, "limit": limit, "offset": offset}
    vendor, ranked = connection.vendor, rank is not None
    with connection.cursor() as cursor:
        for spans in newest_spans(cursor, match) if vendor == "postgresql" else ():
            cursor.execute(search_statement(vendor, ranked=ranked, bounded=True), values | {"spans": spans})
            rows = cursor.fetchall()
            if rows and rows[0][1] > MOST_RANKED:
                return [row[0] for row in rows], rows[0][1]
        cursor.execute(search_statement(vendor, ranked=ranked), values)
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def newest_spans(cursor, match: str, most: int = MOST_RANKED, table: str = WORDS) -> list[list[int]]:
    """The newest spans of rows of `table` that are likely to have more than `most` matches, and more of them for where
    these have too few; none where all rows are to be looked at.

    Judged by the newest two spans, and by two in the middle: what everybody writes about today may be what nobody wrote
    about before, and the other way round.
    """
    cursor.execute(SAMPLE.format(table=table), {"match": match})
    last, found, before = cursor.fetchone() or (0, 0, 0)
    if last <= most:
        return []
    looked_at = last % SPAN + SPAN + 1
    if found >= RELIABLE or (found and not before):
        needed = (most + 1) * _rows_for_one(looked_at, found)
    elif before:
        needed = looked_at + (most + 1 - found) * _rows_for_one(2 * SPAN, before)
    else:
        return []
    # To look for spans costs as much as to read some matches more.
    return [_spans(last, rows) for rows in (needed, WIDER * needed) if 3 * rows <= 2 * last]


def _rows_for_one(looked_at: int, found: int) -> float:
    """How many rows have one match, where so many were found among those looked at. They may have more than their
    share: twice the standard deviation of a count."""
    return looked_at / found * (1 + 2 / math.sqrt(found))


def _spans(last: int, rows: float) -> list[int]:
    if rows <= WIDE:
        return list(range(max(0, int((last - rows) // SPAN)), last // SPAN + 1))
    return [-1 - span for span in range(max(0, int((last - rows) // WIDE)), last // WIDE + 1)]
