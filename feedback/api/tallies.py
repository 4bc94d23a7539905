"""Tallies: what pages, exports and the ledger show too."""

from feedback.api.cursor import Order
from feedback.api.parameters import slug, whole
from feedback.api.reading import List
from feedback.models import Tally


def tally_body(tally: Tally) -> dict:
    """A tally as the API writes it; counts, median and share are of released ratings alone."""
    return {
        "log": tally.log or None,
        "measure": tally.edition.measure.slug,
        "question": tally.question.slug,
        "edition": tally.edition.number,
        "n": tally.n,
        "released_n": tally.released_n if tally.seq else 0,
        "counts": tally.counts,
        "median": tally.median,
        "share_positive": tally.share_positive,
        "seq": tally.seq,
    }


class Tallies(List):
    """Counts per value of each measure, question and substantive edition, also of editions of the past."""

    shape = "TallyPage"
    names = (
        "log",
        "measure",
        "question",
        "edition",
        "n",
        "released_n",
        "counts",
        "median",
        "share_positive",
        "seq",
    )
    speaks = False
    orders = {"id": Order((("id", "whole"),))}
    filters = (
        slug("programme", "Only of this programme.", "question__programme__slug", "fair-kazakhstan"),
        slug("principle", "Only of this principle.", "edition__measure__principle__slug", "fair-society"),
        slug("measure", "Only of this measure.", "edition__measure__slug", "modern-classrooms"),
        slug("question", "Only of the question with this slug.", "question__slug", "support"),
        whole(
            "edition",
            "Only of the substantive edition with this number.",
            lambda rows, value: rows.filter(edition__number=value),
            least=1,
            most=2**31 - 1,
        ),
    )

    def rows(self):
        return Tally.objects.select_related("question", "edition__measure")

    def present(self, rows):
        return [tally_body(tally) for tally in rows]
