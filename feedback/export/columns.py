"""What a column is: its name, its type, what it means, and where its values come from."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.expressions import Expression
from django.utils.translation import gettext_lazy as _

UNIT_UTC = _("UTC, to the second")
UNIT_LOCAL = _("local time of the portal, to the second")


@dataclass(frozen=True)
class Described:
    """A column as a data dictionary describes it.

    `kind` is a type of Table Schema: string, integer, number, boolean, date, datetime; or `local`, a time by the
    portal's clock, or `list`, strings with blanks between.
    """

    name: str
    kind: str
    meaning: str
    unit: str = ""
    values: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Column(Described):
    """A column of an export: `source` is what the database computes, `made` what becomes of it afterwards.

    One that is not `usual` is there for those who choose it. `plain` says that no value can look like a formula;
    `needs` is the permission without which it is not offered, and `personal` that administrators alone have it.
    """

    source: Expression = field(default=None, compare=False)
    made: Callable | None = field(default=None, compare=False)
    usual: bool = True
    plain: bool = False
    personal: bool = False
    needs: str = ""

    def may_be_read_by(self, user) -> bool:
        """Whether `user` is offered it; None is whoever runs commands on the server, who may read everything."""
        if user is None or user.is_superuser:
            return True
        return not self.personal and (not self.needs or user.has_perm(self.needs))


def column(name: str, kind: str, meaning: str, source: Expression | str = "", *, values=(), **more) -> Column:
    """A column whose source is an expression, the path of a field, or the field of its own name."""
    source = F(source or name) if isinstance(source, str) else source
    values = tuple(getattr(value, "value", value) for value in values)
    plain = bool(values) or kind != "string" or more.pop("plain", False)
    return Column(name, kind, meaning, values=values, source=source, plain=plain, **more)


def string(name: str, meaning: str, source: Expression | str = "", **more) -> Column:
    return column(name, "string", meaning, source, **more)


def whole(name: str, meaning: str, source: Expression | str = "", **more) -> Column:
    return column(name, "integer", meaning, source, **more)


def moment(name: str, meaning: str, source: str, **more) -> tuple[Column, Column]:
    """A time twice: in UTC (ISO 8601), and by the portal's clock."""
    return (
        column(name, "datetime", meaning, source, unit=UNIT_UTC, **more),
        column(f"{name}_local", "local", meaning, source, unit=UNIT_LOCAL, **more),
    )


def texts(name: str, meanings: dict[str, str], source: str, **more) -> tuple[Column, ...]:
    """A translated text, one column for each language; `meanings` are by language."""
    return tuple(string(f"{name}_{code}", meaning, f"{source}_{code}", **more) for code, meaning in meanings.items())
