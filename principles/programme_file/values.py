"""One scalar of the file → one value, or a Refusal that says why not.

Scalars are read as they are written: `1.10` stays `1.10`, `no` stays `no`.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from portal.plain_text import clean_text
from principles.programme_file.faults import Refusal
from principles.spelling import CODE, CONTROL, SLUG, SURROGATE, TURNING

EMPTY = "is empty"
NULL = "tag:yaml.org,2002:null"
YEARS = range(1900, 2201)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?) ?(Z|[+-][0-9]{2}:[0-9]{2})")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
KINDS = {yaml.ScalarNode: "a text", yaml.SequenceNode: "a list", yaml.MappingNode: "a mapping"}

check_url = URLValidator(schemes=["http", "https"])


def kind_of(node: yaml.Node) -> str:
    """What `node` is, for a fault that wants something else."""
    return "empty" if node.tag == NULL else KINDS[type(node)]


def scalar(node: yaml.Node) -> str:
    """The scalar's text as it is written, in NFC and without marks that show nothing; never blank."""
    if not isinstance(node, yaml.ScalarNode):
        raise Refusal(f"must be a single value, not {kind_of(node)}")
    value = node.value
    if found := CONTROL.search(value):
        raise Refusal(f"has the control character U+{ord(found[0]):04X}")
    if found := SURROGATE.search(value):
        raise Refusal(f"has a lone surrogate, U+{ord(found[0]):04X}")
    if found := TURNING.search(value):
        raise Refusal(f"has U+{ord(found[0]):04X}, which turns the direction of writing")
    value = clean_text(value)
    if node.tag == NULL or not value:
        raise Refusal(EMPTY)
    return value


def text(node: yaml.Node, *, limit: int, one_line: bool = True) -> str:
    """A text of at most `limit` characters."""
    value = scalar(node)
    if one_line and "\n" in value:
        raise Refusal("must stand on one line")
    if len(value) > limit:
        raise Refusal(f"is longer than {limit} characters (it has {len(value)})")
    return value


def long_text(*, limit: int):
    """A reader of texts of any number of lines."""
    return partial(text, limit=limit, one_line=False)


def short_text(*, limit: int):
    """A reader of texts of one line."""
    return partial(text, limit=limit)


def slug(node: yaml.Node, *, limit: int = 80) -> str:
    """A slug: small Latin letters, digits and single hyphens."""
    value = text(node, limit=limit)
    if not SLUG.fullmatch(value):
        raise Refusal(f"{value!r} is no slug: use small Latin letters, digits and single hyphens")
    return value


def code(node: yaml.Node) -> str:
    """A code, which must be quoted so that 1.10 cannot turn into 1.1."""
    value = scalar(node)
    if node.style not in {"'", '"'}:
        raise Refusal(f'{value} is not quoted and could be read as a number; write "{value}"')
    if not CODE.fullmatch(value):
        raise Refusal(f"{value!r} is no code: use letters, digits, points and hyphens")
    return text(node, limit=12)


def day(node: yaml.Node) -> date:
    """A date, YYYY-MM-DD."""
    value = scalar(node)
    if not DATE.fullmatch(value):
        raise Refusal(f"{value!r} is no date: write YYYY-MM-DD")
    return _date(value)


def _date(value: str) -> date:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Refusal(f"{value!r} is an impossible date") from None
    if found.year not in YEARS:
        raise Refusal(f"{value!r} is not between {YEARS[0]} and {YEARS[-1]}")
    return found


def moment(node: yaml.Node, *, end_of_day: bool = False) -> datetime:
    """A date and time with offset; a date alone is its beginning (or its end) in the portal's time zone."""
    value = scalar(node)
    if DATE.fullmatch(value):
        found = _date(value) + timedelta(days=1 if end_of_day else 0)
        return datetime.combine(found, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
    parts = MOMENT.fullmatch(value)
    if parts is None:
        raise Refusal(
            f"{value!r} is no date, and no date and time with offset: write 2026-11-23 or 2026-11-23T09:00+05:00"
        )
    found, clock, offset = parts.groups()
    _date(found)
    try:
        return datetime.fromisoformat(f"{found}T{clock}{offset}")
    except ValueError:
        raise Refusal(f"{value!r} is an impossible date or time") from None


def number(node: yaml.Node, *, digits: int = 18, places: int = 4) -> Decimal:
    """A decimal number of at most `digits` digits, `places` of them behind the point."""
    value = scalar(node)
    if node.style is not None or not NUMBER.fullmatch(value):
        raise Refusal(f"{value!r} is no number: write digits only, with a point before decimals, without quotes")
    whole, _point, decimals = value.lstrip("-").partition(".")
    if len(whole) > digits - places:
        raise Refusal(f"{value} has more than {digits - places} digits before the point")
    if len(decimals) > places:
        raise Refusal(f"{value} has more than {places} decimals")
    return Decimal(value)


def whole(node: yaml.Node, *, low: int, high: int) -> int:
    """A whole number within bounds."""
    value = scalar(node)
    if node.style is not None or not WHOLE.fullmatch(value) or not low <= int(value) <= high:
        raise Refusal(f"{value!r} is no whole number between {low} and {high}")
    return int(value)


def year(node: yaml.Node) -> int:
    """A year that a promise can fall due in."""
    value = scalar(node)
    if node.style is not None or not WHOLE.fullmatch(value) or int(value) not in YEARS:
        raise Refusal(f"{value!r} is no year between {YEARS[0]} and {YEARS[-1]}")
    return int(value)


def one_of(*choices: str):
    """A reader of one of `choices`."""

    def read(node: yaml.Node) -> str:
        value = scalar(node)
        if value not in choices:
            raise Refusal(f"{value!r} is unknown; it can be {', '.join(choices)}")
        return value

    return read


def country(node: yaml.Node) -> str:
    """An ISO 3166 code, such as KZ."""
    value = scalar(node)
    if not re.fullmatch("[A-Z]{2}", value):
        raise Refusal(f"{value!r} is no country: write the two capitals of ISO 3166, such as KZ")
    return value


def language(node: yaml.Node) -> str:
    """An ISO 639-1 code, such as kk."""
    value = scalar(node)
    if not re.fullmatch("[a-z]{2}", value):
        raise Refusal(f"{value!r} is no language: write the two letters of ISO 639-1, such as kk")
    return value


def url(node: yaml.Node) -> str:
    """An http(s) address of at most 500 characters."""
    value = text(node, limit=500)
    try:
        if urlsplit(value).scheme not in {"http", "https"}:
            raise Refusal(f"{value!r} is no address: it must begin with https:// or http://")
        check_url(value)
    except (ValueError, ValidationError):
        raise Refusal(f"{value!r} is no address") from None
    return value
