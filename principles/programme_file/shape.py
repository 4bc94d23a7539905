"""A programme as its file says it. Lines count from 1 and are no part of a value's identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from principles.wording import Figure, Texts, Wording


@dataclass(frozen=True)
class ParsedTarget:
    """A figure that a measure promises."""

    figure: Figure
    line: int = field(compare=False)


@dataclass(frozen=True)
class ParsedMeasure:
    """A measure with its wording; `area` is a slug, "" for none."""

    code: str
    slug: str
    area: str
    paragraph: int | None
    wording: Wording
    targets: tuple[ParsedTarget, ...]
    line: int = field(compare=False)


@dataclass(frozen=True)
class ParsedPrinciple:
    """A principle with its measures in their order."""

    code: str
    slug: str
    title: Texts
    summary: Texts
    measures: tuple[ParsedMeasure, ...]
    line: int = field(compare=False)


@dataclass(frozen=True)
class ParsedQuestion:
    """A question; `labels` holds five texts for each language."""

    slug: str
    text: Texts
    labels: Mapping[str, tuple[str, ...]]
    line: int = field(compare=False)


@dataclass(frozen=True)
class ParsedProgramme:
    """Everything that a file says. `opens`, `closes`, `moderation` and `order` are None where it says nothing.

    `areas` is {slug: texts}, `units` {slug: {language: {plural category: form}}}, in the file's order.
    """

    slug: str
    title: Texts
    summary: Texts
    announced_on: date | None
    announced_by: Texts
    country: str
    source_title: str
    source_url: str
    source_published_on: date | None
    source_language: str
    opens: datetime | None
    closes: datetime | None
    moderation: str | None
    order: int | None
    questions: tuple[ParsedQuestion, ...]
    areas: Mapping[str, Texts]
    units: Mapping[str, Mapping[str, Mapping[str, str]]]
    principles: tuple[ParsedPrinciple, ...]
    line: int = field(compare=False)
