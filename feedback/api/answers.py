"""Official answers to measures and comments."""

from django.db.models import Prefetch

from feedback.api.cursor import Order
from feedback.api.labels import moment, texts
from feedback.api.parameters import choice, slug
from feedback.api.parameters import moment as moment_parameter
from feedback.api.reading import Detail, List
from feedback.models import Answer, AnsweredComment


def answer_body(answer: Answer, language: str | None = None) -> dict:
    """An answer as the API writes it; `answer.linked` holds its published links."""
    return {
        "code": answer.code,
        "programme": answer.measure.principle.programme.slug,
        "measure": answer.measure.slug,
        "comments": [str(row.comment_id) for row in answer.linked],
        "outcome": answer.outcome,
        "text": texts(answer, "text", language),
        "body": texts(answer, "body", language),
        "date": answer.answered_on.isoformat(),
        "link": answer.link or None,
        "edition": answer.edition.number if answer.edition else None,
        "published": moment(answer.published_at),
        "changed": moment(answer.changed_at),
    }


def published_answers():
    """Published answers with all that `answer_body` reads, in two queries."""
    return (
        Answer.objects.published()
        .select_related("measure__principle__programme", "edition")
        .prefetch_related(Prefetch("answered", AnsweredComment.objects.published().order_by("pk"), to_attr="linked"))
    )


class Answers(List):
    """Published answers, newest first."""

    shape = "AnswerPage"
    names = (
        "code",
        "programme",
        "measure",
        "comments",
        "outcome",
        "text",
        "body",
        "date",
        "link",
        "edition",
        "published",
        "changed",
    )
    orders = {
        "-published": Order((("published_at", "moment"), ("id", "whole")), descending=True),
        "published": Order((("published_at", "moment"), ("id", "whole"))),
    }
    filters = (
        slug("programme", "Only on this programme.", "measure__principle__programme__slug", "fair-kazakhstan"),
        slug("principle", "Only on this principle.", "measure__principle__slug", "fair-society"),
        slug("measure", "Only on this measure.", "measure__slug", "modern-classrooms"),
        choice(
            "outcome", Answer.Outcome.values, "Only with this outcome.", lambda rows, value: rows.filter(outcome=value)
        ),
        moment_parameter("published_after", "Only from this moment on.", "published_at__gte"),
        moment_parameter("published_before", "Only before this moment.", "published_at__lt"),
    )

    def rows(self):
        return published_answers()

    def present(self, rows):
        language = self.values.get("lang")
        return [answer_body(row, language) for row in rows]


class OneAnswer(Detail, Answers):
    """One answer, by its code."""

    shape = "Answer"
    lookup = "pk"
    keys = {"code": {"schema": {"type": "string", "pattern": "^a[0-9]{1,18}$"}}}

    def get(self, request, code):
        return super().get(request, code=int(code[1:]))
