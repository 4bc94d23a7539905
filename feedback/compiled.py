"""Queries that are compiled once and run again with other values: Django takes longer to compile a small query than
PostgreSQL takes to answer it, and every write asks the same few."""

from collections.abc import Callable

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators


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
