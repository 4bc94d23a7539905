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


def _counted(tags, *more: str) -> Iterable[dict]:
    return (
        tags.filter(comment__state=State.PUBLISHED)
        .order_by()
        .values("theme", "comment__stance", *more)
        .annotate(comments=Count("pk"), people=Count("comment__author", distinct=True))
    )


def themes_in_public(programme: Programme) -> list[ThemeRow]:
    """The themes of a programme that have enough participants behind them, the most frequent first."""
    rows = rows_of(Theme.objects.shown(FEWEST).filter(programme=programme))
    return sorted(rows, key=lambda row: (-row.total, row.theme.order, row.theme.pk))


def rows_of(shown: Iterable[Theme]) -> list[ThemeRow]:
    """What may be said of themes with enough participants behind them, in their order."""
    themes = list(shown)
    cells: dict[int, dict[str, dict]] = {theme.pk: {} for theme in themes}
    for row in _counted(CommentTheme.objects.filter(theme__in=themes)) if themes else []:
        cells[row["theme"]][row["comment__stance"]] = row
    rows = []
    for theme in themes:
        found = cells[theme.pk]
        open_ = all(row["people"] >= FEWEST for row in found.values())
        stances = tuple(found[stance]["comments"] if stance in found else 0 for stance in STANCES)
        rows.append(ThemeRow(theme, sum(row["comments"] for row in found.values()), stances if open_ else None))
    return rows


def coded(programme: Programme) -> tuple[int, int]:
    """How many published comments of a programme have a theme, and how many participants wrote them."""
    tags = CommentTheme.objects.filter(theme__programme=programme, comment__state=State.PUBLISHED).order_by()
    found = tags.aggregate(comments=Count("comment", distinct=True), people=Count("comment__author", distinct=True))
    return found["comments"], found["people"]


def themes_in_full(programme: Programme) -> list[ThemeRow]:
    """Every theme of every measure, for the staff: in the order of themes, then of the programme."""
    counts: dict[tuple[int, int], dict[str, int]] = {}
    for row in _counted(CommentTheme.objects.filter(theme__programme=programme), "comment__measure"):
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
