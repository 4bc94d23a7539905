"""Why there are no results where too few have rated: not yet, or not any more."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from principles.models import Measure


def why_none(measure: Measure) -> str:
    """Why there are no results where fewer than ten people have rated."""
    if measure.is_over:
        return _("Fewer than ten people have rated, so no results can be shown.")
    return _("Results appear once ten people have rated.")


def none_counted(measures: Sequence[Measure]) -> str:
    if _closed(measures):
        return _("No measure has ten ratings, so no results can be shown.")
    return _("No measure has ten ratings yet. Results appear in groups of ten.")


def none_compared(measures: Sequence[Measure], results: dict) -> str:
    if not any(result.counts for result in results.values()):
        return none_counted(measures)
    if _closed(measures):
        return _("No measure has ten ratings of both questions.")
    return _("No measure has ten ratings of both questions yet.")


def _closed(measures: Sequence[Measure]) -> bool:
    return bool(measures) and measures[0].principle.programme.has_closed()
