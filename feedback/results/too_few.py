"""Why there are no results where too few have rated: not yet, or not any more."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.results.figure import written
from feedback.results.tallies import QuestionResult
from principles.models import Measure


def why_none(measure: Measure) -> str:
    """Why there are no results where fewer than ten people have rated."""
    if measure.is_over:
        return _("Fewer than ten people have rated, so no results can be shown.")
    return _("Results appear once ten people have rated.")


def left_out(results: Sequence[QuestionResult]) -> list[str]:
    """How many ratings are counted and not shown: because they wait, or because they will wait for nothing any more."""
    waiting = sum(result.waiting_n for result in results if not result.is_closed)
    over = sum(result.waiting_n for result in results if result.is_closed)
    said = []
    if waiting:
        said.append(
            ngettext(
                "%(n)s rating is not shown yet: ratings join the results once ten of the same measure have come "
                "together.",
                "%(n)s ratings are not shown yet: ratings join the results once ten of the same measure have come "
                "together.",
                waiting,
            )
            % {"n": written(waiting)}
        )
    if over:
        said.append(
            ngettext(
                "%(n)s rating is not shown, because its last group stayed smaller than ten.",
                "%(n)s ratings are not shown, because their last groups stayed smaller than ten.",
                over,
            )
            % {"n": written(over)}
        )
    return said


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
