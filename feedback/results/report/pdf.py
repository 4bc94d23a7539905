"""A report as PDF, set by typst with the fonts that it carries."""

import json
from pathlib import Path

import typst

from feedback.results.pictures import SERIF, fonts
from feedback.results.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Quote, Report, Table

LAYOUT = Path(__file__).resolve().parents[2] / "data" / "report.typ"
WIDEST, NARROWEST = 34, 7  # characters of a column, for its share of the width


def pdf(report: Report) -> bytes:
    """The report with title page, contents and page numbers."""
    content = {
        "language": report.language,
        "title": report.title,
        "subtitle": report.subtitle,
        "facts": report.facts,
        "contents": report.contents,
        "page": report.page,
        "blocks": [_block(block) for block in report.blocks],
    }
    return typst.compile(
        LAYOUT,
        format="pdf",
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
    )


def _block(block: Block) -> dict:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text}
        case Bullets():
            return {"kind": "bullets", "items": block.items}
        case Quote():
            return {"kind": "quote", "text": block.text, "language": block.language, "by": block.by}
        case Picture():
            svg = block.drawing.svg(font=SERIF)
            return {"kind": "picture", "svg": svg, "width": block.width, "words": block.words}
        case Table():
            return {
                "kind": "table",
                "header": block.header,
                "rows": block.rows,
                "numbers": sorted(block.numbers),
                "widths": widths(block),
            }


def widths(table: Table) -> list[int]:
    """How wide each column wants to be: as its longest word or cell, within bounds."""
    found = []
    for place, name in enumerate(table.header):
        cells = [row[place] for row in table.rows]
        longest = max((len(cell) for cell in cells), default=0)
        word = max((len(word) for word in name.split()), default=0)
        found.append(min(max(longest, word, NARROWEST), WIDEST))
    return found
