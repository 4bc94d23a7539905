"""From a path to the tree of YAML nodes, which keeps lines, duplicate keys and the text of numbers.

Nothing is constructed from the tree: no tag, anchor, alias or merge key of YAML is honoured.
"""

import re
from pathlib import Path

import yaml

from principles.programme_file.faults import Fault

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 5 * MEGABYTE
DEPTH_LIMIT = 20
REFUSED = "refused"  # the tag of a node that has its fault already

# Control characters, and what would let lines be counted in two ways.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def read_document(path: Path) -> tuple[yaml.Node | None, list[Fault]]:
    """The root node of the file's only document (None where there is none), and what is wrong with the file."""
    try:
        if not path.is_file():
            return None, [Fault(0, "is not a file" if path.exists() else "there is no such file")]
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        return None, [Fault(0, f"cannot be read: {getattr(error, 'strerror', None) or error}")]
    if len(content) > SIZE_LIMIT:
        return None, [Fault(0, f"is larger than {SIZE_LIMIT // MEGABYTE} MB")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Fault(content.count(b"\n", 0, error.start) + 1, "is not UTF-8")]
    text = text.replace("\r\n", "\n")
    faults = _unwanted_characters(text)
    root, more = _compose(UNWANTED.sub(" ", text))
    return root, faults + more


def _unwanted_characters(text: str) -> list[Fault]:
    if not UNWANTED.search(text):
        return []
    return [
        Fault(number, f"the character U+{ord(found[0]):04X} is not allowed")
        for number, line in enumerate(text.split("\n"), start=1)
        if (found := UNWANTED.search(line))
    ]


def _compose(text: str) -> tuple[yaml.Node | None, list[Fault]]:
    loader = _Loader(text)
    try:
        return loader.only_document(), loader.faults
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context
        return None, [*loader.faults, Fault(mark.line + 1 if mark else 0, f"not YAML: {problem}")]
    except yaml.YAMLError as error:
        return None, [*loader.faults, Fault(loader.line + 1, f"not YAML: {error}")]
    except _TooDeep as error:
        return None, [*loader.faults, Fault(error.args[0], f"is nested more than {DEPTH_LIMIT} deep")]
    except RecursionError:
        return None, [*loader.faults, Fault(loader.line + 1, "is nested too deep")]
    except (ValueError, OverflowError):
        # PyYAML hands an escape such as "\UFFFFFFFF" to chr() unchecked.
        return None, [*loader.faults, Fault(loader.line + 1, "not YAML: there is no such character")]
    finally:
        loader.dispose()


class _TooDeep(Exception):
    pass


class _Loader(yaml.SafeLoader):
    """Composes nodes only, and notes what this format does without."""

    def __init__(self, text: str):
        super().__init__(text)
        self.faults: list[Fault] = []
        self.depth = 0

    def only_document(self) -> yaml.Node | None:
        self.get_event()
        if self.check_event(yaml.StreamEndEvent):
            self.faults.append(Fault(0, "is empty"))
            return None
        root = self.compose_document()
        if not self.check_event(yaml.StreamEndEvent):
            line = self.peek_event().start_mark.line + 1
            self.faults.append(Fault(line, "a second document begins here; the file must hold one"))
        return root

    def compose_node(self, parent, index):
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self.get_event()
            self.faults.append(Fault(line, f"the alias *{event.anchor} is not allowed; write the text out"))
            return yaml.ScalarNode(REFUSED, "", event.start_mark, event.end_mark)
        if event.anchor is not None:
            self.faults.append(Fault(line, f"the anchor &{event.anchor} is not allowed"))
            event.anchor = None
        if event.tag is not None:
            self.faults.append(Fault(line, f"the tag {event.tag} is not allowed"))
            event.tag = None
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise _TooDeep(line)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node
