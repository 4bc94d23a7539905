"""What is proposed: programmes, principles, measures with their edition, questions, targets with their readings."""

from django.db.models import F, Prefetch

from feedback.api.cursor import Order
from feedback.api.labels import moment, page, texts
from feedback.api.parameters import slug, yes_or_no
from feedback.api.reading import Detail, List
from feedback.models import CommentCount
from principles.models import Measure, Principle, Programme, Question, Target, TargetFigure

IN_ORDER = {"order": Order((("order", "whole"), ("id", "whole")))}
OF_PROGRAMME = "Only of the programme with this slug."
STATES = ("published", "pending", "hidden", "withdrawn", "erased")


class Programmes(List):
    """Programmes put to consultation, in their order."""

    shape = "ProgrammePage"
    names = (
        "slug",
        "title",
        "summary",
        "announced_on",
        "announced_by",
        "source",
        "opens",
        "closes",
        "open",
        "moderation",
        "url",
    )
    orders = IN_ORDER

    def rows(self):
        return Programme.objects.all()

    def present(self, rows):
        language = self.values.get("lang")
        return [
            {
                "slug": row.slug,
                "title": texts(row, "title", language),
                "summary": texts(row, "summary", language),
                "announced_on": row.announced_on and row.announced_on.isoformat(),
                "announced_by": texts(row, "announced_by", language),
                "source": {
                    "title": row.source_title or None,
                    "url": row.source_url or None,
                    "published_on": row.source_published_on and row.source_published_on.isoformat(),
                },
                "opens": moment(row.opens_at),
                "closes": moment(row.closes_at),
                "open": row.is_open(),
                "moderation": row.moderation,
                "url": page(f"programmes/{row.slug}/"),
            }
            for row in rows
        ]


class OneProgramme(Detail, Programmes):
    """One programme, by its slug."""

    shape = "Programme"


class Principles(List):
    """Principles, in the order of their programme."""

    shape = "PrinciplePage"
    names = ("slug", "programme", "code", "title", "summary", "retired", "url")
    orders = {"order": Order((("programme_id", "whole"), ("order", "whole"), ("id", "whole")))}
    filters = (slug("programme", OF_PROGRAMME, "programme__slug", "fair-kazakhstan"),)

    def rows(self):
        return Principle.objects.select_related("programme")

    def present(self, rows):
        language = self.values.get("lang")
        return [
            {
                "slug": row.slug,
                "programme": row.programme.slug,
                "code": row.code,
                "title": texts(row, "title", language),
                "summary": texts(row, "summary", language),
                "retired": moment(row.retired_at),
                "url": page(f"principles/{row.slug}/"),
            }
            for row in rows
        ]


class OnePrinciple(Detail, Principles):
    """One principle, by its slug."""

    shape = "Principle"


class Measures(List):
    """Measures with the wording of their current edition, in the order of their programme."""

    shape = "MeasurePage"
    names = (
        "slug",
        "programme",
        "principle",
        "code",
        "area",
        "paragraph",
        "edition",
        "substantive_edition",
        "edition_created",
        "title",
        "summary",
        "retired",
        "comments",
        "url",
    )
    orders = {"order": Order((("principle_id", "whole"), ("order", "whole"), ("id", "whole")))}
    filters = (
        slug("programme", OF_PROGRAMME, "principle__programme__slug", "fair-kazakhstan"),
        slug("principle", "Only of the principle with this slug.", "principle__slug", "fair-state"),
        slug("area", "Only of the policy area with this slug.", "area__slug", "education"),
        yes_or_no(
            "retired",
            "Only those that left the programme (true), or only those in it (false).",
            lambda rows, value: rows.exclude(retired_at=None) if value else rows.filter(retired_at=None),
        ),
    )

    def rows(self):
        return Measure.objects.with_wording().select_related("comment_count")

    def present(self, rows):
        language = self.values.get("lang")
        return [self.measure(row, language) for row in rows]

    @staticmethod
    def measure(row, language):
        edition = row.current_edition
        counts = getattr(row, "comment_count", None) or CommentCount()
        return {
            "slug": row.slug,
            "programme": row.principle.programme.slug,
            "principle": row.principle.slug,
            "code": row.code,
            "area": {"slug": row.area.slug, "name": texts(row.area, "name", language)} if row.area else None,
            "paragraph": row.paragraph,
            "edition": edition.number,
            "substantive_edition": edition.series,
            "edition_created": moment(edition.created_at),
            "title": texts(edition, "title", language),
            "summary": texts(edition, "summary", language),
            "retired": moment(row.retired_at),
            "comments": {"submitted": counts.submitted} | {state: getattr(counts, state) for state in STATES},
            "url": page(f"measures/{row.slug}/"),
        }


class OneMeasure(Detail, Measures):
    """One measure, by its slug."""

    shape = "Measure"


class Questions(List):
    """What a programme asks of each measure, answered 1-5."""

    shape = "QuestionPage"
    names = ("slug", "programme", "text", "labels")
    orders = {"order": Order((("programme_id", "whole"), ("order", "whole"), ("id", "whole")))}
    filters = (slug("programme", OF_PROGRAMME, "programme__slug", "fair-kazakhstan"),)

    def rows(self):
        return Question.objects.select_related("programme")

    def present(self, rows):
        language = self.values.get("lang")
        return [
            {
                "slug": row.slug,
                "programme": row.programme.slug,
                "text": texts(row, "text", language),
                "labels": [texts(row, f"label_{value}", language) for value in range(1, 6)],
            }
            for row in rows
        ]


class Targets(List):
    """Targets as the current editions promise them, each with its readings, oldest first."""

    shape = "TargetPage"
    names = ("slug", "programme", "measure", "edition", "label", "comparison", "value", "unit", "due", "readings")
    orders = {"order": Order((("id", "whole"),))}
    filters = (
        slug("programme", OF_PROGRAMME, "measure__principle__programme__slug", "fair-kazakhstan"),
        slug("measure", "Only of the measure with this slug.", "measure__slug", "modern-classrooms"),
    )

    def rows(self):
        promised = TargetFigure.objects.filter(edition=F("target__measure__current_edition")).select_related("unit")
        targets = Target.objects.select_related("measure__current_edition", "measure__principle__programme")
        return targets.prefetch_related(Prefetch("figures", promised, to_attr="promised"), "readings")

    def present(self, rows):
        language = self.values.get("lang")
        return [self.target(row, language) for row in rows]

    @staticmethod
    def target(row, language):
        figure = row.promised[0] if row.promised else None
        return {
            "slug": row.slug,
            "programme": row.measure.principle.programme.slug,
            "measure": row.measure.slug,
            "edition": row.measure.current_edition.number,
            "label": texts(figure, "label", language) if figure else None,
            "comparison": figure.comparison if figure else None,
            "value": decimal(figure.value) if figure else None,
            "unit": figure.unit.slug if figure else None,
            "due": figure.due if figure else None,
            "readings": [
                {
                    "date": reading.read_on.isoformat(),
                    "value": decimal(reading.value),
                    "voice": reading.voice,
                    "source": reading.source_name,
                    "source_url": reading.source_url,
                }
                for reading in row.readings.all()
            ],
        }


class OneTarget(Detail, Targets):
    """One target, by its slug."""

    shape = "Target"


def decimal(value) -> str:
    """A decimal as plain text, so that no client rounds it: "7.5"."""
    return format(value.normalize(), "f")
