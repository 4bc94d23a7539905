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
    ) FROM (SELECT id FROM {{table}} ORDER BY id DESC LIMIT 1) AS last"""
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
        spans = newest_spans(cursor, match) if vendor == "postgresql" else None
        if spans:
            cursor.execute(search_statement(vendor, ranked=ranked, bounded=True), values | {"spans": spans})
            rows = cursor.fetchall()
            if rows and rows[0][1] > MOST_RANKED:
                return [row[0] for row in rows], rows[0][1]
        cursor.execute(search_statement(vendor, ranked=ranked), values)
        rows = cursor.fetchall()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def newest_spans(cursor, match: str, most: int = MOST_RANKED, table: str = WORDS) -> list[int] | None:
    """The newest spans of rows of `table` that are likely to have more than `most` matches, judged by the newest two;
    None where all rows are to be looked at."""
    cursor.execute(SAMPLE.format(table=table), {"match": match})
    last, found = cursor.fetchone() or (0, 0)
    if last <= most or not found:
        return None
    newest = last // SPAN
    looked_at = last - (newest - 1) * SPAN + 1
    # A sample may have had more than its share: twice the standard deviation of a count.
    needed = (most + 1) * looked_at / found * (1 + 2 / math.sqrt(found))
    if 3 * needed > 2 * last:  # to look for spans costs as much as to read some matches more
        return None
    if needed <= WIDE:
        return list(range(int((last - needed) // SPAN), newest + 1))
    return [-1 - span for span in range(int((last - needed) // WIDE), last // WIDE + 1)]
