from django.db import migrations, models
from django.db.models import F, Q

WAITS = Q(state="pending") | Q(state="published") & ~Q(latest=F("shown"))
INDEX = models.Index(fields=["-created_at", "-id"], condition=WAITS, name="comment_waits")
BEFORE = models.Index(fields=["created_at", "id"], condition=Q(moderation="pending"), name="comment_pending")


def replace(old: models.Index, new: models.Index):
    """On PostgreSQL nothing stops a write meanwhile, and what a migration left that was interrupted goes first."""

    def run(apps, schema_editor):
        comments = apps.get_model("feedback", "Comment")
        beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
        if beside:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {new.name}")
        schema_editor.add_index(comments, new, **beside)
        schema_editor.remove_index(comments, old, **beside)

    return run


class Migration(migrations.Migration):
    """An index for what waits for the staff, the newest first; the one of what is new alone served no page."""

    atomic = False

    dependencies = [("feedback", "0026_fill_desk_words")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(replace(BEFORE, INDEX), replace(INDEX, BEFORE))],
            state_operations=[
                migrations.RemoveIndex(model_name="comment", name="comment_pending"),
                migrations.AddIndex(model_name="comment", index=INDEX),
            ],
        )
    ]
