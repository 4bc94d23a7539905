"""From the tree of nodes to a ParsedProgramme, with every fault on the way."""

from functools import partial
from pathlib import Path

import yaml

from principles.models import Programme
from principles.programme_file import keys
from principles.programme_file.document import read_document
from principles.programme_file.faults import Fault, Refusal
from principles.programme_file.measures import read_principles
from principles.programme_file.names import Names, named
from principles.programme_file.plurals import read_forms
from principles.programme_file.section import Faults, Section, languages_of
from principles.programme_file.shape import ParsedProgramme, ParsedQuestion
from principles.programme_file.values import (
    country,
    day,
    language,
    long_text,
    moment,
    one_of,
    short_text,
    slug,
    url,
    whole,
)

VALUES = 5
label = short_text(limit=100)
short_slug = partial(slug, limit=40)


def read_programme_file(path: str | Path) -> tuple[ParsedProgramme | None, list[Fault]]:
    """What the file says and everything that is wrong with it.

    The programme is None where there is no tree to read at all; where there are faults it has gaps, and serves
    only to look for more of them.
    """
    root, found = read_document(Path(path))
    if root is None:
        return None, found
    faults = Faults(found)
    if not isinstance(root, yaml.MappingNode):
        faults.note(root, f"the file must be a mapping with the keys {', '.join(keys.FILE)}")
        return None, faults
    return _read_programme(Section(root, "the file", keys.FILE, faults), faults), faults


def _read_programme(file: Section, faults: Faults) -> ParsedProgramme:
    node = file.value("programme")
    if node is None:
        node = yaml.MappingNode("", [], file.node.start_mark)
        section, source = (Section(node, "programme", keys.Keys(()), faults) for _ in range(2))
    else:
        section = Section(node, "programme", keys.PROGRAMME, faults)
        source = _source(section, faults)
    opens = section.read("opens", moment, None)
    closes = section.read("closes", partial(moment, end_of_day=True), None)
    if opens and closes and opens >= closes:
        faults.append(Fault(section.line_of("closes"), "programme: closes must be later than opens"))
    areas = _areas(file, faults)
    units = _units(file, faults)
    return ParsedProgramme(
        slug=section.read("slug", slug, ""),
        title=section.per_language("title", short_text(limit=200)),
        summary=section.per_language("summary", long_text(limit=4000)),
        announced_on=section.read("announced_on", day, None),
        announced_by=section.per_language("announced_by", short_text(limit=200)),
        country=section.read("country", country, ""),
        source_title=source.read("title", short_text(limit=300), ""),
        source_url=source.read("url", url, ""),
        source_published_on=source.read("published_on", day, None),
        source_language=source.read("language", language, ""),
        opens=opens,
        closes=closes,
        moderation=section.read("moderation", one_of(*Programme.Moderation.values), None),
        order=section.read("order", partial(whole, low=0, high=32767), None),
        questions=_questions(file, faults),
        areas=areas,
        units=units,
        principles=read_principles(file, faults, areas=_named(file, "areas"), units=_named(file, "units")),
        line=section.line,
    )


def _source(section: Section, faults: Faults) -> Section:
    node = section.value("source")
    if node is None:
        return Section(yaml.MappingNode("", [], section.node.start_mark), "", keys.Keys(()), faults)
    return Section(node, "programme: source", keys.SOURCE, faults)


def _named(file: Section, key: str) -> set[str]:
    """The slugs under `key`, faulty entries included, so that one fault is not told twice."""
    node = file.value(key)
    if not isinstance(node, yaml.MappingNode):
        return set()
    return {key_node.value for key_node, _value in node.value if isinstance(key_node, yaml.ScalarNode)}


def _areas(file: Section, faults: Faults) -> dict[str, dict[str, str]]:
    areas = {}
    for name, key_node, value in file.pairs("areas"):
        _check_slug(name, key_node, "area", faults)
        areas[name] = languages_of(value, f"area {name}: name", key_node, faults, short_text(limit=100))
    return areas


def _units(file: Section, faults: Faults) -> dict[str, dict[str, dict[str, str]]]:
    units = {}
    for name, key_node, value in file.pairs("units"):
        _check_slug(name, key_node, "unit", faults)
        units[name] = read_forms(value, f"unit {name}", key_node, faults)
    return units


def _check_slug(name: str, key_node: yaml.Node, kind: str, faults: Faults) -> None:
    try:
        short_slug(key_node)
    except Refusal as refusal:
        faults.note(key_node, f"{kind} {name}: {refusal}")


def _questions(file: Section, faults: Faults) -> tuple[ParsedQuestion, ...]:
    names = Names("question slug", faults)
    questions = []
    for position, node in enumerate(file.items("questions"), start=1):
        what = named(node, "question", position, "slug")
        section = Section(node, what, keys.QUESTION, faults)
        found = section.read("slug", short_slug, "")
        names.add(found, section.line_of("slug"))
        questions.append(
            ParsedQuestion(
                slug=found,
                text=section.per_language("text", short_text(limit=300)),
                labels=section.per_language("labels", partial(_labels, what=what, faults=faults)),
                line=section.line,
            )
        )
    return tuple(questions)


def _labels(node: yaml.Node, *, what: str, faults: Faults) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode) or len(node.value) != VALUES:
        raise Refusal(f"must be a list of exactly {VALUES} labels")
    labels = []
    for value, item in enumerate(node.value, start=1):
        try:
            labels.append(label(item))
        except Refusal as refusal:
            faults.note(item, f"{what}: label {value} {refusal}")
    return tuple(labels)
