"""The API: its first page, a page far behind, and a pull of everything, by pages and as a dump."""

import json
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg

from script.benchmark import machinery
from script.benchmark.pages import rates
from script.benchmark.site import Site
from script.benchmark.table import beside, row

FIRST, DEEP, PULL, DUMP = 0.7, 0.9, 0.1, 0.8
COMMENTS = "api/v1/comments/"
# What a comment of the API stands for, as PostgreSQL itself hands it over; as many rows as a pull gets in its time.
COPY = """
COPY (SELECT c.id, m.slug, p.slug, g.slug, c.edition, c.parent_id, c.state, v.text, v.salt, v.commitment, c.language,
c.stance, a.pseudonym, u.display_name, c.created_at, c.edited_at, c.agree_count, c.disagree_count, c.reply_count,
c.channel, c.answered_at FROM feedback_comment c JOIN principles_measure m ON m.id = c.measure_id
JOIN principles_principle p ON p.id = m.principle_id JOIN principles_programme g ON g.id = p.programme_id
LEFT JOIN feedback_commentversion v ON v.id = c.shown_id LEFT JOIN feedback_participant a ON a.id = c.author_id
LEFT JOIN accounts_user u ON u.id = a.user_id WHERE c.state <> 'pending' ORDER BY c.created_at DESC, c.id DESC
LIMIT {rows}) TO STDOUT
"""
MOST_COPIED = 200_000
PULLED = 100_000


def rows(site: Site) -> list[dict]:
    first = f"{COMMENTS}?page_size=100"
    # What the benchmark itself wrote meanwhile is shorter than what it is compared with.
    deep, near = (f"{first}&cursor={site.people[name]}" for name in ("cursor", "first"))
    return [
        rates(site, "API, first page of 100 comments", first, "limit/comments", FIRST),
        rates(site, f"API, page {site.people['page']:,} of the cursor", deep, near, DEEP),
        pull(site),
    ]


def pull(site: Site) -> dict:
    """Comments a second of a whole pull, page by page on one connection, beside COPY."""
    values, limits = beside(lambda: pulled(site), lambda: copied(site), site.options.runs)
    whole = min(site.size, PULLED)
    return row(f"pull of {whole:,} comments by API, one client", site.size, values, limits, unit="rows/s", bar=PULL)


def dump(site: Site) -> dict:
    """Comments a second in a downloaded file, beside COPY."""
    if not json.loads(machinery.get(f"{site.address}/api/v1/dumps/")[2])["results"]:
        machinery.manage(site.settings, "make_dumps", "--keep", "1")
    values, limits = beside(lambda: downloaded(site), lambda: copied(site), site.options.runs)
    return row("pull of comments by dump", site.size, values, limits, unit="rows/s", bar=DUMP)


def pulled(site: Site) -> float:
    """All comments, or the newest 100,000; each of them must come once."""
    host = urlsplit(site.address)
    address, seen, number = f"/{COMMENTS}?page_size=500", set(), 0
    with closing(HTTPConnection(host.hostname, host.port, timeout=60)) as connection:
        began = time.perf_counter()
        while address and number < PULLED:
            connection.request("GET", address)
            page = json.loads(connection.getresponse().read())
            number += len(page["results"])
            seen.update(comment["id"] for comment in page["results"])
            parts = urlsplit(page["next"] or "")
            address = f"{parts.path}?{parts.query}" if page["next"] else None
        took = time.perf_counter() - began
    if len(seen) != number:
        raise RuntimeError(f"{number - len(seen)} comments came twice.")
    return number / took


def copied(site: Site) -> float:
    number = min(site.size, MOST_COPIED)
    with psycopg.connect(site.settings["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        began, rows = time.perf_counter(), 0
        with cursor.copy(COPY.format(rows=number)) as copy:
            for block in copy:
                rows += bytes(block).count(b"\n")
        return rows / (time.perf_counter() - began)


def downloaded(site: Site) -> float:
    found = json.loads(machinery.get(f"{site.address}/api/v1/dumps/")[2])["results"][0]
    file = next(each for each in found["files"] if (each["table"], each["format"]) == ("comments", "csv"))
    path = urlsplit(file["url"]).path
    began = time.perf_counter()
    machinery.get(f"{site.address}{path}")
    return file["rows"] / (time.perf_counter() - began)
