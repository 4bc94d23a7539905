"""The kinds of exports by name: which rows of which table, in which columns."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from feedback.export.columns import Column


@dataclass(frozen=True)
class Kind:
    """One kind: `rows()` are all its rows in the order of the file; `columns()` may depend on the programmes.

    `title` is what the administration calls the rows; `programme` the path of the programme's slug, where one is.
    """

    name: str
    title: str
    model: type[Model]
    rows: Callable[[], QuerySet]
    columns: Callable[[], tuple[Column, ...]]
    programme: str = ""

    def offered_to(self, user) -> list[Column]:
        """The columns that `user` may choose; None is whoever runs commands on the server."""
        return [column for column in self.columns() if column.may_be_read_by(user)]

    def chosen(self, names: list[str] | None, user=None) -> list[Column]:
        """The columns of these names in the order of the kind; the usual ones without names.

        Raises LookupError with the names that there are not, or not for `user`.
        """
        offered = self.offered_to(user)
        if names is None:
            return [column for column in offered if column.usual]
        if unknown := [name for name in names if name not in {column.name for column in offered}]:
            raise LookupError(", ".join(unknown))
        return [column for column in offered if column.name in names]
