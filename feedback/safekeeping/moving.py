"""From SQLite to PostgreSQL: every row under its key, the ledger with its hashes, and a comparison before it counts."""

import os
import subprocess
import sys
from itertools import islice

from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, models, transaction

from feedback.ledger import triggers
from feedback.safekeeping.copies import connect
from feedback.safekeeping.state import differences, kept_models, rows_of, state

BATCH = 1000  # rows


class MoveFault(Exception):
    """A move that was not made, or whose copy differs; the text says why."""


def move(url: str) -> dict:
    """Copy the portal's database to the empty one at `url`; its state. Raises MoveFault and leaves no row.

    Nobody may write to either database meanwhile.
    """
    target = connect("target", url)
    destination = connections[target]
    if destination.introspection.table_names():
        raise MoveFault("The database that is moved to is not empty.")
    # In a process whose one database it is: steps of the migrations ask for no other.
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": url}, check=True)  # noqa: S603
    with transaction.atomic(using=target), transaction.atomic():
        triggers.lift(destination)
        for model in kept_models():
            # What migrations and `post_migrate` put there comes with the rows, under the keys that it has here.
            models.QuerySet(model=model, using=target)._raw_delete(target)
        for model in kept_models():
            _copy_rows(model, target)
        triggers.install(destination)
        with destination.cursor() as cursor:
            for statement in destination.ops.sequence_reset_sql(no_style(), kept_models()):
                cursor.execute(statement)
        found = state(target)
        if unlike := differences(state(), found):
            raise MoveFault("The copy differs, and nothing was kept: " + "; ".join(unlike))
    return found


def _copy_rows(model: type[models.Model], target: str) -> None:
    """All rows of one table, each value as the other engine writes it."""
    connection = connections[target]
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own names
    rows = rows_of(model, "default").order_by("pk").values_list(*[field.attname for field in fields])
    with connection.cursor() as cursor:
        waiting = rows.iterator(chunk_size=BATCH)
        while batch := list(islice(waiting, BATCH)):
            cursor.executemany(
                statement,
                [
                    [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
                    for row in batch
                ],
            )
