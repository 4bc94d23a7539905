"""The principles of a file, their measures, and the targets of these."""

from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import yaml

from principles.models import TargetFigure
from principles.programme_file import keys
from principles.programme_file.faults import Refusal
from principles.programme_file.names import Names, named
from principles.programme_file.section import Faults, Section
from principles.programme_file.shape import ParsedMeasure, ParsedPrinciple, ParsedTarget
from principles.programme_file.values import (
    code,
    long_text,
    number,
    one_of,
    scalar,
    short_text,
    slug,
    whole,
    year,
)
from principles.wording import Figure, Wording


@dataclass(frozen=True)
class Known:
    """What measures may refer to, and the names they must not use twice."""

    areas: Set[str]
    units: Set[str]
    measure_codes: Names
    measure_slugs: Names
    target_slugs: Names


def read_principles(file: Section, faults: Faults, *, areas: Set[str], units: Set[str]) -> tuple[ParsedPrinciple, ...]:
    """The principles under the file's key of that name. `areas` and `units` are the slugs that the file defines."""
    codes, slugs = Names("principle code", faults), Names("principle slug", faults)
    known = Known(
        areas,
        units,
        Names("measure code", faults),
        Names("measure slug", faults),
        Names("target slug", faults),
    )
    principles = []
    for position, node in enumerate(file.items("principles"), start=1):
        section = Section(node, named(node, "principle", position, "code", "slug"), keys.PRINCIPLE, faults)
        principle = ParsedPrinciple(
            code=section.read("code", code, ""),
            slug=section.read("slug", slug, ""),
            title=section.per_language("title", short_text(limit=200)),
            summary=section.per_language("summary", long_text(limit=4000)),
            measures=tuple(
                _measure(measure, place, known, faults)
                for place, measure in enumerate(section.items("measures"), start=1)
            ),
            line=section.line_of("slug"),
        )
        codes.add(principle.code, section.line_of("code"))
        slugs.add(principle.slug, section.line_of("slug"))
        principles.append(principle)
    return tuple(principles)


def _measure(node: yaml.Node, position: int, known: Known, faults: Faults) -> ParsedMeasure:
    what = named(node, "measure", position, "code", "slug")
    section = Section(node, what, keys.MEASURE, faults)
    measure = ParsedMeasure(
        code=section.read("code", code, ""),
        slug=section.read("slug", slug, ""),
        area=section.read("area", partial(_one_known, kind="area", names=known.areas), ""),
        paragraph=section.read("paragraph", partial(whole, low=1, high=32767), None),
        wording=Wording(
            title=section.per_language("title", short_text(limit=200)),
            summary=section.per_language("summary", long_text(limit=4000)),
        ),
        targets=tuple(
            _target(target, what, place, known, faults)
            for place, target in enumerate(section.items("targets", empty=True), start=1)
        ),
        line=section.line_of("slug"),
    )
    known.measure_codes.add(measure.code, section.line_of("code"))
    known.measure_slugs.add(measure.slug, section.line_of("slug"))
    return measure


def _target(node: yaml.Node, measure: str, position: int, known: Known, faults: Faults) -> ParsedTarget:
    section = Section(node, f"{measure}: {named(node, 'target', position, 'slug')}", keys.TARGET, faults)
    figure = Figure(
        target=section.read("slug", slug, ""),
        label=section.per_language("label", short_text(limit=200)),
        comparison=section.read("comparison", one_of(*TargetFigure.Comparison.values), ""),
        value=section.read("value", number, Decimal(0)),
        unit=section.read("unit", partial(_one_known, kind="unit", names=known.units), ""),
        due=section.read("due", year, None),
    )
    known.target_slugs.add(figure.target, section.line_of("slug"))
    return ParsedTarget(figure, section.line_of("slug"))


def _one_known(node: yaml.Node, *, kind: str, names: Set[str]) -> str:
    value = scalar(node)
    if value not in names:
        raise Refusal(f"{value!r} is unknown: there is no such {kind} in the file")
    return value
