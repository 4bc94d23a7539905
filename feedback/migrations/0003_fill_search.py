from django.db import migrations

from feedback.search.index import indexed, learnable

BATCH = 1000


def fill(apps, schema_editor):
    """Index the comments that are there already; `manage.py reindex_search` does it anew at any time."""
    CommentWords, KnownWord = apps.get_model("feedback", "CommentWords"), apps.get_model("feedback", "KnownWord")
    comments = apps.get_model("feedback", "Comment").objects.filter(state="published").order_by("created_at", "id")
    rows, words = [], set()
    for comment in comments.select_related("shown").iterator(chunk_size=BATCH):
        text = indexed(comment.shown.text, comment.shown.language, comment.measure_id)
        rows.append(CommentWords(comment_id=comment.pk, words=text))
        words |= learnable(text.split())
        if len(rows) == BATCH:
            CommentWords.objects.bulk_create(rows)
            rows = []
    CommentWords.objects.bulk_create(rows)
    KnownWord.objects.bulk_create([KnownWord(word=word) for word in sorted(words)[:100_000]], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_search"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
