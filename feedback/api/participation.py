"""Taking part, day by day and by language, as the last night counted it."""

from collections import Counter

from feedback.api.cursor import Order
from feedback.api.labels import moment
from feedback.api.parameters import slug
from feedback.api.reading import List
from feedback.api.schemata import DATE, INT, STRING, TIME, record, said
from feedback.models import ProgrammeFigures
from feedback.models.comment import Language

BY_LANGUAGE = record("Comments and replies by language.", **dict.fromkeys(Language.values, INT))
PARTICIPATION = record(
    "How a programme's participants took part, as the last night counted it.",
    programme=STRING,
    participants=said(INT, "People who have rated or commented."),
    raters=said({"type": "object", "additionalProperties": INT}, "People who have rated, by the slug of the question."),
    authors=said(INT, "People who have written a comment or reply that does not wait for moderation."),
    answered=said(INT, "Published comments with an official answer."),
    languages=BY_LANGUAGE,
    days={
        "type": "array",
        "items": record(
            "A day of the portal's own time zone.", day=DATE, ratings=said(INT, "Given."), comments=BY_LANGUAGE
        ),
    },
    cut=TIME,
)


def by_language(counts: dict[str, int]) -> dict[str, int]:
    return {language: counts.get(language, 0) for language in Language.values}


class Participation(List):
    """What came in day by day and by language, and from how many people; counted each night."""

    shape = "ParticipationPage"
    names = tuple(PARTICIPATION["properties"])
    speaks = False
    orders = {"programme": Order((("programme_id", "whole"),))}
    filters = (slug("programme", "Only of this programme.", "programme__slug", "fair-kazakhstan"),)

    def rows(self):
        return ProgrammeFigures.objects.select_related("programme")

    def present(self, rows):
        return [self._body(row) for row in rows]

    @staticmethod
    def _body(row: ProgrammeFigures) -> dict:
        languages: Counter = Counter()
        for _day, _ratings, counts in row.days:
            languages.update(counts)
        return {
            "programme": row.programme.slug,
            "participants": row.participants,
            "raters": row.people.get("raters", {}),
            "authors": row.people.get("authors", 0),
            "answered": row.answered,
            "languages": by_language(languages),
            "days": [
                {"day": day, "ratings": ratings, "comments": by_language(counts)} for day, ratings, counts in row.days
            ],
            "cut": moment(row.cut_at),
        }
