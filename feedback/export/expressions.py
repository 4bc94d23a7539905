"""Expressions of the database's that exports need: the same values on both engines."""

from django.conf import settings
from django.db.models import BooleanField, Case, CharField, F, Func, Subquery, TextField, Value, When

from feedback.models.comment import State
from portal.localized import LANGUAGES


class Uuid(Func):
    """A UUID as text; SQLite keeps it as 32 hex digits."""

    output_field = CharField()

    def as_postgresql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="(%(expressions)s)::text", **context)

    def as_sqlite(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        places = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        parts = " || '-' || ".join(f"substr({sql}, {start}, {length})" for start, length in places)
        return f"({parts})", [*params] * len(places)


class Joined(Func):
    """Texts, numbers and what else there is, one behind the other; NULL where one of them is."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = TextField()


class Listed(Subquery):
    """The items of a subquery of one column, `item`, in its order with blanks between; NULL where there are none."""

    output_field = TextField()
    template = "(SELECT %(join)s(listed.item, ' ') FROM (%(subquery)s) AS listed)"

    def as_sql(self, compiler, connection, template=None, **context):
        join = "string_agg" if connection.vendor == "postgresql" else "group_concat"
        return super().as_sql(compiler, connection, template=template, join=join, **context)


def only_published(path: str) -> Case:
    """What everybody may read of a comment, and NULL where it is not published."""
    return Case(When(state=State.PUBLISHED, then=F(path)), default=None)


def address(path: str, *parts, language: str = "") -> Joined:
    """The public address of a page; `path` holds `{}` for each of `parts`, fields or expressions.

    `language` is the field with the page's language; without it, it is the first one's.
    """
    pieces = [Value(f"{settings.SITE_URL}/"), F(language) if language else Value(LANGUAGES[0]), Value("/")]
    for text, part in zip(path.split("{}"), [*parts, None], strict=True):
        pieces.append(Value(text))
        if part is not None:
            pieces.append(F(part) if isinstance(part, str) else part)
    return Joined(*pieces)


def truth(condition) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
