"""Pages by keyset: a cursor names the row that a page goes on from, so a deep page costs what the first one costs."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from feedback.api.problems import bad

LONGEST = 400


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value


READERS: dict[str, Callable] = {"moment": _moment, "whole": _whole, "uuid": uuid.UUID, "text": _text}


@dataclass(frozen=True)
class Order:
    """An order of rows by columns of known kinds, the last of which is unique: ((column, kind), …)."""

    columns: tuple[tuple[str, str], ...]
    descending: bool = False

    def sort(self, rows: QuerySet, *, backwards: bool) -> QuerySet:
        sign = "-" if self.descending != backwards else ""
        return rows.order_by(*(f"{sign}{column}" for column, _kind in self.columns))

    def beyond(self, rows: QuerySet, place: list, *, backwards: bool) -> QuerySet:
        """Rows after `place` in this order, or before it."""
        way = "lt" if self.descending != backwards else "gt"
        condition, same = Q(), {}
        for (column, _kind), value in zip(self.columns, place, strict=True):
            condition |= Q(**same, **{f"{column}__{way}": value})
            same[column] = value
        first, _kind = self.columns[0]
        # Said once more in a form that every planner turns into a range of the index.
        return rows.filter(condition, **{f"{first}__{way}e": place[0]})

    def place_of(self, row) -> list:
        """Where `row`, a dict of columns or an object, stands in this order."""
        read = row.__getitem__ if isinstance(row, dict) else lambda column: getattr(row, column)
        return [read(column) for column, _kind in self.columns]


def written(place: list, *, backwards: bool) -> str:
    """A cursor as an address carries it."""
    values = [value.isoformat() if isinstance(value, datetime) else value for value in place]
    values = [str(value) if isinstance(value, uuid.UUID) else value for value in values]
    text = json.dumps([int(backwards), *values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, order: Order) -> tuple[list, bool]:
    """(place, backwards) of a cursor; a 400 where it is none of this list's."""
    try:
        if len(text) > LONGEST:
            raise ValueError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        backwards, *place = values
        if backwards not in (0, 1) or len(place) != len(order.columns):
            raise ValueError
        read_place = [READERS[kind](value) for (_column, kind), value in zip(order.columns, place, strict=True)]
        return read_place, bool(backwards)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
        raise bad("cursor", _("it is none that this list has given")) from None
