"""What waits on the moderation desk, for the morning's letter: numbers, and the first few items of each kind."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from feedback.models import Appeal, DeskItem

FIRST = 5


@dataclass(frozen=True)
class Section:
    title: str
    number: int
    items: list[DeskItem]


@dataclass(frozen=True)
class DeskReport:
    waiting: int
    sections: list[Section]
    sanctions: int  # open appeals against warnings and suspensions, which are about no comment

    def __bool__(self) -> bool:
        return bool(self.waiting or self.sanctions)


def desk_report(now: datetime) -> DeskReport:
    """The desk as it is at `now`; the riskiest items of each kind come first, of the overdue ones the oldest."""
    items = DeskItem.objects.all()
    rows = items.select_related("measure__current_edition")
    sections = [
        Section(title, rows.filter(**which).count(), list(rows.filter(**which).riskiest_first()[:FIRST]))
        for title, which in (
            (_("New"), {"pending": True}),
            (_("Reported"), {"reports__gt": 0}),
            (_("Appealed"), {"appealed": True}),
        )
    ]
    overdue = rows.overdue(now)
    sections.append(Section(_("Overdue"), overdue.count(), list(overdue.oldest_first()[:FIRST])))
    return DeskReport(items.count(), sections, Appeal.objects.open().exclude(sanction=None).count())
