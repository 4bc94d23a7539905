"""The two engines under the search for comments: what each keeps beside the tables, and how each is asked.

PostgreSQL's vector, its indexes and pg_trgm come with the migration. SQLite's full-text tables are kept by triggers;
because SQLite drops a table's triggers when a later migration remakes it, they are looked for after every migrate.
"""

# ruff: noqa: S608 - names of our own tables alone are put into statements

from collections.abc import Iterable, Sequence

from django.core.checks import Tags, Warning, register
from django.db import connections

WORDS, DESK_WORDS, KNOWN = "feedback_commentwords", "feedback_deskwords", "feedback_knownword"
FTS, DESK_FTS, TRIGRAMS = "feedback_commentwords_fts", "feedback_deskwords_fts", "feedback_knownword_trigrams"
FULL_TEXT = {WORDS: FTS, DESK_WORDS: DESK_FTS}
PADDED = "'^^' || {row}.word || '$'"  # so that the first and last letters make trigrams, too

SQLITE_TABLES = {
    name: f"""CREATE VIRTUAL TABLE {name} USING fts5(words, content='{table}', content_rowid='id',
              tokenize='unicode61 remove_diacritics 0')"""
    for table, name in FULL_TEXT.items()
} | {
    TRIGRAMS: f"CREATE VIRTUAL TABLE {TRIGRAMS} USING fts5(word, content='', tokenize='trigram case_sensitive 1')",
}


def _triggers(table: str, name: str) -> dict[str, str]:
    add = f"INSERT INTO {name}(rowid, words) VALUES (new.id, new.words);"
    drop = f"INSERT INTO {name}({name}, rowid, words) VALUES ('delete', old.id, old.words);"
    return {
        f"{table}_added": f"AFTER INSERT ON {table} BEGIN {add} END",
        f"{table}_removed": f"AFTER DELETE ON {table} BEGIN {drop} END",
        f"{table}_changed": f"AFTER UPDATE OF words ON {table} BEGIN {drop} {add} END",
    }


_learn = f"INSERT INTO {TRIGRAMS}(rowid, word) VALUES (new.id, {PADDED.format(row='new')});"
_forget = f"INSERT INTO {TRIGRAMS}({TRIGRAMS}, rowid, word) VALUES ('delete', old.id, {PADDED.format(row='old')});"
SQLITE_TRIGGERS = {
    **_triggers(WORDS, FTS),
    **_triggers(DESK_WORDS, DESK_FTS),
    f"{KNOWN}_added": f"AFTER INSERT ON {KNOWN} BEGIN {_learn} END",
    f"{KNOWN}_removed": f"AFTER DELETE ON {KNOWN} BEGIN {_forget} END",
}
SQLITE_REFILLS = (
    *(f"INSERT INTO {name}({name}) VALUES ('rebuild')" for name in FULL_TEXT.values()),
    f"INSERT INTO {TRIGRAMS}({TRIGRAMS}) VALUES ('delete-all')",
    f"INSERT INTO {TRIGRAMS}(rowid, word) SELECT id, {PADDED.format(row=KNOWN)} FROM {KNOWN}",
)


def install(connection) -> None:
    """On SQLite, make what is missing of the full-text tables and their triggers, and fill them from the rows."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        missing = (SQLITE_TABLES.keys() | SQLITE_TRIGGERS.keys()) - existing(connection)
        for name in missing & SQLITE_TABLES.keys():
            cursor.execute(SQLITE_TABLES[name])
        for name in missing & SQLITE_TRIGGERS.keys():
            cursor.execute(f"CREATE TRIGGER {name} {SQLITE_TRIGGERS[name]}")
        if missing:
            refill(connection)


def refill(connection) -> None:
    """Fill SQLite's full-text tables anew from the rows; nothing of what was deleted stays in them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in SQLITE_REFILLS:
                cursor.execute(statement)


def existing(connection) -> set[str]:
    """Names of those of SQLite's full-text tables and triggers that are there."""
    wanted = [*SQLITE_TABLES, *SQLITE_TRIGGERS]
    marks = ", ".join(["%s"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM sqlite_master WHERE name IN ({marks})", wanted)
        return {row[0] for row in cursor.fetchall()}


def install_after_migrate(sender, using, **kwargs) -> None:
    """Receiver of `post_migrate`."""
    connection = connections[using]
    if {WORDS, DESK_WORDS, KNOWN} <= set(connection.introspection.table_names()):
        install(connection)


@register(Tags.database)
def check_search(app_configs=None, databases=None, **kwargs) -> list[Warning]:
    """One warning per part of SQLite's full-text tables that is missing; `migrate` puts it back."""
    return [
        Warning(
            f"{name} is missing: search does not know of new comments.",
            hint="Run manage.py migrate.",
            id="feedback.W002",
        )
        for connection in map(connections.__getitem__, databases or [])
        if connection.vendor == "sqlite" and WORDS in connection.introspection.table_names()
        for name in sorted((SQLITE_TABLES.keys() | SQLITE_TRIGGERS.keys()) - existing(connection))
    ]


def leave_no_trace(connection) -> None:
    """On SQLite, write the full-text tables anew without what was deleted: until then it stays in them, unseen."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in SQLITE_TABLES:
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")


def expression(vendor: str, groups: Sequence[Iterable[str]], *, every: bool) -> str:
    """The engine's own words for: one of each group (`every`), or of any. Words are letters and digits, and quoted."""
    mark, either = ("'", " | ") if vendor == "postgresql" else ('"', " OR ")
    both = {("postgresql", True): " & ", ("sqlite", True): " AND "}.get((vendor, every), either)
    return both.join(
        "(" + either.join(f"{mark}{word.replace(mark, mark * 2)}{mark}" for word in sorted(group)) + ")"
        for group in groups
    )


def words_like(connection, word: str, most: int = 40) -> list[str]:
    """Known words that look most like `word`, by their trigrams."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT word FROM {KNOWN} ORDER BY word <-> %s LIMIT %s", [word, most])
        else:
            padded = f"^^{word}$"
            grams = {padded[place : place + 3] for place in range(len(padded) - 2)}
            cursor.execute(
                f"""SELECT known.word FROM (SELECT rowid FROM {TRIGRAMS} WHERE {TRIGRAMS} MATCH %s
                    ORDER BY rank LIMIT %s) AS near JOIN {KNOWN} AS known ON known.id = near.rowid""",
                [expression("sqlite", [grams], every=True), most],
            )
        return [row[0] for row in cursor.fetchall()]


def words_nobody_has(connection, words: Iterable[str]) -> list[str]:
    """Those of `words` that are in no comment's words."""
    words = sorted(words)
    if not words:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"""SELECT word FROM unnest(%s::text[]) AS word WHERE NOT EXISTS
                    (SELECT 1 FROM {WORDS} WHERE vector @@ ('''' || word || '''')::tsquery)""",
                [words],
            )
            return [row[0] for row in cursor.fetchall()]
        unused = []
        for word in words:
            cursor.execute(f"SELECT EXISTS(SELECT 1 FROM {FTS} WHERE {FTS} MATCH %s)", [f'"{word}"'])
            if not cursor.fetchone()[0]:
                unused.append(word)
        return unused
