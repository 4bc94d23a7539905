import django.db.models.deletion
from django.db import migrations, models

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "ALTER TABLE feedback_commentwords ADD COLUMN vector tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    # No list of pending entries that each search would have to read through.
    "CREATE INDEX comment_words_vector ON feedback_commentwords USING gin (vector) WITH (fastupdate = off)",
    "CREATE INDEX known_word_nearest ON feedback_knownword USING gist (word gist_trgm_ops)",
)


def on_postgresql(apps, schema_editor):
    """The vector and its indexes; SQLite's full-text tables come after the migrations (`feedback.search.engines`)."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentWords",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="feedback.comment"
                    ),
                ),
                ("words", models.TextField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="KnownWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("word", models.CharField(max_length=40, unique=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(on_postgresql, migrations.RunPython.noop),
    ]
