import json
from collections import Counter
from datetime import UTC

import django.db.models.deletion
from django.db import migrations, models

LANGUAGES = [("kk", "Kazakh"), ("ru", "Russian"), ("en", "English")]


def complete_decisions(apps, schema_editor):
    """Give each decision its rule and language. Triggers refuse changes, so they are lifted; migrate restores them."""
    vendor = schema_editor.connection.vendor
    events = {"sqlite": ("update", "delete", "replace"), "postgresql": ("update", "delete", "truncate")}[vendor]
    on = " ON feedback_decision" if vendor == "postgresql" else ""
    for event in events:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS feedback_decision_no_{event}{on}")
    Decision = apps.get_model("feedback", "Decision")
    Version = apps.get_model("feedback", "CommentVersion")
    judged = Version.objects.filter(comment=models.OuterRef("comment"), number=models.OuterRef("version"))
    language = models.functions.Coalesce(
        models.Subquery(judged.values("language")[:1]),
        models.Subquery(
            apps.get_model("feedback", "Comment").objects.filter(pk=models.OuterRef("comment")).values("language")[:1]
        ),
    )
    rule = apps.get_model("feedback", "RuleVersion").objects.filter(pk=models.OuterRef("rule_version")).values("rule")
    Decision.objects.update(language=language, rule=models.Subquery(rule[:1]))
    for follow_up in Decision.objects.exclude(about=None).select_related("about"):
        Decision.objects.filter(pk=follow_up.pk).update(rule=follow_up.about.rule_id)


def count(apps, schema_editor):
    """Count what was decided so far, but for what still waits in the outbox: the sequencer counts that."""
    waiting: dict[bool, set[int]] = {True: set(), False: set()}
    outbox = apps.get_model("feedback", "OutboxEntry").objects
    for row in outbox.filter(kind__in=["comment_moderated", "comment_redacted", "appeal"]).iterator():
        waiting[row.kind == "appeal"].add(json.loads(row.leaf)["decision"])
    figures: Counter = Counter()
    decisions = apps.get_model("feedback", "Decision").objects.exclude(pk__in=waiting[False])
    for decision in decisions.select_related("rule", "about__rule").iterator():
        undone = decision.action == "undo"
        key = decision.about if undone else decision
        month = key.created_at.astimezone(UTC).date().replace(day=1)
        figures[month, key.action, key.rule.code if key.rule else "", key.language] += -1 if undone else 1
    appeals = apps.get_model("feedback", "Appeal").objects.exclude(decision=None)
    for appeal in appeals.exclude(decision__in=waiting[True]).select_related("decision__rule").iterator():
        month = appeal.created_at.astimezone(UTC).date().replace(day=1)
        rule = appeal.decision.rule
        figures[month, "appeal", rule.code if rule else "", appeal.decision.language] += 1
    Figure = apps.get_model("feedback", "ModerationFigure")
    Figure.objects.bulk_create(
        Figure(month=month, action=action, rule=rule, language=language, number=number)
        for (month, action, rule, language), number in figures.items()
        if number
    )


class Migration(migrations.Migration):
    dependencies = [("feedback", "0008_answered_since")]
    operations = [
        migrations.AddField("rule", "by_staff", models.BooleanField(default=False, editable=False)),
        migrations.AddField(
            "decision",
            "language",
            models.CharField(
                blank=True, choices=LANGUAGES, default="", max_length=2, verbose_name="language of the version judged"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "decision", "since", models.DateTimeField(blank=True, null=True, verbose_name="waited since")
        ),
        migrations.AddField(
            "decision",
            "rule",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.rule",
                verbose_name="rule",
            ),
        ),
        migrations.CreateModel(
            name="ModerationFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                ("action", models.CharField(max_length=16, verbose_name="action")),
                ("rule", models.CharField(blank=True, max_length=40, verbose_name="rule")),
                ("language", models.CharField(blank=True, choices=LANGUAGES, max_length=2, verbose_name="language")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
            ],
            options={
                "verbose_name": "figure of moderation",
                "verbose_name_plural": "figures of moderation",
                "ordering": ["month", "action", "rule", "language"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "action", "rule", "language"), name="moderation_figure_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                ("length", models.PositiveSmallIntegerField(verbose_name="class of length")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
            ],
            options={
                "verbose_name": "time to decide",
                "verbose_name_plural": "times to decide",
                "ordering": ["month", "length"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("month", "length"), name="decision_time_unique")],
            },
        ),
        # Before the rows are changed: PostgreSQL indexes no table with changes that wait for their checks.
        migrations.AddIndex("decision", models.Index(fields=["rule", "-created_at", "-id"], name="decision_by_rule")),
        migrations.AddIndex(
            "decision", models.Index(fields=["action", "-created_at", "-id"], name="decision_by_action")
        ),
        migrations.RunPython(complete_decisions, migrations.RunPython.noop),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
