"""The parameters of an address: each is declared, and what is not declared is refused by name."""

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from feedback.api.problems import Problem, bad

LANGUAGE_CODES = ("kk", "ru", "en")
MOST_ROWS = 500
ROWS = 50
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,120}")
WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, how its value is read (raising ValueError), and what it does to the rows."""

    name: str
    read: Callable[[str], object]
    description: str
    schema: dict
    apply: Callable[[QuerySet, object], QuerySet] | None = None
    example: object = None


def choice(name: str, values: Iterable[str], description: str, apply=None) -> Parameter:
    values = tuple(values)

    def read(text: str) -> str:
        if text not in values:
            raise ValueError(_("it is one of %(values)s") % {"values": ", ".join(values)})
        return text

    return Parameter(name, read, description, {"type": "string", "enum": list(values)}, apply, values[0])


def slug(name: str, description: str, lookup: str, example: str = "") -> Parameter:
    def read(text: str) -> str:
        if not SLUG.fullmatch(text):
            raise ValueError(_("it is a slug: Latin letters, digits, hyphens"))
        return text

    schema = {"type": "string", "pattern": f"^{SLUG.pattern}$"}
    return Parameter(name, read, description, schema, lambda rows, value: rows.filter(**{lookup: value}), example)


def whole(name: str, description: str, apply=None, *, least: int = 0, most: int = 10**18 - 1) -> Parameter:
    def read(text: str) -> int:
        if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(_("it is a whole number from %(least)s to %(most)s") % {"least": least, "most": most})
        return int(text)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Parameter(name, read, description, schema, apply, max(least, 1))


def yes_or_no(name: str, description: str, apply) -> Parameter:
    def read(text: str) -> bool:
        if text not in {"true", "false"}:
            raise ValueError(_("it is true or false"))
        return text == "true"

    return Parameter(name, read, description, {"type": "boolean"}, apply, True)


def moment(name: str, description: str, lookup: str) -> Parameter:
    def read(text: str) -> datetime:
        # "+" of an offset is often read as a blank; a leap second counts as the one before it (RFC 3339).
        text = text.strip().upper().replace(" ", "+").replace(":60", ":59")
        try:
            value = datetime.fromisoformat(text)
            if value.tzinfo is None:
                raise ValueError
            return value.astimezone(UTC)
        except OverflowError:  # within a day of the calendar's ends
            return datetime.min.replace(tzinfo=UTC) if value.year == 1 else datetime.max.replace(tzinfo=UTC)
        except ValueError:
            raise ValueError(_("it is a time with its zone, such as 2026-11-24T07:00:00Z (ISO 8601)")) from None

    schema = {"type": "string", "format": "date-time"}
    apply = lambda rows, value: rows.filter(**{lookup: value})  # noqa: E731
    return Parameter(name, read, description, schema, apply, "2026-11-24T07:00:00Z")


def identifier(name: str, description: str, lookup: str) -> Parameter:
    def read(text: str) -> uuid.UUID:
        try:
            return uuid.UUID(text)
        except ValueError:
            raise ValueError(_("it is a UUID")) from None

    schema = {"type": "string", "format": "uuid"}
    return Parameter(name, read, description, schema, lambda rows, value: rows.filter(**{lookup: value}))


LANG = choice("lang", LANGUAGE_CODES, "Give texts in this language alone, as strings, instead of objects per language.")
PAGE_SIZE = whole("page_size", "Rows of a page, 1 to 500; 50 unless said.", least=1, most=MOST_ROWS)


def fields(names: tuple[str, ...]) -> Parameter:
    """`?fields=a,b`: only these."""

    def read(text: str) -> list[str]:
        wanted = [name.strip() for name in text.split(",")]
        unknown = [name for name in wanted if name not in names]
        if unknown:
            raise ValueError(
                _("there is no field “%(name)s”; there are %(names)s")
                % {"name": unknown[0][:60], "names": ", ".join(names)}
            )
        return [name for name in names if name in wanted]

    return Parameter(
        "fields",
        read,
        "Only these fields, separated by commas.",
        {"type": "string", "pattern": f"^({'|'.join(names)})(,({'|'.join(names)}))*$"},
        example=",".join(names[:2]),
    )


def read_all(query: QueryDict, declared: Iterable[Parameter]) -> dict[str, object]:
    """The values of all parameters that an address names, or a 400 that names every wrong one."""
    known = {parameter.name: parameter for parameter in declared}
    values, errors = {}, []
    for name, texts in query.lists():
        parameter = known.get(name)
        if parameter is None:
            errors.append({"name": name[:60].replace("\x00", ""), "reason": _("there is no such parameter here")})
        elif any("\x00" in text for text in texts):
            errors.append({"name": name, "reason": _("it holds a character that is not allowed")})
        elif len(texts) > 1:
            errors.append({"name": name, "reason": _("it stands twice")})
        else:
            try:
                values[name] = parameter.read(texts[0])
            except ValueError as fault:
                errors.append({"name": name, "reason": str(fault)})
    if len(errors) == 1:
        raise bad(errors[0]["name"], errors[0]["reason"])
    if errors:
        raise Problem(400, _("Several parameters are wrong."), errors=errors)
    return values
