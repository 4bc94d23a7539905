import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0013_breakdowns")]

    operations = [
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20, verbose_name="role")),
                ("kind", models.CharField(max_length=20, verbose_name="what")),
                ("format", models.CharField(max_length=10, verbose_name="format")),
                ("columns", models.TextField(verbose_name="columns")),
                ("query", models.TextField(blank=True, verbose_name="filters")),
                ("rows", models.PositiveBigIntegerField(verbose_name="rows")),
                ("personal", models.BooleanField(verbose_name="personal data")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export_records",
                        to="feedback.staffmember",
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "export that was made",
                "verbose_name_plural": "exports that were made",
                "ordering": ["-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20, verbose_name="what")),
                ("format", models.CharField(max_length=10, verbose_name="format")),
                ("columns", models.TextField(verbose_name="columns")),
                ("query", models.TextField(blank=True, verbose_name="filters")),
                ("keys", models.JSONField(null=True)),
                (
                    "language",
                    models.CharField(
                        choices=[("kk", "Kazakh"), ("ru", "Russian"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("total", models.PositiveBigIntegerField(null=True, verbose_name="rows")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for")),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last begun")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True, verbose_name="ready")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="failed")),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "The disk is full."),
                            ("file", "The file could not be written."),
                            ("data", "The database was not there."),
                            ("right", "Whoever asked may no longer see these rows or columns."),
                            ("stop", "The work was stopped again and again."),
                            ("other", "Something went wrong; the operator finds it in the log."),
                        ],
                        max_length=5,
                        verbose_name="why not",
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True, verbose_name="kept until")),
                ("size", models.PositiveBigIntegerField(null=True, verbose_name="size")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="feedback.staffmember",
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-created_at"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["by", "-created_at"], name="export_by_owner"),
                    models.Index(
                        condition=models.Q(("failed_at", None), ("finished_at", None)),
                        fields=["moved_at"],
                        name="export_unfinished",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("failed_at", None), _connector="OR"),
                        name="export_ends_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None),
                            models.Q(("expires_at__isnull", False), ("size__isnull", False)),
                            _connector="OR",
                        ),
                        name="finished_export_has_a_file",
                    ),
                ],
            },
        ),
    ]
