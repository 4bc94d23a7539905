import django.db.models.deletion
from django.db import migrations, models

POSTGRESQL = (
    "ALTER TABLE feedback_deskwords ADD COLUMN vector tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    # By spans of rows, as that of the words that everybody reads (migration 0024).
    "CREATE INDEX desk_words_spans ON feedback_deskwords"
    " USING gin ((ARRAY[id / 4096, -1 - id / 65536]), vector) WITH (fastupdate = off)",
)


def on_postgresql(apps, schema_editor):
    """The vector and its index; SQLite's full-text table comes after the migrations (`feedback.search.engines`)."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0024_shorter_spans")]

    operations = [
        migrations.CreateModel(
            name="DeskWords",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="desk_words", to="feedback.comment"
                    ),
                ),
                ("words", models.TextField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(on_postgresql, migrations.RunPython.noop),
    ]
