"""Charts as SVG of our own: plain shapes with presentation attributes, so that they need neither style nor script.

Classes beside the attributes let a page's stylesheet give them the colours of its scheme. Widths of text are
estimates, on the wide side: nothing here knows the reader's font.
"""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

INK = "#1d2a2e"
SOFT = "#51606a"
LINE = "#d8d4ca"
PAPER = "#fbfaf7"
SUNKEN = "#f1efe9"
ACCENT = "#125a66"
# Of the values 1 … 5, as in the stylesheet's light scheme.
VALUE = ("#9a4a2b", "#d59a76", "#b9b6ab", "#6fb0a4", "#1c7466")
SANS = "system-ui, 'Noto Sans', 'Liberation Sans', sans-serif"
BREAKS = re.compile(r"[ \t\n]+")  # not the no-break spaces of numbers and dates
CHARACTER = 0.62  # mean width of one, in its size: that of a wide sans, since nobody knows the reader's


def number(value: float) -> str:
    """A coordinate with a point for the decimals, whatever the language."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def wrapped(text: str, width: float, size: float, lines: int = 2) -> list[str]:
    """`text` in at most `lines` lines of `width`; what does not fit ends in an ellipsis."""
    most = max(int(width / (size * CHARACTER)), 4)
    found, rest = [], [word for word in BREAKS.split(text) if word]
    while rest and len(found) < lines:
        line = rest.pop(0)
        while rest and len(line) + 1 + len(rest[0]) <= most:
            line += f" {rest.pop(0)}"
        found.append(line)
    if rest:
        found[-1] += f" {' '.join(rest)}"
    return [line if len(line) <= most else f"{line[: most - 1].rstrip()}…" for line in found]


class Drawing:
    """A picture of `width` × `height` units, drawn piece by piece."""

    def __init__(self, width: float, height: float, title: str):
        self.width, self.height, self.title = width, height, title
        self._pieces: list[str] = []

    def rect(self, x, y, width, height, *, fill: str, name: str = "", title: str = "", **more) -> None:
        inside = f"<title>{escape(title)}</title>" if title else ""
        self._pieces.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}"'
            f"{_attributes(fill=fill, name=name, **more)}" + (f">{inside}</rect>" if inside else "/>")
        )

    def line(self, x1, y1, x2, y2, *, stroke: str = LINE, name: str = "rule", **more) -> None:
        self._pieces.append(
            f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
            f"{_attributes(stroke=stroke, name=name, **more)}/>"
        )

    def circle(self, x, y, radius, *, fill: str, name: str = "", title: str = "", **more) -> None:
        inside = f"<title>{escape(title)}</title>" if title else ""
        self._pieces.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
            f"{_attributes(fill=fill, name=name, **more)}>{inside}</circle>"
        )

    def text(self, x, y, words: str, *, size: float = 13, fill: str = INK, name: str = "", **more) -> None:
        more = {"font-size": number(size), **more}
        self._pieces.append(
            f'<text x="{number(x)}" y="{number(y)}"{_attributes(fill=fill, name=name, **more)}>{escape(words)}</text>'
        )

    def lines(self, x, y, found: Iterable[str], *, size: float = 13, leading: float = 1.25, **more) -> float:
        """Lines of text one under the other, the first on `y`; returns the place of the next one."""
        for line in found:
            self.text(x, y, line, size=size, **more)
            y += size * leading
        return y

    def svg(self, *, font: str = SANS, paper: bool = True) -> str:
        """The picture as a document of its own, on paper, or to stand in a page."""
        ground = f'<rect width="100%" height="100%" fill="{PAPER}"/>' if paper else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(self.width)} {number(self.height)}"'
            + (f' width="{number(self.width)}" height="{number(self.height)}"' if paper else "")
            + f' role="img" aria-label={quoteattr(self.title)} font-family={quoteattr(font)}>'
            + f"<title>{escape(self.title)}</title>{ground}{''.join(self._pieces)}</svg>"
        )


def _attributes(*, name: str = "", **values) -> str:
    named = {"class": name, **values}
    return "".join(f" {key.replace('_', '-')}={quoteattr(str(value))}" for key, value in named.items() if value != "")
