"""How values are written in cells: safe from being computed, and the same whatever the engine."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from django.utils.timezone import get_default_timezone

# A spreadsheet takes a cell that begins so for a formula. Cells that would be mistaken for marked ones are marked too,
# so that taking one apostrophe away gives back every text.
BEGINNINGS = "=+-@\t\r\n＝＋－＠"
FORMULA = re.compile(rf"'*[{re.escape(BEGINNINGS)}]")


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet computes."""
    return f"'{text}" if FORMULA.match(text) else text


def in_utc(value: datetime) -> str:
    """ISO 8601 in UTC, to the second, such as 2026-11-24T07:05:09Z."""
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def by_the_clock(value: datetime) -> datetime:
    """The time on the portal's clock, to the second, without a zone."""
    return value.astimezone(get_default_timezone()).replace(tzinfo=None, microsecond=0)


def local_text(value: datetime) -> str:
    """The time on the portal's clock as a spreadsheet reads it, such as 2026-11-24 12:05:09."""
    return by_the_clock(value).isoformat(" ")


def _truth(value: bool) -> str:
    return "true" if value else "false"


def text_or_null(value: str) -> str | None:
    """A text, and null for none: where a cell can be null, nothing said and no value are one."""
    return value or None


# By the kind of a column; a kind that is not named stays as it is.
OF_CSV: dict[str, Callable] = {
    "string": safe,
    "boolean": _truth,
    "datetime": in_utc,
    "local": local_text,
    "date": date.isoformat,
}
OF_JSON: dict[str, Callable] = {
    "string": text_or_null,
    "number": float,
    "datetime": in_utc,
    "local": local_text,
    "date": date.isoformat,
    "list": str.split,
}
OF_SHEET: dict[str, Callable] = {"string": text_or_null, "number": float, "datetime": in_utc, "local": by_the_clock}
