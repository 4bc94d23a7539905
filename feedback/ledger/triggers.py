"""Triggers that make tables append-only on both engines.

SQLite drops a table's triggers when a later migration remakes it, so they are installed again after every migrate;
a system check and a test look for each one.
"""

from django.core.checks import Tags, Warning, register
from django.db import connections

from feedback.models import Decision, ExportRecord, LedgerEntry

APPEND_ONLY = (LedgerEntry, Decision, ExportRecord)
# REPLACE is an insert under a key that is there: SQLite deletes the old row without telling the DELETE trigger.
EVENTS = {"sqlite": ("UPDATE", "DELETE", "REPLACE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


def trigger_names(vendor: str) -> dict[str, tuple[str, str]]:
    """The name of every trigger that must exist → (table, event)."""
    return {
        f"{model._meta.db_table}_no_{event.lower()}": (model._meta.db_table, event)
        for model in APPEND_ONLY
        for event in EVENTS[vendor]
    }


def install(connection) -> None:
    """Make every trigger that is missing; the tables must exist."""
    present = existing(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for name, (table, event) in trigger_names(connection.vendor).items():
            if name in present:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {_occasion(table, event)} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            else:
                each = "STATEMENT" if event == "TRUNCATE" else "ROW"
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                )


def _occasion(table: str, event: str) -> str:
    """When a trigger of SQLite fires, in SQL."""
    if event != "REPLACE":
        return f"{event} ON {table}"
    key = next(model._meta.pk.column for model in APPEND_ONLY if model._meta.db_table == table)
    return f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our own names


def lift(connection) -> None:
    """Drop the triggers; for the flush between transactional tests alone."""
    with connection.cursor() as cursor:
        for name, (table, _event) in trigger_names(connection.vendor).items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def existing(connection) -> set[str]:
    """Names of those of our triggers that are present and switched on."""
    wanted = list(trigger_names(connection.vendor))
    marks = ", ".join(["%s"] * len(wanted))
    source = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name IN ",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND tgname IN ",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"{source} ({marks})", wanted)
        return {row[0] for row in cursor.fetchall()}


def install_after_migrate(sender, using, **kwargs) -> None:
    """Receiver of `post_migrate`."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if all(model._meta.db_table in tables for model in APPEND_ONLY):
        install(connection)


@register(Tags.database)
def check_triggers(app_configs=None, databases=None, **kwargs) -> list[Warning]:
    """One warning per missing trigger (`manage.py check --database default`); `migrate` puts it back."""
    missing = []
    for alias in databases or []:
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        present = existing(connection)
        for name, (table, _event) in trigger_names(connection.vendor).items():
            if table in tables and name not in present:
                missing.append(
                    Warning(
                        f"The trigger {name} is missing: {table} is not append-only.",
                        hint="Run manage.py migrate.",
                        id="feedback.W001",
                    )
                )
    return missing
