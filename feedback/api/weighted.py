"""Weighted results: the share of 4 and 5 raked to the population, beside the raw one."""

from feedback.api.cursor import Order
from feedback.api.labels import moment
from feedback.api.parameters import slug
from feedback.api.reading import List
from feedback.api.schemata import INT, STRING, TIME, null_or, record, said
from feedback.models import WeightedResult

NUMBER = {"type": "number"}
REASON = null_or(STRING) | {"enum": [*WeightedResult.Reason.values, None]}
WEIGHTED = record(
    "The share of 4 and 5 of a measure and question, weighted by region, year of birth and gender.",
    programme=STRING,
    measure=STRING,
    question=STRING,
    edition=INT,
    n=said(INT, "People who gave all three; 0 where that is not shown."),
    raw=said(null_or(NUMBER), "The share among all released ratings, 0 to 1."),
    weighted=null_or(NUMBER),
    low=said(null_or(NUMBER), "The 95% interval of the weighted share."),
    high=null_or(NUMBER),
    effective_n=null_or(NUMBER),
    design_effect=null_or(NUMBER),
    reason=REASON | {"description": "Why there is no weighted share."},
    cut=TIME,
    seq=null_or(INT),
)


class Weighted(List):
    """Results weighted to the population, beside the raw ones; empty where no margins are loaded."""

    shape = "WeightedPage"
    names = tuple(WEIGHTED["properties"])
    speaks = False
    orders = {"id": Order((("id", "whole"),))}
    filters = (
        slug("programme", "Only of this programme.", "question__programme__slug", "fair-kazakhstan"),
        slug("measure", "Only of this measure.", "edition__measure__slug", "modern-classrooms"),
        slug("question", "Only of the question with this slug.", "question__slug", "support"),
    )

    def rows(self):
        return WeightedResult.objects.defer("history").select_related("question__programme", "edition__measure")

    def present(self, rows):
        return [
            {
                "programme": row.question.programme.slug,
                "measure": row.edition.measure.slug,
                "question": row.question.slug,
                "edition": row.edition.number,
                "n": row.n,
                "raw": row.raw_positive,
                "weighted": row.positive,
                "low": row.low,
                "high": row.high,
                "effective_n": row.effective_n,
                "design_effect": row.design_effect,
                "reason": row.reason or None,
                "cut": moment(row.cut_at),
                "seq": row.seq,
            }
            for row in rows
        ]
