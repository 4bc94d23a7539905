"""Regions as equal tiles, each in its rough place: no map is needed, and no region is larger than another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.results import charts
from feedback.results.drawing import ACCENT, CHARACTER, SOFT, SUNKEN, VALUE, Drawing

SIDE, GAP = 84, 5
ROOM = SIDE - 12


@dataclass(frozen=True)
class Tile:
    """A region: its place (column, row), its name, the same in lines that fit and in a few letters, the number
    written in it (empty: not shown), and its bar, either a stack or a share."""

    place: tuple[int, int]
    name: str
    lines: Sequence[str]
    short: str
    text: str = ""
    stack: charts.Stack | None = None
    share: float = 0  # of the longest bar, where there is no stack


def size_of(places: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Width and height of the grid."""
    columns, rows = (1 + max(place[axis] for place in places) for axis in (0, 1))
    return columns * (SIDE + GAP) - GAP, rows * (SIDE + GAP) - GAP


def tile_grid(drawing: Drawing, x: float, y: float, tiles: Sequence[Tile], none: str, *, narrow: bool = False) -> None:
    """Draw `tiles`; one without a number says `none`.

    `narrow` is for a picture that is shown at less than half its size: a few letters and the number, as large as fit.
    """
    scale = charts.extents([tile.stack for tile in tiles if tile.stack])
    for tile in tiles:
        left, top = (start + at * (SIDE + GAP) for start, at in zip((x, y), tile.place, strict=True))
        drawing.rect(
            left, top, SIDE, SIDE, fill=SUNKEN, name="ground", title=f"{tile.name}: {tile.text or none}", rx="4"
        )
        said = tile.text or ("–" if narrow else none)
        soft = {} if tile.text else {"fill": SOFT, "name": "soft"}
        if narrow:
            drawing.text(left + 6, top + 31, tile.short, size=fitting(tile.short, 26))
            drawing.text(left + 6, top + 62, said, size=fitting(said, 26), font_weight="600", **soft)
        else:
            drawing.lines(left + 6, top + 17, tile.lines, size=12.5, leading=1.12)
            if tile.text:
                drawing.text(left + 6, top + 66, said, size=fitting(said, 16), font_weight="600")
            else:
                drawing.text(left + 6, top + SIDE - 8, said, size=fitting(said, 11), **soft)
        if not tile.text:
            continue
        if tile.stack is None:
            drawing.rect(left + 6, top + SIDE - 13, tile.share * ROOM, 7, fill=ACCENT, name="accent")
            continue
        for value, at, length in charts.segments(tile.stack, scale, ROOM, 1):
            drawing.rect(left + 6 + at, top + SIDE - 13, length, 7, fill=VALUE[value - 1], name=f"value-{value}")


def fitting(words: str, size: float) -> float:
    """The size of letters, `size` at most, in which `words` fit into a tile."""
    return min(size, int(2 * ROOM / (max(len(words), 1) * CHARACTER)) / 2)


def standing(codes: Sequence[str], places: Mapping[str, object]) -> bool:
    """Whether there is a place for every region."""
    return bool(codes) and all(code in places for code in codes)
