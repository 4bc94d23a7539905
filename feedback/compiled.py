"""Queries that are compiled once and run again with other values: Django takes longer to compile a small query than
PostgreSQL takes to answer it, and every write asks the same few."""

import json
from collections.abc import Callable, Iterable

from django.db import connection, connections, router
from django.db.models import BooleanField, Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators
from django.db.models.query_utils import DeferredAttribute


class Plan:
    """What an engine's SQL of a query is, and how its rows become objects, as in Django's own `ModelIterable`."""

    def __init__(self, queryset: QuerySet):
        compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        self.converters = compiler.get_converters(columns)
        places = compiler.klass_info["select_fields"]
        self.model, self.own = queryset.model, slice(places[0], places[-1] + 1)
        self.fields = [columns[place].target.attname for place in places]
        self.related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)
        self.annotations = list(compiler.annotation_col_map.items())

    def first(self, given: dict) -> Model | None:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [given.get(value, value) for value in self.params])
            found = cursor.fetchone()
        return None if found is None else self.made(list(found))

    def made(self, row: list) -> Model:
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], column, connection)
        made = self.model.from_db(connection.alias, self.fields, row[self.own])
        for each in self.related:
            each.populate(row, made)
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made


class Compiled:
    """A query with marks in the place of values, each a number or a text that equals no other value in it.

    `build` is called with the marks by name, once for each engine.
    """

    def __init__(self, build: Callable[..., QuerySet], **marks: int | str):
        self.build, self.marks = build, marks
        self.plans: dict[str, Plan] = {}

    def first(self, **values: int | str) -> Model | None:
        """The first object that the query finds with `values` in the place of the marks, or None."""
        plan = self.plans.get(connection.vendor)
        if plan is None:
            plan = Plan(self.build(**self.marks)[:1])
            if missing := set(self.marks.values()) - set(plan.params):
                raise ValueError(f"The query has no place for {missing}.")
            self.plans[connection.vendor] = plan
        return plan.first({mark: values[name] for name, mark in self.marks.items()})


# Keys are one value however many they are: psycopg takes a statement with more than fifty values apart anew each time.
KEYS = "no-keys-at-all"
AMONG = {"postgresql": "= ANY(%s::{kind}[])", "sqlite": "IN (SELECT value FROM json_each(%s))"}


def among_keys(field: Field, connection) -> RawSQL:
    """That `field` of a query's own table is one of the keys that are given in the place of `KEYS`."""
    kind = _target(field).rel_db_type(connection)
    condition = f'"{field.model._meta.db_table}"."{field.column}" {AMONG[connection.vendor].format(kind=kind)}'
    return RawSQL(condition, [KEYS], output_field=BooleanField())  # noqa: S611 - names of our own columns alone


def keys_for(field: Field, connection, keys: Iterable) -> list | str:
    """What to give in the place of `KEYS`."""
    if connection.vendor == "postgresql":
        return list(keys)
    return json.dumps([_target(field).get_db_prep_value(key, connection) for key in keys])


def _target(field: Field) -> Field:
    return field.target_field if field.is_relation else field


class Listed:
    """The rows of a query (`values_list`) in which a column of its own table is one of many keys."""

    def __init__(self, field: DeferredAttribute, build: Callable[[], QuerySet]):
        self.field, self.build = field.field, build
        self.plans: dict[str, tuple] = {}

    def rows(self, keys: Iterable) -> list[tuple]:
        """Rows as Django's own query gives them; none, and no question, where there are no keys."""
        keys = list(keys)
        if not keys:
            return []
        field, using = self.field, connections[router.db_for_read(self.field.model)]
        if using.vendor not in self.plans:
            compiler = self.build().filter(among_keys(field, using)).query.get_compiler(connection=using)
            sql, params = compiler.as_sql()
            columns = [column for column, _sql, _alias in compiler.select]
            self.plans[using.vendor] = sql, params, compiler.get_converters(columns)
        sql, params, converters = self.plans[using.vendor]
        given = keys_for(field, using, keys)
        with using.cursor() as cursor:
            cursor.execute(sql, [given if value == KEYS else value for value in params])
            found = cursor.fetchall()
        return [self._converted(row, converters, using) for row in found] if converters else found

    def _converted(self, row: tuple, converters: dict, using) -> tuple:
        values = list(row)
        for place, (converts, column) in converters.items():
            for convert in converts:
                values[place] = convert(values[place], column, using)
        return tuple(values)
