"""What an edition says, as plain values: its wording in each language and its target figures.

The programme file, the admin and the actions hand these to one another; no row of the database is needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from principles.models import LANGUAGES, Edition, TargetFigure

Texts = Mapping[str, str]  # language → text; a language without text is left out or blank


@dataclass(frozen=True)
class Wording:
    """Title and summary of a measure, each in the languages it exists in."""

    title: Texts
    summary: Texts


@dataclass(frozen=True)
class Figure:
    """A figure that an edition promises. `target` and `unit` are slugs, `due` is a year."""

    target: str
    label: Texts
    comparison: str
    value: Decimal
    unit: str
    due: int | None = None


def per_language(field: str, texts: Texts) -> dict[str, str]:
    """`texts` as values of the translated model field: {"title_kk": …, "title_ru": …, "title_en": …}."""
    return {f"{field}_{language}": (texts.get(language) or "").strip() for language in LANGUAGES}


def texts_of(row, field: str) -> dict[str, str]:
    """The translated `field` of `row` as {language: text}, blank where it is missing."""
    return {language: getattr(row, f"{field}_{language}") or "" for language in LANGUAGES}


def wording_of(edition: Edition) -> Wording:
    """The wording of `edition`."""
    return Wording(title=texts_of(edition, "title"), summary=texts_of(edition, "summary"))


def figures_of(edition: Edition) -> list[Figure]:
    """The figures of `edition` in order; without a query where they are prefetched with target and unit."""
    if "figures" in getattr(edition, "_prefetched_objects_cache", {}):
        rows = edition.figures.all()
    else:
        rows = TargetFigure.objects.filter(edition=edition).select_related("target", "unit")
    return [figure_of(row) for row in rows]


def figure_of(row: TargetFigure) -> Figure:
    """What `row` says, as a plain value."""
    return Figure(
        target=row.target.slug,
        label=texts_of(row, "label"),
        comparison=row.comparison,
        value=row.value,
        unit=row.unit.slug,
        due=row.due,
    )


def same_wording(one: Wording, other: Wording) -> bool:
    """Whether both say the same in every language."""
    return per_language("title", one.title) == per_language("title", other.title) and per_language(
        "summary", one.summary
    ) == per_language("summary", other.summary)


def same_figures(one: list[Figure], other: list[Figure]) -> bool:
    """Whether both promise the same figures in the same order (7 and 7.0000 are the same)."""
    return [_comparable(figure) for figure in one] == [_comparable(figure) for figure in other]


def _comparable(figure: Figure) -> tuple:
    return (
        figure.target,
        per_language("label", figure.label),
        figure.comparison,
        figure.value,
        figure.unit,
        figure.due,
    )
