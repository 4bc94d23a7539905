"""What published comments are about: how many have which theme, by stance, and by measure.

In public a theme is named with its number where comments of at least ten participants have it, and with its stances
where each of them is none or of at least ten, too. Themes overlap, so no number can be had by subtracting others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from feedback.models import CommentTheme, Theme
from feedback.models.comment import Stance, State
from principles.models import Measure, Programme

FEWEST = 10
STANCES = (*Stance.values, "")


@dataclass(frozen=True)
class ThemeRow:
    """One theme: how many published comments have it, and of which stances; None where that is not shown."""

    theme: Theme
    total: int | None
    stances: tuple[int, ...] | None  # for, against, neutral, none picked
    measure: Measure | None = None


def _counted(programme: Programme, *more: str) -> Iterable[dict]:
    tags = CommentTheme.objects.filter(theme__programme=programme, comment__state=State.PUBLISHED).order_by()
    return tags.values("theme", "comment__stance", *more).annotate(
        comments=Count("pk"), people=Count("comment__author", distinct=True)
    )


def themes_in_public(programme: Programme) -> list[ThemeRow]:
    """The themes of a programme that have enough participants behind them, the most frequent first."""
    people: dict[int, int] = {}
    tags = CommentTheme.objects.filter(theme__programme=programme, comment__state=State.PUBLISHED).order_by()
    for row in tags.values("theme").annotate(people=Count("comment__author", distinct=True)):
        people[row["theme"]] = row["people"]
    if not people:
        return []
    cells: dict[int, dict[str, dict]] = {}
    for row in _counted(programme):
        cells.setdefault(row["theme"], {})[row["comment__stance"]] = row
    rows = []
    for theme in Theme.objects.in_use().filter(programme=programme, pk__in=people):
        if people[theme.pk] < FEWEST:
            continue
        found = cells[theme.pk]
        shown = all(row["people"] >= FEWEST for row in found.values())
        stances = tuple(found[stance]["comments"] if stance in found else 0 for stance in STANCES)
        rows.append(ThemeRow(theme, sum(row["comments"] for row in found.values()), stances if shown else None))
    return sorted(rows, key=lambda row: (-row.total, row.theme.order, row.theme.pk))


def themes_in_full(programme: Programme) -> list[ThemeRow]:
    """Every theme of every measure, for the staff: in the order of themes, then of the programme."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    for row in _counted(programme, "comment__measure"):
        place = counts.setdefault((row["theme"], row["comment__measure"]), {})
        place[row["comment__stance"]] = row["comments"]
    themes = {theme.pk: theme for theme in Theme.objects.filter(programme=programme).select_related("current_version")}
    measures = Measure.objects.filter(principle__programme=programme).select_related("current_edition")
    in_order = {measure.pk: measure for measure in measures.order_by("principle__order", "order", "pk")}
    return [
        ThemeRow(theme, sum(found.values()), tuple(found.get(stance, 0) for stance in STANCES), measure)
        for pk, theme in themes.items()
        for key, measure in in_order.items()
        if (found := counts.get((pk, key)))
    ]
