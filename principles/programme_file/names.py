"""Names that must not stand twice in a file, and what a fault calls the thing that it is about."""

import yaml

from principles.programme_file.faults import Fault
from principles.programme_file.section import Faults


class Names:
    """The slugs or codes of one kind that the file has used so far."""

    def __init__(self, kind: str, faults: Faults):
        self.kind, self.faults = kind, faults
        self.lines: dict[str, int] = {}

    def add(self, name: str, line: int) -> None:
        """Note `name`; a fault if it has stood before. An empty one has its own fault already."""
        if not name:
            return
        if name in self.lines:
            reason = f"duplicate {self.kind} {name!r}, first on line {self.lines[name]}"
            self.faults.append(Fault(line, reason))
        else:
            self.lines[name] = line


def named(node: yaml.Node, kind: str, position: int, *keys: str) -> str:
    """What faults call an entry of a list: "measure 2.4" by the first of `keys` that it has, else its place."""
    if isinstance(node, yaml.MappingNode):
        values = {
            key.value: value.value.strip()
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
        }
        for key in keys:
            if values.get(key):
                return f"{kind} {values[key][:80]}"
    return f"{kind} no. {position}"
