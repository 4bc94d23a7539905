import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0014_exports")]

    operations = [
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("retired", models.BooleanField(default=False, verbose_name="retired")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themes",
                        to="principles.programme",
                        verbose_name="programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["programme", "order", "pk"],
                "permissions": [("code_comments", "Can give themes to comments")],
                "default_permissions": ("view", "add", "change"),
            },
        ),
        migrations.CreateModel(
            name="ThemeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_kk", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_ru", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("description", models.TextField(blank=True, max_length=1000, verbose_name="what belongs to it")),
                (
                    "description_kk",
                    models.TextField(blank=True, max_length=1000, null=True, verbose_name="what belongs to it"),
                ),
                (
                    "description_ru",
                    models.TextField(blank=True, max_length=1000, null=True, verbose_name="what belongs to it"),
                ),
                (
                    "description_en",
                    models.TextField(blank=True, max_length=1000, null=True, verbose_name="what belongs to it"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.staffmember",
                        verbose_name="by",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="feedback.theme"
                    ),
                ),
            ],
            options={
                "ordering": ["theme", "-number"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="theme",
            name="current_version",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.themeversion",
            ),
        ),
        migrations.CreateModel(
            name="CommentTheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("machine", models.CharField(blank=True, max_length=60, verbose_name="machine")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="given")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comment_themes",
                        to="feedback.staffmember",
                        verbose_name="by",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_themes",
                        to="feedback.comment",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comment_themes", to="feedback.theme"
                    ),
                ),
            ],
            options={
                "ordering": ["theme__order", "theme_id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("comment", "theme"), name="one_tag_of_a_theme"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", None), models.Q(("machine", ""), _negated=True)),
                            models.Q(("by__isnull", False), ("machine", "")),
                            _connector="OR",
                        ),
                        name="tag_is_a_person_s_or_a_machine_s",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="themeversion",
            constraint=models.UniqueConstraint(fields=("theme", "number"), name="theme_version_unique"),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.UniqueConstraint(fields=("programme", "code"), name="theme_code_unique"),
        ),
    ]
