"""Exports that staff ask for: made in the background, told of by mail, kept for a day; and the record of each one."""

from django.contrib.auth.base_user import AbstractBaseUser

from feedback.actions.access import role_of, staff_member_of
from feedback.export.making import Order
from feedback.models import ExportRecord

OPERATOR = "operator"  # whoever runs commands on the server


def record_export(order: Order, *, by: AbstractBaseUser | None, query: str = "", rows: int) -> ExportRecord:
    """Record for good that an export was made; `by` is None for a command on the server."""
    return ExportRecord.objects.create(
        by=None if by is None else staff_member_of(by),
        role=OPERATOR if by is None else role_of(by),
        kind=order.kind.name,
        format=order.format,
        columns=" ".join(column.name for column in order.columns),
        query=query,
        rows=rows,
        personal=order.is_personal,
    )
