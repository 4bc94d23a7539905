"""The data dictionary of an export: what each of its columns means, in the active language."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from feedback.export.cells import safe
from feedback.export.columns import Column

HEADINGS = (_("column"), _("type"), _("meaning"), _("unit"), _("values"))
TYPES = {
    "string": _("text"),
    "integer": _("whole number"),
    "number": _("number"),
    "boolean": _("yes or no"),
    "date": _("date"),
    "datetime": _("time"),
    "local": _("time"),
    "list": _("texts with blanks between"),
}


def entries(columns: Iterable[Column]) -> list[tuple[str, str, str, str, str]]:
    """One entry for each column, under HEADINGS."""
    return [
        (
            column.name,
            str(TYPES[column.kind]),
            str(column.meaning),
            str(column.unit),
            ", ".join(map(str, column.values)),
        )
        for column in columns
    ]


def dictionary_csv(columns: Iterable[Column]) -> str:
    """The dictionary as CSV."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(str, HEADINGS))
    writer.writerows(map(safe, entry) for entry in entries(columns))
    return file.getvalue()
