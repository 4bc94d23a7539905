"""Lists of tables that grow without end, in the admin of every app."""

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

MOST_COUNTED, MOST_FOUND = 1_000, 500  # the latter of what somebody looks for: each is looked up by itself
AFTER, BEFORE = "after", "before"


class BoundedPaginator(Paginator):
    """Counts no further than one over a bound: whoever has more rows than that narrows them down."""

    found = False  # whether these are rows that somebody looks for

    @property
    def most(self) -> int:
        return MOST_FOUND if self.found else MOST_COUNTED

    @cached_property
    def keys(self) -> list:
        """Of as many rows as are counted, in order. What is found is looked up once, for its number and its order."""
        return list(self.object_list.values_list("pk", flat=True)[: self.most + 1])

    @cached_property
    def count(self) -> int:
        return len(self.keys) if self.found else self.object_list[: self.most + 1].count()


class KeysetList(ChangeList):
    """A list whose page begins behind a row (`?after=KEY`) or ends before one (`?before=KEY`), so that a page far
    behind costs what the first one costs.

    Where the order goes by something that may be empty, or by another table, pages have numbers as in Django's own.
    """

    by_keyset = False
    first_page = previous_page = next_page = None

    @property
    def over(self) -> int:
        """How far was counted, where there are more: what the foot of the list then says in words."""
        return self.paginator.most if self.result_count > self.paginator.most else 0

    def get_query_string(self, new_params=None, remove=None):
        """The place is no filter: a link that filters begins at the first page. Django asks for one first of all."""
        for name in (AFTER, BEFORE):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_query_string(new_params, remove)

    def get_results(self, request):
        super().get_results(request)
        if self.over:
            self.full_result_count = self.result_count  # no number beside the search: the foot says over how many
        shows_all = self.show_all and self.can_show_all
        if self.multi_page and not shows_all and (order := self._order(request)):
            self._show_page(request, order)

    def _order(self, request) -> list[tuple[str, bool]] | None:
        """(column, whether it descends) of each part of the order, the last of them unique; None where a row has no
        place by it."""
        order = []
        for part in self.get_ordering(request, self.queryset):
            if not isinstance(part, str):
                return None
            name = part.removeprefix("-")
            try:
                field = self.opts.pk if name == "pk" else self.opts.get_field(name)
            except FieldDoesNotExist:
                return None
            if field.null or field.is_relation:
                return None
            order.append((field.attname, part.startswith("-")))
        return order

    def _show_page(self, request, order: list[tuple[str, bool]]) -> None:
        backwards = BEFORE in request.GET
        place = self._place(request.GET.get(BEFORE if backwards else AFTER), order)
        rows = self.queryset
        if place is None:
            backwards = False
        else:
            rows = beyond(rows, order, place, backwards=backwards)
        found = self._read(rows.reverse() if backwards else rows, first=place is None)
        more, found = len(found) > self.list_per_page, found[: self.list_per_page]
        if backwards:
            found.reverse()
        self.result_list, self.by_keyset = found, True
        if found and (more or backwards):
            self.next_page = self.get_query_string({AFTER: found[-1].pk})
        if place is not None:
            self.first_page = self.get_query_string()
            if found and (more or not backwards):
                self.previous_page = self.get_query_string({BEFORE: found[0].pk})

    def _read(self, rows: QuerySet, *, first: bool) -> list:
        """The first of `rows`, one more than a page has. What somebody looks for is put in order by its keys: joined
        with what a row shows, each match would be read whole for the sake of a page."""
        most = self.list_per_page + 1
        if not self.query:
            return list(rows[:most])
        first = first and self.paginator.found
        keys = self.paginator.keys[:most] if first else list(rows.values_list("pk", flat=True)[:most])
        found = self.apply_select_related(self.root_queryset.order_by()).in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def _place(self, key: str | None, order: list[tuple[str, bool]]) -> list | None:
        """Where the row with this key stands in the order; None where there is none."""
        if not key:
            return None
        try:
            row = self.model._base_manager.filter(pk=key).values_list(*(name for name, _descends in order)).first()
        except (ValueError, ValidationError, OverflowError):
            return None
        return None if row is None else list(row)


def beyond(rows: QuerySet, order: list[tuple[str, bool]], place: list, *, backwards: bool) -> QuerySet:
    """The rows behind `place` in an order of columns that are never empty, or those before it."""
    condition, same = Q(), {}
    ways = ["lt" if descends != backwards else "gt" for _name, descends in order]
    for (name, _descends), way, value in zip(order, ways, place, strict=True):
        condition |= Q(**same, **{f"{name}__{way}": value})
        same[name] = value
    # Said once more in a form that every planner turns into a range of the index.
    return rows.filter(condition, **{f"{order[0][0]}__{ways[0]}e": place[0]})
