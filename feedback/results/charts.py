"""The charts of the results: each takes plain numbers and words, and gives a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.results.drawing import ACCENT, CHARACTER, INK, LINE, SOFT, SUNKEN, VALUE, Drawing, wrapped

WIDTH = 760
MARGIN = 24
LABEL = 250
ROW = 34


@dataclass(frozen=True)
class Stack:
    """A bar of the answers 1 … 5, or of classes of them, that parts at its middle: `counts` by class.

    `classes` are runs of the values, such as ((1, 2), (3,), (4, 5)); a class that holds 3 alone lies on the middle,
    one that ends below 4 left of it, any other right of it.
    """

    label: str
    counts: Sequence[int]
    after: str = ""  # what stands behind the bar
    classes: Sequence[Sequence[int]] = ((1,), (2,), (3,), (4,), (5,))

    @property
    def left(self) -> float:
        """The share that lies left of the middle."""
        total = sum(self.counts) or 1
        return sum(count * side_of(run) for run, count in zip(self.classes, self.counts, strict=True)) / total


def side_of(run: Sequence[int]) -> float:
    """Which part of a class lies left of the middle."""
    return 0.5 if list(run) == [3] else 1.0 if run[-1] <= 3 else 0.0


def colour_of(run: Sequence[int]) -> int:
    """The value whose colour a class of values wears."""
    return {(1, 2): 1, (4, 5): 5, (1, 2, 3): 1}.get(tuple(run), run[0])


def extents(stacks: Sequence[Stack]) -> tuple[float, float]:
    """How far the longest of the bars reach to the left and to the right of the middle, as shares."""
    filled = [stack for stack in stacks if sum(stack.counts)]
    return (
        max([stack.left for stack in filled], default=0.5) or 0.01,
        max([1 - stack.left for stack in filled], default=0.5) or 0.01,
    )


def segments(
    stack: Stack, scale: tuple[float, float], width: float = 100, gap: float = 0.4
) -> list[tuple[int, float, float]]:
    """(value of the colour, start, length) of each part of a bar, on an axis of `width` that `scale` fills.

    A part ends `gap` before the next one begins, so that two of them are told apart whatever their colours; one that
    is hardly longer than that keeps half of its length.
    """
    left, right = scale
    total = sum(stack.counts) or 1
    at = (left - stack.left) / (left + right) * width
    found = []
    for run, count in zip(stack.classes, stack.counts, strict=True):
        length = count / total / (left + right) * width
        found.append((colour_of(run), at, max(length - gap, length / 2)))
        at += length
    return found


def heading(title: str, height: float, footer: Sequence[str], width: float = WIDTH) -> tuple[Drawing, float]:
    """A drawing with its title and footer; `height` is that of what stands between. Returns where that begins."""
    found = wrapped(title, width - 2 * MARGIN, 18, 3)
    below = [line for text in footer for line in wrapped(text, width - 2 * MARGIN, 12, 4)]
    top = MARGIN + 24 * len(found)
    drawing = Drawing(width, top + height + 16 * len(below) + MARGIN, title)
    drawing.lines(MARGIN, MARGIN + 16, found, size=18, font_weight="600")
    drawing.lines(MARGIN, top + height + 14, below, size=12, leading=16 / 12, fill=SOFT, name="soft")
    return drawing, top


def diverging(title: str, stacks: Sequence[Stack], labels: Sequence[tuple[int, str]], footer: Sequence[str]) -> Drawing:
    """Bars of answers that part at the middle; `labels` are (value, words) of the legend."""
    legend = 20 * len(labels) + 14
    drawing, top = heading(title, legend + ROW * len(stacks) + 14, footer)
    y = top + 8
    for value, words in labels:
        drawing.rect(MARGIN, y, 13, 13, fill=VALUE[value - 1], name=f"value-{value}")
        drawing.text(MARGIN + 21, y + 11, words, size=12)
        y += 20
    y += 6
    room = WIDTH - 2 * MARGIN - LABEL - 90
    start = MARGIN + LABEL
    scale = extents(stacks)
    middle = start + scale[0] / sum(scale) * room
    for stack in stacks:
        drawing.lines(MARGIN, y + 11, wrapped(stack.label, LABEL - 12, 12.5), size=12.5, leading=1.15)
        for value, at, length in segments(stack, scale, room, 1.5):
            drawing.rect(start + at, y + 2, length, ROW - 14, fill=VALUE[value - 1], name=f"value-{value}")
        drawing.text(start + room + 10, y + 15, stack.after, size=12, fill=SOFT, name="soft")
        y += ROW
    drawing.line(middle, y - ROW * len(stacks) - 2, middle, y - 6, stroke=INK, name="axis")
    return drawing


def bars(
    title: str, rows: Sequence[tuple[str, int, str]], footer: Sequence[str], colours: Sequence[int] = ()
) -> Drawing:
    """Plain bars: (label, number, the number as written); `colours` are values, one per bar."""
    drawing, top = heading(title, ROW * len(rows) + 8, footer)
    room = WIDTH - 2 * MARGIN - LABEL - 90
    most = max((count for _label, count, _text in rows), default=0) or 1
    for place, (label, count, text) in enumerate(rows):
        y = top + 8 + ROW * place
        drawing.lines(MARGIN, y + 11, wrapped(label, LABEL - 12, 12.5), size=12.5, leading=1.15)
        drawing.rect(MARGIN + LABEL, y + 2, room, ROW - 14, fill=SUNKEN, name="ground")
        fill, name = (VALUE[colours[place] - 1], f"value-{colours[place]}") if colours else (ACCENT, "accent")
        drawing.rect(MARGIN + LABEL, y + 2, count / most * room, ROW - 14, fill=fill, name=name)
        drawing.text(MARGIN + LABEL + room + 10, y + 15, text, size=12, fill=SOFT, name="soft")
    return drawing


def columns(
    drawing: Drawing,
    box: tuple,
    heights: Sequence[tuple[int, str]],
    ends: tuple[str, str],
    most: str,
    *,
    size: float = 11,
) -> None:
    """Draw columns of (number, words) into `box` (x, y, width, height), with the words at both ends of the axis."""
    x, y, width, height = box
    highest = max((count for count, _words in heights), default=0) or 1
    step = width / max(len(heights), 1)
    drawing.line(x, y, x + width, y)
    drawing.text(x, y - 4, most, size=size, fill=SOFT, name="soft")
    for place, (count, words) in enumerate(heights):
        tall = count / highest * height
        gap = min(step * 0.15, 3)
        drawing.rect(
            x + place * step + gap / 2, y + height - tall, step - gap, tall, fill=ACCENT, name="accent", title=words
        )
    drawing.line(x, y + height, x + width, y + height, stroke=INK, name="axis")
    drawing.text(x, y + height + 4 + size, ends[0], size=size, fill=SOFT, name="soft")
    drawing.text(x + width, y + height + 4 + size, ends[1], size=size, fill=SOFT, name="soft", text_anchor="end")


def pointing(axes: Sequence[str]) -> tuple[str, str]:
    """The words of both axes with their arrows; neither an arrow nor a % stands alone in a line."""
    across, up = (words.replace(" %", "\xa0%") for words in axes)
    return f"{across}\xa0→", f"↑\xa0{up}"


def axis_titles(axes: Sequence[str], side: float) -> tuple[list[str], list[str]]:
    """The lines below a square of points and those above it."""
    across, up = pointing(axes)
    return wrapped(across, side, 12, 3), wrapped(up, side + 30, 12, 3)


def room_of_axes(axes: Sequence[str], side: float) -> tuple[float, float]:
    """What the words of the axes need above a square of points and below it."""
    below, above = axis_titles(axes, side)
    return 11 + 15 * len(above), 31 + 15 * len(below)


def scatter(
    drawing: Drawing,
    box: tuple,
    points: Sequence[tuple[float, float, str, str]],
    axes: Sequence[str] = (),
    *,
    size: float = 11,
) -> list[str]:
    """Points of (share, share, code, words) in a square of 0 to 1; `axes` are the words of both axes, where they stand
    in the picture; `size` is that of what is written within.

    A code stands beside its point where there is room; returns those that have none.
    """
    x, y, side = box
    for place in range(5):
        at = place / 4 * side
        strong = {"stroke": INK, "name": "axis"} if place == 0 else {"stroke": LINE}
        drawing.line(x + at, y, x + at, y + side, **strong)
        drawing.line(x, y + side - at, x + side, y + side - at, **strong)
        small = {"size": size, "fill": SOFT, "name": "soft"}
        drawing.text(x + at, y + side + 4 + size, f"{25 * place}%", text_anchor="middle", **small)
        drawing.text(x - 5, y + side - at + 4, f"{25 * place}%", text_anchor="end", **small)
    if axes:
        below, above = axis_titles(axes, side)
        drawing.lines(x + side / 2, y + side + 31, below, size=12, text_anchor="middle")
        drawing.lines(x - 34, y - 12 - 15 * (len(above) - 1), above, size=12)
    placed = [(x + a * side, y + side - b * side, code, words) for a, b, code, words in points]
    taken = [(px - 5, py - 5, px + 5, py + 5) for px, py, _code, _words in placed]
    unnamed = []
    for px, py, code, words in placed:
        drawing.circle(px, py, 4.5, fill=ACCENT, name="accent", title=words, fill_opacity="0.75")
        length = len(code) * size * CHARACTER
        for left, base in _beside(px, py, length, size):
            spot = (left - 1, base - 0.8 * size, left + length + 1, base + 2)
            if x <= spot[0] and spot[2] <= x + side and y <= spot[1] and spot[3] <= y + side and _is_free(spot, taken):
                drawing.text(left, base, code, size=size)
                taken.append(spot)
                break
        else:
            unnamed.append(code)
    return unnamed


def _beside(x: float, y: float, length: float, size: float) -> list[tuple[float, float]]:
    """Where a word of `length` may begin beside a point: right, left, above, below, and between these."""
    middle, above, below = y + 0.36 * size, y - 8, y + 6 + 0.8 * size
    return [
        (x + 7, middle),
        (x - 7 - length, middle),
        (x - length / 2, above),
        (x - length / 2, below),
        (x + 4, above + 2),
        (x + 4, below - 2),
        (x - 4 - length, above + 2),
        (x - 4 - length, below - 2),
    ]


def _is_free(spot: tuple, taken: Sequence[tuple]) -> bool:
    return not any(
        spot[0] < right and left < spot[2] and spot[1] < bottom and top < spot[3] for left, top, right, bottom in taken
    )
