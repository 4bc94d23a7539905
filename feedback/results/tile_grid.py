"""Regions as equal tiles, each in its rough place: no map is needed, and no region is larger than another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback.results import charts
from feedback.results.drawing import ACCENT, SOFT, SUNKEN, VALUE, Drawing, wrapped

SIDE, GAP = 74, 5


@dataclass(frozen=True)
class Tile:
    """A region: its name, the number written in it (empty: not shown), and its bar, either a stack or a share."""

    name: str
    text: str = ""
    stack: charts.Stack | None = None
    share: float = 0  # of the longest bar, where there is no stack


def size_of(places: Mapping[str, tuple[int, int]]) -> tuple[float, float]:
    """Width and height of the grid."""
    columns, rows = (1 + max(place[axis] for place in places.values()) for axis in (0, 1))
    return columns * (SIDE + GAP) - GAP, rows * (SIDE + GAP) - GAP


def tile_grid(
    drawing: Drawing, x: float, y: float, places: Mapping[str, tuple[int, int]], tiles: Mapping[str, Tile], none: str
) -> None:
    """Draw `tiles` by code, where `places` puts them; one without a number says `none`."""
    scale = charts.extents([tile.stack for tile in tiles.values() if tile.stack] or [])
    for code, (column, row) in places.items():
        if code not in tiles:
            continue
        tile = tiles[code]
        left, top = x + column * (SIDE + GAP), y + row * (SIDE + GAP)
        drawing.rect(
            left, top, SIDE, SIDE, fill=SUNKEN, name="ground", title=f"{tile.name}: {tile.text or none}", rx="4"
        )
        drawing.lines(left + 6, top + 15, wrapped(tile.name, SIDE - 8, 9.5, 3), size=9.5, leading=1.15)
        if not tile.text:
            drawing.text(left + 6, top + SIDE - 9, none, size=9, fill=SOFT, name="soft")
            continue
        drawing.text(left + 6, top + SIDE - 20, tile.text, size=15 if len(tile.text) < 7 else 12, font_weight="600")
        width = SIDE - 12
        if tile.stack is None:
            drawing.rect(left + 6, top + SIDE - 13, tile.share * width, 7, fill=ACCENT, name="accent")
            continue
        for value, at, length in charts.segments(tile.stack, scale, width):
            drawing.rect(left + 6 + at, top + SIDE - 13, length, 7, fill=VALUE[value - 1], name=f"value-{value}")


def standing(codes: Sequence[str], places: Mapping[str, tuple[int, int]]) -> bool:
    """Whether there is a place for every region."""
    return bool(codes) and all(code in places for code in codes)
