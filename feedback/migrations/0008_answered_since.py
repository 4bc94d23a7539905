from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_due_work")]
    operations = [
        migrations.AddField(
            "answeredcomment",
            "published_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published"),
        )
    ]
