from django.db import migrations, models


def old_editions_are_no_news(apps, schema_editor):
    apps.get_model("feedback", "SequencedEdition").objects.update(told=True)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_fill_desk")]
    operations = [
        migrations.AddField("sequencededition", "told", models.BooleanField(default=False)),
        migrations.AddField(
            "staffmember",
            "digest_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last digest"),
        ),
        migrations.AddIndex(
            "sequencededition",
            models.Index(condition=models.Q(("told", False)), fields=["seq"], name="edition_to_tell"),
        ),
        migrations.RunPython(old_editions_are_no_news, migrations.RunPython.noop),
    ]
