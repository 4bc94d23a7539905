"""A picture of tables of several sizes: for each work, its ratio to the limit against the number of comments."""

import math
import re
from collections import defaultdict
from html import escape
from pathlib import Path

WIDTH, ROW, LEFT, RIGHT, TOP = 860, 34, 330, 30, 46
MOST, LEAST = 4.0, 0.02  # ratios at the edges, on a logarithmic scale
STYLE = """
svg { background: #fff; font: 13px sans-serif; } text { fill: #1a1a1a; } .axis { stroke: #bbb; }
.limit { stroke: #1a1a1a; stroke-width: 1.5; } .bar { stroke: #b3261e; stroke-width: 3; } .size { fill: #0b57a4; }
.line { stroke: #0b57a4; fill: none; } @media (prefers-color-scheme: dark) { svg { background: #16181c; }
text { fill: #e6e6e6; } .axis { stroke: #555; } .limit { stroke: #e6e6e6; } .bar { stroke: #ff8a80; }
.size { fill: #8ab4f8; } .line { stroke: #8ab4f8; } }
"""


def draw(rows: list[dict], path: Path) -> None:
    """Write the picture, an SVG. Larger dots stand for more comments; right of the black line is faster than it."""
    works: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        works[_name(row["work"])].append(row)
    height = TOP + ROW * len(works) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>Each work's speed as a share of its limit</title><style>{STYLE}</style>",
    ]
    for ratio in (0.05, 0.1, 0.25, 0.5, 1, 2):
        kind = "limit" if ratio == 1 else "axis"
        parts.append(f'<line class="{kind}" x1="{_x(ratio)}" x2="{_x(ratio)}" y1="{TOP - 16}" y2="{height - 30}"/>')
        parts.append(f'<text x="{_x(ratio)}" y="{TOP - 22}" text-anchor="middle">{ratio:g}×</text>')
    for number, (work, found) in enumerate(works.items()):
        y = TOP + ROW * number + ROW / 2
        found.sort(key=lambda row: row["size"])
        parts.append(f'<text x="{LEFT - 14}" y="{y + 4}" text-anchor="end">{escape(work)}</text>')
        bar = _x(found[0]["bar"])
        parts.append(f'<line class="bar" x1="{bar}" x2="{bar}" y1="{y - 11}" y2="{y + 11}"/>')
        points = " ".join(f"{_x(row['ratio'])},{y}" for row in found)
        parts.append(f'<polyline class="line" points="{points}"/>')
        for row in found:
            radius = 1.2 * math.log10(row["size"]) - 1.5
            said = f"{row['size']:,} comments: {row['value']:,} {row['unit']}, {row['ratio']}× of the limit"
            parts.append(
                f'<circle class="size" cx="{_x(row["ratio"])}" cy="{y}" r="{radius:.1f}"><title>{said}</title></circle>'
            )
    legend = "Red: the bar. Dots: the larger, the more comments. Black line: the limit; to its right is faster."
    parts.append(f'<text x="14" y="{height - 8}">{legend}</text></svg>')
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _name(work: str) -> str:
    """The work without numbers that differ from size to size: of a page, of comments, of seconds."""
    if " of the cursor" in work:
        return "API, a page far behind"
    return re.sub(r"(?<=^pull of )[\d,]+ (?=comments)|(?<=^spike) of \d+ s", "", work)


def _x(ratio: float) -> float:
    place = math.log(min(max(ratio, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return round(LEFT + place * (WIDTH - LEFT - RIGHT), 1)
