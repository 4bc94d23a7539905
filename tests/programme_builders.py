"""Programmes for tests: the shipped one, and small ones made by the same actions as everything else."""

from itertools import count
from pathlib import Path

from django.core.management import call_command

from principles.actions import add_measure
from principles.models import LANGUAGES, Area, Measure, Principle, Programme, Question, Unit
from principles.wording import Wording, per_language

FAIR_KAZAKHSTAN = Path(__file__).resolve().parent.parent / "principles" / "data" / "fair-kazakhstan.yaml"
FORMS = {
    "en": {"one": "{n} classroom", "other": "{n} classrooms"},
    "ru": {"one": "{n} кабинет", "few": "{n} кабинета", "many": "{n} кабинетов", "other": "{n} кабинета"},
    "kk": {"other": "{n} кабинет"},
}
numbers = count(1)


def load_fair_kazakhstan() -> Programme:
    """The shipped programme: 3 principles, 33 measures, 10 targets, 2 questions."""
    call_command("load_programme", str(FAIR_KAZAKHSTAN), verbosity=0)
    return Programme.objects.get(slug="fair-kazakhstan")


def make_programme(
    slug: str = "test-programme",
    measures: int = 2,
    questions: tuple[str, ...] = ("support", "delivery"),
    **fields,
) -> Programme:
    """A programme with one principle, one area (`schools`), one unit (`classrooms`), this many measures."""
    programme = Programme.objects.create(
        slug=slug,
        **per_language("title", in_three_languages(f"Programme {slug}"))
        | per_language("summary", in_three_languages(f"What {slug} is about"))
        | fields,
    )
    for order, question in enumerate(questions):
        labels = {}
        for value in range(1, 6):
            labels |= per_language(f"label_{value}", in_three_languages(f"{question} {value}"))
        Question.objects.create(
            programme=programme,
            slug=question,
            order=order,
            **per_language("text", in_three_languages(f"{question}?")),
            **labels,
        )
    Area.objects.create(programme=programme, slug="schools", **per_language("name", in_three_languages("Schools")))
    Unit.objects.create(programme=programme, slug="classrooms", forms=FORMS)
    Principle.objects.create(
        programme=programme,
        slug=f"{slug}-principle",
        code="1",
        **per_language("title", in_three_languages("A principle")),
        **per_language("summary", in_three_languages("What the principle is about")),
    )
    for _ in range(measures):
        make_measure(programme)
    return programme


def make_measure(programme: Programme | None = None, **fields) -> Measure:
    """A measure at the end of the programme's first principle (of a new programme where none is given).

    `title` and `summary` may be a text or {language: text}; everything else goes to `add_measure`.
    """
    if programme is None:
        programme = make_programme(slug=f"programme-{next(numbers)}", measures=0)
    principle = fields.pop("principle", None) or programme.principles.first()
    number = principle.measures.count() + 1
    wording = Wording(
        title=in_three_languages(fields.pop("title", f"Measure {number}")),
        summary=in_three_languages(fields.pop("summary", f"What measure {number} is about")),
    )
    values = {
        "slug": f"{principle.slug}-measure-{number}",
        "code": f"{principle.code}.{number}",
        "area": programme.areas.first(),
        "paragraph": number,
    }
    return add_measure(principle=principle, wording=wording, **values | fields)


def in_three_languages(text: str | dict[str, str]) -> dict[str, str]:
    """`text` with its language's code behind it, in each language; a mapping stays as it is."""
    return text if isinstance(text, dict) else {language: f"{text} ({language})" for language in LANGUAGES}
