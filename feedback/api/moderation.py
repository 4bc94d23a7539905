"""Rules and decisions: the moderation log, without names of staff and without texts."""

from django.db.models import F

from feedback.api.cursor import Order
from feedback.api.labels import columns, moment, texts
from feedback.api.parameters import choice, identifier, slug
from feedback.api.parameters import moment as moment_parameter
from feedback.api.reading import Detail, List
from feedback.models import Decision, Rule


class Rules(List):
    """The rules of participation, in force and retired, with their current wording."""

    shape = "RulePage"
    names = ("code", "version", "title", "text", "retired")
    orders = {"order": Order((("order", "whole"), ("id", "whole")))}

    def rows(self):
        return Rule.objects.exclude(current_version=None).select_related("current_version")

    def present(self, rows):
        language = self.values.get("lang")
        return [
            {
                "code": row.code,
                "version": row.current_version.number,
                "title": texts(row.current_version, "title", language),
                "text": texts(row.current_version, "text", language),
                "retired": row.retired,
            }
            for row in rows
        ]


class OneRule(Detail, Rules):
    """One rule, by its code."""

    shape = "Rule"
    lookup = "code"
    keys = {"code": {"schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}}}


class Decisions(List):
    """Decisions of the staff about comments, newest first."""

    shape = "DecisionPage"
    names = (
        "id",
        "comment",
        "programme",
        "measure",
        "action",
        "rule",
        "rule_version",
        "rule_title",
        "authority",
        "role",
        "commitment",
        "from",
        "to",
        "about",
        "decided",
    )
    orders = {
        "-decided": Order((("id", "whole"),), descending=True),
        "decided": Order((("id", "whole"),)),
    }
    filters = (
        slug("programme", "Only on this programme.", "comment__measure__principle__programme__slug", "fair-kazakhstan"),
        slug("principle", "Only on this principle.", "comment__measure__principle__slug", "fair-society"),
        slug("measure", "Only on this measure.", "comment__measure__slug", "modern-classrooms"),
        slug("rule", "Only under the rule with this code.", "rule_version__rule__code", "spam"),
        choice("action", Decision.Action.values, "Only of this action.", lambda rows, value: rows.filter(action=value)),
        identifier("comment", "Only about the comment with this id.", "comment"),
        moment_parameter("decided_after", "Only from this moment on.", "created_at__gte"),
        moment_parameter("decided_before", "Only before this moment.", "created_at__lt"),
    )

    def rows(self):
        return Decision.objects.values(
            "id",
            "comment_id",
            "action",
            "authority",
            "role",
            "commitment",
            "from_state",
            "to_state",
            "about_id",
            "created_at",
            programme=F("comment__measure__principle__programme__slug"),
            measure=F("comment__measure__slug"),
            rule_code=F("rule_version__rule__code"),
            rule_number=F("rule_version__number"),
            **{name: F(f"rule_version__{name}") for name in columns("title")},
        )

    def present(self, rows):
        language = self.values.get("lang")
        return [
            {
                "id": row["id"],
                "comment": str(row["comment_id"]),
                "programme": row["programme"],
                "measure": row["measure"],
                "action": row["action"],
                "rule": row["rule_code"],
                "rule_version": row["rule_number"],
                "rule_title": texts(row, "title", language) if row["rule_code"] else None,
                "authority": row["authority"] or None,
                "role": row["role"],
                "commitment": row["commitment"],
                "from": row["from_state"],
                "to": row["to_state"],
                "about": row["about_id"],
                "decided": moment(row["created_at"]),
            }
            for row in rows
        ]
