"""When kept figures and breakdowns are computed without anybody's command."""

from datetime import datetime

from django.utils.timezone import localtime

from feedback.models import ProgrammeFigures
from principles.models import Programme

FROM_HOUR = 2  # of the portal's own time


def due(now: datetime) -> list[str] | None:
    """The command, where a programme has no figures yet, or none of this night."""
    here = localtime(now)
    kept = ProgrammeFigures.objects.order_by("cut_at").values_list("cut_at", flat=True).first()
    outdated = kept and here.hour >= FROM_HOUR and localtime(kept).date() < here.date()
    return ["make_breakdowns"] if outdated or Programme.objects.filter(figures=None).exists() else None
