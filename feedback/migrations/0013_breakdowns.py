import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0012_ledger_tree"),
        ("principles", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Margins",
            fields=[
                ("country", models.CharField(max_length=2, primary_key=True, serialize=False, verbose_name="country")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("source_name", models.CharField(max_length=300, verbose_name="source")),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="address of the source")),
                ("numbers", models.JSONField()),
                ("loaded_at", models.DateTimeField(auto_now=True, verbose_name="loaded")),
            ],
            options={
                "verbose_name": "margins of a population",
                "verbose_name_plural": "margins of populations",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ProgrammeFigures",
            fields=[
                (
                    "programme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="figures",
                        serialize=False,
                        to="principles.programme",
                    ),
                ),
                ("cut_at", models.DateTimeField(verbose_name="cut")),
                ("participants", models.PositiveIntegerField(default=0, verbose_name="participants")),
                ("answered", models.PositiveIntegerField(default=0, verbose_name="answered")),
                ("days", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "figures of a programme",
                "verbose_name_plural": "figures of programmes",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ResultsReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("ready", "ready"), ("failed", "failed")],
                        default="waiting",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("folder", models.CharField(blank=True, max_length=80, verbose_name="folder")),
                ("fault", models.CharField(blank=True, max_length=300, verbose_name="what failed")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.staffmember",
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="principles.programme",
                        verbose_name="programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of the consultation",
                "verbose_name_plural": "reports of the consultation",
                "ordering": ["-pk"],
                "permissions": [("make_report", "Can make a programme's report")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Breakdown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("region", "region"),
                            ("age_band", "year of birth"),
                            ("gender", "gender"),
                            ("channel", "way of taking part"),
                        ],
                        max_length=8,
                        verbose_name="dimension",
                    ),
                ),
                ("cut_at", models.DateTimeField(verbose_name="cut")),
                ("log", models.CharField(blank=True, max_length=200, verbose_name="log")),
                ("seq", models.PositiveBigIntegerField(null=True, verbose_name="ledger entry")),
                ("looked_seq", models.PositiveBigIntegerField(null=True)),
                ("n", models.PositiveIntegerField(verbose_name="participants")),
                ("total", models.JSONField(default=list)),
                ("classes", models.JSONField(default=list)),
                ("rows", models.JSONField(default=list)),
                ("rest", models.JSONField(default=dict)),
                ("history", models.JSONField(default=list)),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breakdowns",
                        to="principles.edition",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breakdowns",
                        to="principles.programme",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breakdowns",
                        to="principles.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "breakdown",
                "verbose_name_plural": "breakdowns",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("question", "edition", "dimension"), name="one_breakdown_per_tally"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("question", None)),
                        fields=("programme", "dimension"),
                        name="one_breakdown_of_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("edition", None), ("question", None)),
                            models.Q(("edition__isnull", False), ("question__isnull", False)),
                            _connector="OR",
                        ),
                        name="breakdown_of_a_tally_or_of_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountedParticipant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cut", models.PositiveIntegerField()),
                ("region", models.CharField(blank=True, max_length=8)),
                ("age_band", models.CharField(blank=True, max_length=9)),
                ("gender", models.CharField(blank=True, max_length=6)),
                ("channel", models.CharField(max_length=5)),
                (
                    "participant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counted",
                        to="feedback.participant",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="principles.programme"
                    ),
                ),
            ],
            options={
                "verbose_name": "counted participant",
                "verbose_name_plural": "counted participants",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "participant"), name="participant_counted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WeightedResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cut_at", models.DateTimeField(verbose_name="cut")),
                ("seq", models.PositiveBigIntegerField(null=True, verbose_name="ledger entry")),
                ("looked_seq", models.PositiveBigIntegerField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("n", models.PositiveIntegerField(verbose_name="participants")),
                ("positive", models.FloatField(null=True)),
                ("raw_positive", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("effective_n", models.FloatField(null=True, verbose_name="effective sample size")),
                ("design_effect", models.FloatField(null=True, verbose_name="design effect")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("too_few", "too few people gave region, year of birth and gender"),
                            ("apart", "fewer than ten people could be told apart"),
                            ("missing", "a group of the population is not among the participants"),
                            ("unstable", "the weights would be too unequal"),
                        ],
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                ("history", models.JSONField(default=list)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weighted_results",
                        to="principles.edition",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weighted_results",
                        to="principles.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "weighted result",
                "verbose_name_plural": "weighted results",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("question", "edition"), name="one_weighted_result")],
            },
        ),
    ]
