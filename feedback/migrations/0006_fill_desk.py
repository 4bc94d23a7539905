from datetime import timedelta

from django.db import migrations
from django.db.models import Count, F, Min, Q

BATCH = 1000


def fill(apps, schema_editor):
    """Put on the desk what waits already: new comments, edits of published ones, and unhandled reports."""
    DeskItem = apps.get_model("feedback", "DeskItem")
    waiting = (
        apps.get_model("feedback", "Comment")
        .objects.filter(withdrawn_at=None, erased_at=None)
        .annotate(
            number=Count("reports", filter=Q(reports__handled_at=None)),
            first=Min("reports__created_at", filter=Q(reports__handled_at=None)),
        )
        .filter(
            Q(moderation="pending") | (Q(moderation="published") & ~Q(latest=F("shown"))) | Q(number__gt=0),
        )
        .select_related("latest")
        .order_by("pk")
    )
    items = []
    for comment in waiting.iterator(chunk_size=BATCH):
        pending = comment.moderation == "pending"
        edited = comment.moderation == "published" and comment.latest_id != comment.shown_id
        moments = [comment.latest.created_at] if pending or edited else []
        moments += [comment.first] if comment.number else []
        item = DeskItem(
            comment_id=comment.pk,
            measure_id=comment.measure_id,
            language=comment.latest.language,
            pending=pending,
            edited=edited,
            reports=comment.number,
            risk=20 * min(comment.number, 10),
            since=min(moments),
            due_at=min(moments) + timedelta(hours=24),
        )
        items.append(item)
        if len(items) == BATCH:
            DeskItem.objects.bulk_create(items)
            items = []
    DeskItem.objects.bulk_create(items)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0005_moderation_and_answers"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
