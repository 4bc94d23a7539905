"""What comments are about: how many published ones have which theme, and of which stances."""

from feedback.api.cursor import Order
from feedback.api.labels import texts
from feedback.api.parameters import slug
from feedback.api.reading import List
from feedback.api.schemata import INT, STRING, null_or, record, ref, said
from feedback.models import Theme
from feedback.results.themes import FEWEST, rows_of

STANCES = ("for", "against", "neutral", "none")
THEME = record(
    "A theme of published comments of at least ten people, as the staff, or a program of theirs, noted it.",
    programme=STRING,
    theme=said(STRING, "Its code in the programme's codebook."),
    version=said(INT, "Of its wording."),
    name=ref("Texts"),
    description=ref("Texts"),
    comments=said(INT, "Published comments that have it; a comment may have several themes."),
    stances=said(
        null_or(record("The same by stance; none: no stance picked.", **dict.fromkeys(STANCES, INT))),
        "Null where one of them is of fewer than ten people, but not of nobody.",
    ),
)


class Themes(List):
    """Themes of comments, with at least ten people behind each one; live."""

    shape = "ThemePage"
    names = tuple(THEME["properties"])
    orders = {"id": Order((("id", "whole"),))}
    filters = (slug("programme", "Only of this programme.", "programme__slug", "fair-kazakhstan"),)

    def rows(self):
        return Theme.objects.shown(FEWEST).select_related("programme", "current_version")

    def present(self, rows):
        language = self.values.get("lang")
        return [
            {
                "programme": row.theme.programme.slug,
                "theme": row.theme.code,
                "version": row.theme.current_version.number,
                "name": texts(row.theme.current_version, "name", language),
                "description": texts(row.theme.current_version, "description", language),
                "comments": row.total,
                "stances": dict(zip(STANCES, row.stances, strict=True)) if row.stances else None,
            }
            for row in rows_of(rows)
        ]
