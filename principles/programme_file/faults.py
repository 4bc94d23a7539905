"""What is wrong with a programme file, gathered so that every fault is told at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A reason to refuse the file; `line` counts from 1, 0 where the fault is the whole file's."""

    line: int
    reason: str


class ProgrammeFileRefused(Exception):
    """The file has faults and nothing of it was loaded; its text is one `file:line: reason` a line."""

    def __init__(self, name: str, faults: Iterable[Fault]):
        self.name = name
        self.faults = sorted(set(faults), key=lambda fault: (fault.line, fault.reason))
        super().__init__(name, self.faults)

    def __str__(self) -> str:
        return "\n".join(
            f"{self.name}:{fault.line}: {fault.reason}" if fault.line else f"{self.name}: {fault.reason}"
            for fault in self.faults
        )


class Refusal(Exception):
    """A value cannot stand; the text completes a sentence that begins with the key."""
