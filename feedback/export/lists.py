"""How the rows of an export are found again in the background: each list of the administration tells, by its kind."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

# {kind: (user, query string of the list, keys of the ticked rows or None) → rows}; raises PermissionDenied.
LISTS: dict[str, Callable[[Any, str, list | None], QuerySet]] = {}
