"""A report as one HTML file that needs nothing else: charts stand in it as SVG, styles in its head."""

from html import escape
from pathlib import Path

from feedback.results.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Quote, Report, Table

STYLE = Path(__file__).resolve().parents[2] / "data" / "report.css"


def html(report: Report) -> bytes:
    """The report as a document: title, facts, contents with links, and the blocks."""
    headings = [(place, block) for place, block in enumerate(report.blocks) if isinstance(block, Heading)]
    contents = "".join(
        f'<li class="level-{block.level}"><a href="#h{place}">{escape(block.text)}</a></li>'
        for place, block in headings
        if block.level < 3
    )
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in report.facts)
    body = "\n".join(_block(place, block) for place, block in enumerate(report.blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="{report.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.subtitle)}: {escape(report.title)}</title>\n"
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f"<header><p>{escape(report.subtitle)}</p><h1>{escape(report.title)}</h1><dl>{facts}</dl></header>\n"
        f'<nav aria-labelledby="contents"><h2 id="contents">{escape(report.contents)}</h2><ol>{contents}</ol></nav>\n'
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _block(place: int, block: Block) -> str:
    match block:
        case Heading():
            return f'<h{block.level + 1} id="h{place}">{escape(block.text)}</h{block.level + 1}>'
        case Paragraph():
            return f"<p>{escape(block.text)}</p>"
        case Bullets():
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
        case Quote():
            lines = "<br>".join(escape(line) for line in block.text.splitlines() if line.strip())
            return f'<blockquote><p lang="{block.language}">{lines}</p><footer>{escape(block.by)}</footer></blockquote>'
        case Picture():
            return f"<figure>{block.drawing.svg()}</figure>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    kind = [' class="number"' if place in table.numbers else "" for place in range(len(table.header))]
    head = "".join(f'<th scope="col"{kind[place]}>{escape(cell)}</th>' for place, cell in enumerate(table.header))
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>' if place == 0 else f"<td{kind[place]}>{escape(cell)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
