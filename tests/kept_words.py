"""The words that a request writes into the tables, which are then as they were."""

import unicodedata
from contextlib import contextmanager

from django.db import connection, transaction

from portal.plain_text import CONTROL, INVISIBLE, SURROGATE

# What keeps no words of people, or keeps them as they came: sessions and the counts of limits.
APART = ("django_session", "accounts_cachedvalue", "feedback_requestcount")


@contextmanager
def kept_words():
    """Texts that are written meanwhile, which is then taken back."""
    found: list[str] = []

    def look(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")) and not any(name in sql for name in APART):
            rows = params if many else [params or ()]
            found.extend(value for row in rows for value in row if isinstance(value, str))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(look):
            yield found
        transaction.set_rollback(True)


def is_normal(text: str) -> bool:
    bare = not (CONTROL.search(text) or INVISIBLE.search(text) or SURROGATE.search(text))
    return bare and (text.isascii() or unicodedata.is_normalized("NFC", text))
