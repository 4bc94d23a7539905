from django.db import migrations

# Nothing stops a write meanwhile: a table of a million rows takes a minute.
INDEX = (
    "DROP INDEX CONCURRENTLY IF EXISTS {other}",  # what a migration left that was interrupted
    "CREATE INDEX CONCURRENTLY {other} ON feedback_commentwords USING gin (({spans}), vector) WITH (fastupdate = off)",
    "ANALYZE feedback_commentwords",
    "DROP INDEX CONCURRENTLY IF EXISTS comment_words_spans",
    "ALTER INDEX {other} RENAME TO comment_words_spans",
)


def index_by(spans: str):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in INDEX:
                schema_editor.execute(statement.format(other="comment_words_other_spans", spans=spans))

    return run


class Migration(migrations.Migration):
    """Spans of 4,096 and of 65,536 rows in PostgreSQL's index of words, not of 16,384 (`feedback.search.matching`)."""

    atomic = False

    dependencies = [("feedback", "0023_names_of_lists")]

    operations = [migrations.RunPython(index_by("ARRAY[id / 4096, -1 - id / 65536]"), index_by("ARRAY[id / 16384]"))]
