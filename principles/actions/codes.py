"""Codes are unique among what is in force: whoever changes several at once parks the old ones first."""

from collections.abc import Iterable

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from principles.models import Measure, Principle


def park_codes(rows: Iterable[Measure | Principle]) -> None:
    """Take the codes of `rows` out of the way in the database, so that two rows can swap theirs.

    The rows in memory keep their codes; they must be saved in the same transaction.
    """
    for kind in (Measure, Principle):
        keys = [row.pk for row in rows if isinstance(row, kind)]
        # No code that is typed begins like this (principles/spelling.py).
        parked = Concat(Value("~"), Cast("pk", CharField()))
        kind.objects.filter(pk__in=keys).update(code=parked)
