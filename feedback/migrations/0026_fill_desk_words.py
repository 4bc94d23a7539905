from django.db import migrations
from django.db.models import F, Q

from feedback.search.words import stems_in

BATCH = 1000


def fill(apps, schema_editor):
    """Index what is there already; `manage.py reindex_search` does it anew at any time."""
    DeskWords = apps.get_model("feedback", "DeskWords")
    edited = Q(state="published") & ~Q(latest=F("shown"))
    comments = apps.get_model("feedback", "Comment").objects.filter(~Q(state__in=["published", "erased"]) | edited)
    rows = []
    for comment in comments.order_by("created_at", "id").select_related("latest").iterator(chunk_size=BATCH):
        words = " ".join(stems_in(comment.latest.text, comment.latest.language))
        rows.append(DeskWords(comment_id=comment.pk, words=words))
        if len(rows) == BATCH:
            DeskWords.objects.bulk_create(rows, ignore_conflicts=True)
            rows = []
    DeskWords.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    """The words of texts that are not public, for the staff's search."""

    dependencies = [("feedback", "0025_desk_words")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
