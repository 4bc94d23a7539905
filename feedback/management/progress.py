"""Progress of a long command: one line on a terminal, a line now and then elsewhere."""

import sys
import time

SECONDS_BETWEEN_LINES = 5  # where the output is no terminal


class Progress:
    """One line of what is written so far, kept up to date on a terminal; `totals` are by the names of what is told."""

    def __init__(self, out, totals: dict[str, int]):
        self._out, self._totals = out, totals
        self._terminal = out.isatty() if hasattr(out, "isatty") else sys.stderr.isatty()
        self._told = time.monotonic()
        self._open = False

    def tell(self, name: str, rows: int) -> None:
        now = time.monotonic()
        if not self._terminal and now - self._told < SECONDS_BETWEEN_LINES:
            return
        self._told, self._open = now, self._terminal
        line = f"{name} {rows:,}" + (f" / {self._totals[name]:,}" if name in self._totals else "")
        self._out.write(f"\r{line:40}" if self._terminal else line, ending="" if self._terminal else "\n")
        self._out.flush()

    def end(self) -> None:
        if self._open:
            self._out.write("")
