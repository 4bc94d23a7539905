from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0008_moderation_figures"),
        ("principles", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkdecision",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="decided"),
        ),
        migrations.AddField(
            model_name="bulkdecision",
            name="explanation_en",
            field=models.TextField(blank=True, max_length=2000, null=True, verbose_name="explanation"),
        ),
        migrations.AddField(
            model_name="bulkdecision",
            name="explanation_kk",
            field=models.TextField(blank=True, max_length=2000, null=True, verbose_name="explanation"),
        ),
        migrations.AddField(
            model_name="bulkdecision",
            name="explanation_ru",
            field=models.TextField(blank=True, max_length=2000, null=True, verbose_name="explanation"),
        ),
        migrations.AddField(
            model_name="bulkdecision",
            name="moved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last progress"),
        ),
        migrations.AddField(
            model_name="savedexplanation",
            name="name_en",
            field=models.CharField(max_length=80, null=True, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="savedexplanation",
            name="name_kk",
            field=models.CharField(max_length=80, null=True, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="savedexplanation",
            name="name_ru",
            field=models.CharField(max_length=80, null=True, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="bulkdecision",
            name="action",
            field=models.CharField(blank=True, max_length=16, verbose_name="action"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["measure", "-created_at"], name="comment_latest"),
        ),
        migrations.AddConstraint(
            model_name="bulkdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_at", None), models.Q(("action", ""), _negated=True), _connector="OR"),
                name="bulk_decision_decides_something",
            ),
        ),
    ]
