"""One mapping of the file under inspection: reads its keys and notes every fault with its line."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import yaml

from principles.models import LANGUAGES
from principles.programme_file.document import REFUSED
from principles.programme_file.faults import Fault, Refusal
from principles.programme_file.keys import Keys
from principles.programme_file.values import EMPTY, kind_of, scalar

MERGE = "tag:yaml.org,2002:merge"
LIST_LIMIT = 1000
Value = TypeVar("Value")


class Faults(list[Fault]):
    """The faults found so far."""

    def note(self, node: yaml.Node, reason: str) -> None:
        self.append(Fault(node.start_mark.line + 1, reason))


def pairs(node: yaml.Node, what: str, faults: Faults) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Key, key node and value node of a mapping; a key that cannot stand, or stands twice, is a fault."""
    if node.tag == REFUSED:
        return
    if not isinstance(node, yaml.MappingNode):
        faults.note(node, f"{what} must be a mapping, not {kind_of(node)}")
        return
    lines: dict[str, int] = {}
    for key_node, value in node.value:
        if key_node.tag == MERGE:
            faults.note(key_node, f"{what}: the merge key << is not allowed")
            continue
        if key_node.tag == REFUSED:
            continue
        try:
            key = scalar(key_node)
        except Refusal as refusal:
            faults.note(key_node, f"{what}: a key {refusal}")
            continue
        if key in lines:
            faults.note(key_node, f"{what}: duplicate key {key!r}, first on line {lines[key]}")
            continue
        lines[key] = key_node.start_mark.line + 1
        yield key, key_node, value


class Section:
    """A mapping with known keys. `what` names it in faults: "measure 2.4"."""

    def __init__(self, node: yaml.Node, what: str, keys: Keys, faults: Faults):
        self.node, self.what, self.faults = node, what, faults
        self.key_nodes: dict[str, yaml.Node] = {}
        self.values: dict[str, yaml.Node] = {}
        for key, key_node, value in pairs(node, what, faults):
            if key in keys:
                self.key_nodes[key], self.values[key] = key_node, value
            else:
                faults.note(key_node, f"{what}: unknown key {key!r}; it can have {', '.join(keys)}")
        if isinstance(node, yaml.MappingNode):
            for key in keys.required:
                if key not in self.values:
                    faults.note(node, f"{what}: {key} is missing")

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    def line_of(self, key: str) -> int:
        """Where `key` stands, or where the section begins."""
        return self.key_nodes.get(key, self.node).start_mark.line + 1

    def value(self, key: str) -> yaml.Node | None:
        """The node under `key`; None where it is missing or has its fault already."""
        node = self.values.get(key)
        return None if node is None or node.tag == REFUSED else node

    def read(self, key: str, parse: Callable[[yaml.Node], Value], otherwise: Value) -> Value:
        """What `parse` makes of the value under `key`, or `otherwise`."""
        node = self.value(key)
        if node is None:
            return otherwise
        try:
            return parse(node)
        except Refusal as refusal:
            self.faults.note(self.key_nodes[key], f"{self.what}: {key} {refusal}")
            return otherwise

    def pairs(self, key: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Key, key node and value node of the mapping under `key`."""
        node = self.value(key)
        if node is not None:
            yield from pairs(node, f"{self.what}: {key}", self.faults)

    def items(self, key: str, *, empty: bool = False) -> list[yaml.Node]:
        """The nodes of the list under `key`."""
        node = self.value(key)
        if node is None:
            return []
        what = f"{self.what}: {key}"
        if not isinstance(node, yaml.SequenceNode):
            self.faults.note(self.key_nodes[key], f"{what} must be a list, not {kind_of(node)}")
            return []
        if not node.value and not empty:
            self.faults.note(node, f"{what} is empty")
        if len(node.value) > LIST_LIMIT:
            self.faults.note(node, f"{what} has more than {LIST_LIMIT} entries")
            return []
        return [item for item in node.value if item.tag != REFUSED]

    def per_language(self, key: str, parse: Callable[[yaml.Node], Value]) -> dict[str, Value]:
        """{language: what `parse` made of it} of the value under `key`; every language must be there."""
        node = self.value(key)
        if node is None:
            return {}
        return languages_of(node, f"{self.what}: {key}", self.key_nodes[key], self.faults, parse)


def languages_of(
    node: yaml.Node,
    what: str,
    key_node: yaml.Node,
    faults: Faults,
    parse: Callable[[yaml.Node], Value],
) -> dict[str, Value]:
    """{language: parsed value} of a mapping that must have every language and no other."""
    if node.tag == REFUSED:
        return {}
    if not isinstance(node, yaml.MappingNode):
        faults.note(key_node, f"{what} must be given in {', '.join(LANGUAGES)}, not as {kind_of(node)}")
        return {}
    found: dict[str, Value] = {}
    named = set()
    for language, language_node, value in pairs(node, what, faults):
        if language not in LANGUAGES:
            faults.note(language_node, f"{what}: unknown language {language!r}; it can be {', '.join(LANGUAGES)}")
            continue
        named.add(language)
        if value.tag == REFUSED:
            continue
        try:
            found[language] = parse(value)
        except Refusal as refusal:
            reason = f"is missing in {language}" if str(refusal) == EMPTY else f"in {language} {refusal}"
            faults.note(language_node, f"{what} {reason}")
    for language in LANGUAGES:
        if language not in named:
            faults.note(key_node, f"{what} is missing in {language}")
    return found
