from django.db import migrations

# The old index goes only once the new one is there. Neither stops a write: a table of a million rows takes a minute.
FORWARDS = (
    # Vectors stay as they are: each that is ranked would have to be decompressed, which takes as long as the ranking.
    # Rows that are there already are written anew by `reindex_search`.
    "ALTER TABLE feedback_commentwords SET (toast_tuple_target = 8160)",
    "DROP INDEX CONCURRENTLY IF EXISTS comment_words_spans",  # what a migration left that was interrupted
    "CREATE INDEX CONCURRENTLY comment_words_spans ON feedback_commentwords"
    " USING gin ((ARRAY[id / 16384]), vector) WITH (fastupdate = off)",
    "ANALYZE feedback_commentwords",
    "DROP INDEX CONCURRENTLY IF EXISTS comment_words_vector",
)
BACKWARDS = (
    "DROP INDEX CONCURRENTLY IF EXISTS comment_words_vector",
    "CREATE INDEX CONCURRENTLY comment_words_vector ON feedback_commentwords USING gin (vector)"
    " WITH (fastupdate = off)",
    "DROP INDEX CONCURRENTLY IF EXISTS comment_words_spans",
    "ALTER TABLE feedback_commentwords RESET (toast_tuple_target)",
)


def forwards(apps, schema_editor):
    run(schema_editor, FORWARDS)


def backwards(apps, schema_editor):
    run(schema_editor, BACKWARDS)


def run(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    """PostgreSQL's index of words holds the span of the row's number, too (`feedback.search.matching`)."""

    atomic = False

    dependencies = [("feedback", "0021_similar_comments")]

    operations = [migrations.RunPython(forwards, backwards)]
