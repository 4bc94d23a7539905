"""A figure of the results: a chart, the same numbers as a table, and all that belongs beside them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from feedback.results.drawing import Drawing

FORMATS = ("svg", "png", "csv")


@dataclass
class Figure:
    """`key` names its files; `header` and `rows` are its table, numbers as numbers; `draw` makes its picture.

    `note` says how many people are in it, `missing` who is not; `cut` is the time of its numbers (None: they are
    live); `query` is the address, below the API's root, that gives the same numbers; `shown` is what its own part of
    a page needs.
    """

    key: str
    title: str
    header: list[str]
    rows: list[list]
    note: str = ""
    missing: str = ""
    cut: datetime | None = None
    query: str = ""
    draw: Callable[["Figure"], Drawing] | None = None
    shown: dict = field(default_factory=dict)
    empty: str = ""  # why there is nothing to show

    @property
    def cut_text(self) -> str:
        if self.cut is None:
            return _("Live numbers, at most 2 seconds late.")
        return _numbers_of(self.cut)

    @property
    def kept_text(self) -> str:
        """`cut_text` for what is kept, such as a picture or a report: live numbers are those of this moment."""
        return _numbers_of(self.cut or timezone.now())

    @property
    def table(self) -> list[list[str]]:
        """The rows as a page writes them; nothing where there is no number."""
        return [[written(cell) for cell in row] for row in self.rows]

    def footer(self) -> list[str]:
        """What stands under the picture when it travels alone."""
        return [line for line in (" ".join(part for part in (self.note, self.kept_text) if part), self.missing) if line]


def _numbers_of(moment: datetime) -> str:
    return _("Numbers of %(time)s.") % {"time": date_format(localtime(moment), "DATETIME_FORMAT")}


def written(cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    return number_format(cell, use_l10n=True, force_grouping=True)


def percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def bar_lines(rows: Sequence[Sequence]) -> list[tuple[str, int, str]]:
    """(label, number, length of its bar of 100) for rows of a label and a number."""
    most = max((row[-1] for row in rows), default=0) or 1
    return [(row[0], row[-1], f"{row[-1] / most * 100:.2f}") for row in rows]


def sentences(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(filter(None, parts))
