"""Breakdowns: results by who took part, as the last night cut them; what the charts show."""

from feedback.api.cursor import Order
from feedback.api.labels import moment
from feedback.api.parameters import choice, slug
from feedback.api.reading import List
from feedback.api.schemata import COUNTS, INT, STRING, TIME, null_or, one_of, record, said
from feedback.models import Breakdown, Dimension

CLASSES = {
    "type": "array",
    "items": {"type": "array", "items": INT},
    "description": "Values that are counted together, such as [[1, 2], [3], [4, 5]]; empty: only people are counted.",
}
SUMS = said(null_or({"type": "array", "items": INT}), "People per class; null where that would tell too much.")
BREAKDOWN = record(
    "Released ratings, or a programme's people, by one dimension. No number is of fewer than ten people, and none "
    "follows from the others.",
    programme=STRING,
    measure=said(null_or(STRING), "Null: a programme's people."),
    question=null_or(STRING),
    edition=null_or(INT),
    dimension=one_of(Dimension.values),
    n=said(INT, "People in the last cut."),
    counts=said(null_or(COUNTS), "Ratings of 1 to 5 in the last cut, as the tally had them then; null for people."),
    classes=CLASSES,
    groups={
        "type": "array",
        "items": record(
            "A group that may be shown on its own.",
            group=said(null_or(STRING), "Null: not given."),
            n=INT,
            counts=SUMS,
            classes=CLASSES,
            cut=said(TIME, "An earlier time than the table's: too few people have changed since."),
            seq=INT,
        ),
    },
    others=record(
        "All other groups together, at the last cut.",
        n=said(null_or(INT), "People of groups without a number of people in it; null where there are none."),
        counts=said(null_or({"type": "array", "items": INT}), "Those of all groups without counts in it."),
    ),
    cut=TIME,
    log=null_or(STRING),
    seq=said(null_or(INT), "The entry of the ledger whose counts these are."),
)


def breakdown_body(row: Breakdown) -> dict:
    """A table as the API writes it; a group that people did not name is null."""
    return {
        "programme": row.programme.slug,
        "measure": row.edition.measure.slug if row.edition else None,
        "question": row.question.slug if row.question else None,
        "edition": row.edition.number if row.edition else None,
        "dimension": row.dimension,
        "n": row.n,
        "counts": row.total or None,
        "classes": row.classes,
        "groups": [
            {**one, "group": one["group"] or None, "cut": one["cut"].replace("+00:00", "Z")} for one in row.rows
        ],
        "others": {"n": row.rest.get("n"), "counts": row.rest.get("counts")},
        "cut": moment(row.cut_at),
        "log": row.log or None,
        "seq": row.seq,
    }


class Breakdowns(List):
    """Released ratings by region, year of birth, gender and way of taking part; no number is below ten people."""

    shape = "BreakdownPage"
    names = (
        "programme",
        "measure",
        "question",
        "edition",
        "dimension",
        "n",
        "counts",
        "classes",
        "groups",
        "others",
        "cut",
        "log",
        "seq",
    )
    speaks = False
    orders = {"id": Order((("id", "whole"),))}
    filters = (
        slug("programme", "Only of this programme.", "programme__slug", "fair-kazakhstan"),
        slug("measure", "Only of this measure.", "edition__measure__slug", "modern-classrooms"),
        slug("question", "Only of the question with this slug.", "question__slug", "support"),
        choice(
            "dimension",
            Dimension.values,
            "Only by this.",
            lambda rows, value: rows.filter(dimension=value),
        ),
        choice(
            "of",
            ("ratings", "people"),
            "people: how many took part in a programme; ratings: of a measure and question.",
            lambda rows, value: rows.filter(question=None) if value == "people" else rows.exclude(question=None),
        ),
    )

    def rows(self):
        return (
            Breakdown.objects.filter(n__gt=0)
            .defer("history")
            .select_related("programme", "question", "edition__measure")
        )

    def present(self, rows):
        return [breakdown_body(row) for row in rows]
