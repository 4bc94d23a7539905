"""Breakdowns as figures: a row for each group that may be shown, and all the others together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Breakdown, Dimension
from feedback.results import charts, groups
from feedback.results.drawing import Drawing
from feedback.results.figure import Figure, percent, written
from feedback.results.tile_grid import Tile, size_of, standing, tile_grid
from principles.models import Measure, Programme

Labels = Sequence[tuple[int, str]]  # of a question: value, what it means


@dataclass
class Group:
    """A row of a breakdown: how many people, how they answered where that is shown, and since when it stands."""

    code: str
    name: str
    n: int | None
    counts: list[int] | None
    classes: list[list[int]]
    older: str = ""  # the day of its cut, where that is an earlier one
    scale: tuple[float, float] = (0.5, 0.5)
    most: int = 1

    @property
    def stack(self) -> charts.Stack | None:
        return charts.Stack(self.name, self.counts, self.after, self.classes) if self.counts else None

    @property
    def positive(self) -> int | None:
        """The share of 4 and 5 in whole percent."""
        if not self.counts:
            return None
        good = sum(count for run, count in zip(self.classes, self.counts, strict=True) if run[0] >= 4)
        return percent(good / sum(self.counts))

    @property
    def after(self) -> str:
        return f"{self.positive}% · {written(sum(self.counts))}" if self.counts else written(self.n)

    @property
    def pieces(self) -> list[tuple[int, str, str]]:
        if self.stack is None:
            return []
        return [(value, f"{at:.2f}", f"{length:.2f}") for value, at, length in charts.segments(self.stack, self.scale)]

    @property
    def width(self) -> str:
        return f"{(self.n or 0) / self.most * 100:.2f}"

    def words(self, labels: Labels) -> str:
        """Its bar in words."""
        names = dict(labels)
        total = sum(self.counts or []) or 1
        return ", ".join(
            f"{run_label(run, names)}: {round(100 * count / total)}%"
            for run, count in zip(self.classes, self.counts or [], strict=True)
        )


def run_label(run: Sequence[int], names: dict[int, str]) -> str:
    return ", ".join(names[value] for value in run)


def people_figures(programme: Programme, rows: Iterable[Breakdown]) -> list[Figure]:
    """How many took part in a programme, by each dimension."""
    kept = {row.dimension: row for row in rows}
    return [
        figure_of(
            kept.get(dimension),
            dimension,
            key=f"people-{dimension}",
            title=_("Participants: %(by)s") % {"by": title[:1].lower() + title[1:]},
            query=f"breakdowns/?programme={programme.slug}&of=people&dimension={dimension}",
        )
        for dimension, title in groups.titles().items()
    ]


def measure_figures(measure: Measure, question, labels: Labels, rows: Iterable[Breakdown]) -> list[Figure]:
    """The ratings of one measure and question, by each dimension."""
    kept = {row.dimension: row for row in rows}
    return [
        figure_of(
            kept.get(dimension),
            dimension,
            key=f"{question.slug}-{dimension}",
            title=title,
            query=f"breakdowns/?measure={measure.slug}&question={question.slug}&dimension={dimension}",
            labels=labels,
        )
        for dimension, title in groups.titles().items()
    ]


def figure_of(row: Breakdown | None, dimension: str, *, key, title, query, labels: Labels = ()) -> Figure:
    """One breakdown as a figure; `labels` say what the values mean, where it is one of ratings.

    A `row` with nobody in it was looked at, and could not be shown.
    """
    empty = _empty(row, dimension, of_people=not labels)
    row = row if row and row.n else None
    names = groups.labels(dimension)
    found = _groups(row, names) if row else []
    hidden = [name for code, name in names.items() if code not in {group.code for group in found}]
    classes = row.classes if row else []
    header = [_("Group"), _("Participants")]
    header += [run_label(run, dict(labels)) for run in classes] if labels else []
    header += [_("As of")]
    places = groups.tiles() if dimension == Dimension.REGION else {}
    drawn = standing([code for code in names if code], places)
    figure = Figure(
        key=key,
        title=title,
        header=header,
        rows=[_cells(group, classes, row) for group in found],
        note=ngettext("%(n)s person is in it.", "%(n)s people are in it.", row.n) % {"n": written(row.n)}
        if row
        else "",
        missing=_missing(found, hidden, row),
        cut=row.cut_at if row else None,
        query=query,
        draw=lambda figure: _draw(figure, found, names, labels, drawn),
        empty="" if found else empty,
    )
    figure.shown = {
        "kind": "groups",
        "groups": found,
        "labels": _legend(found, labels),
        "words": [(group, group.words(labels)) for group in found],
        "svg": _tiles(found, names, title) if found and drawn else "",
        "narrow": _tiles(found, names, title, narrow=True) if found and drawn else "",
        "key": [(spot.short, names[code]) for code, spot in places.items() if code in names] if drawn else [],
    }
    return figure


def _groups(row: Breakdown, names: dict[str, str]) -> list[Group]:
    """The rows in the order of `names`, and all the others together at the end."""
    order = {code: place for place, code in enumerate(names)}
    shown = sorted(row.rows, key=lambda one: (order.get(one["group"], len(order)), one["group"]))
    found = [
        Group(
            one["group"],
            names.get(one["group"], one["group"]),
            one["n"],
            one["counts"],
            one["classes"],
            "" if one["seq"] == _seq(row) else _day(one["cut"]),
        )
        for one in shown
    ]
    rest_counts = row.rest.get("counts")
    if row.rest.get("n") is not None:
        found.append(Group("others", _("all other groups together"), row.rest["n"], None, []))
    if rest_counts is not None:
        found.append(
            Group(
                "others-counts",
                _("all groups without answers above, together"),
                sum(rest_counts),
                rest_counts,
                row.classes,
            )
        )
    scale = charts.extents([group.stack for group in found if group.stack])
    most = max((group.n or 0 for group in found), default=1) or 1
    for group in found:
        group.scale, group.most = scale, most
    return found


def _seq(row: Breakdown) -> int | None:
    """The place of the last cut; those of people are numbered by their history."""
    return row.seq if row.seq is not None else max((one["seq"] for one in row.rows), default=None)


def _day(cut: str) -> str:
    return date_format(localtime(datetime.fromisoformat(cut)), "SHORT_DATE_FORMAT")


def _cells(group: Group, classes: list, row: Breakdown) -> list:
    day = group.older or date_format(localtime(row.cut_at), "SHORT_DATE_FORMAT")
    if not classes:
        return [group.name, group.n, day]
    counts = group.counts if group.counts and group.classes == classes else [None] * len(classes)
    return [group.name, group.n, *counts, day]


def _missing(found: list[Group], hidden: list[str], row: Breakdown | None) -> str:
    if not found:
        return ""
    said = []
    if hidden:
        said.append(
            _("Not shown on their own, because fewer than ten people could be told apart: %(groups)s.")
            % {"groups": ", ".join(hidden)}
        )
    if any(group.older for group in found):
        said.append(_("A row with a date of its own waits until ten people in it have changed."))
    return " ".join(said)


def _empty(row: Breakdown | None, dimension: str, *, of_people: bool) -> str:
    if row is None and not of_people:
        return _("Not computed yet: breakdowns are made each night.")
    if row is None:  # what cannot be shown of people is not kept
        return _(
            "Not computed yet, or too few ratings: breakdowns are made each night, of groups of at least ten people."
        )
    if dimension == Dimension.CHANNEL:
        return _("Too few people took part in another way than the others for this to be shown.")
    return _("Too few people to tell groups apart without giving anybody's answer away.")


def _legend(found: list[Group], labels: Labels) -> list[tuple[int, str]]:
    """The colours of the classes that the bars have."""
    names = dict(labels)
    runs = {tuple(run) for group in found if group.counts for run in group.classes}
    return [(charts.colour_of(run), run_label(run, names)) for run in sorted(runs)]


def _tiles(found: list[Group], names: dict[str, str], title: str, *, narrow: bool = False) -> str:
    """The grid for a page: the whole width of a phone has room for a few letters in a tile alone."""
    drawing = Drawing(*size_of([spot.place for spot in groups.tiles().values()]), title)
    return _tile_grid(drawing, 0, 0, found, names, narrow=narrow).svg(paper=False)


def _tile_grid(
    drawing: Drawing, x: float, y: float, found: list[Group], names: dict[str, str], *, narrow: bool = False
) -> Drawing:
    shown = {group.code: group for group in found}
    by_answers = any(group.counts for group in found if group.code in groups.tiles())
    tiles = []
    for code, spot in groups.tiles().items():
        group = shown.get(code)
        text = ""
        if group:
            text = f"{group.positive}%" if group.counts else "" if by_answers else written(group.n)
        stack = group.stack if group and by_answers else None
        share = (group.n or 0) / group.most if group else 0
        tiles.append(Tile(spot.place, names.get(code, code), spot.lines, spot.short, text, stack, share))
    tile_grid(drawing, x, y, tiles, _("too few"), narrow=narrow)
    return drawing


def _draw(figure: Figure, found: list[Group], names: dict[str, str], labels: Labels, drawn: bool) -> Drawing:
    if drawn:
        width, height = size_of([spot.place for spot in groups.tiles().values()])
        drawing, top = charts.heading(figure.title, height + 24, figure.footer())
        return _tile_grid(drawing, (charts.WIDTH - width) / 2, top + 10, found, names)
    if any(group.counts for group in found):
        stacks = [group.stack for group in found if group.stack]
        return charts.diverging(figure.title, stacks, _legend(found, labels), figure.footer())
    return charts.bars(figure.title, [(group.name, group.n, written(group.n)) for group in found], figure.footer())
