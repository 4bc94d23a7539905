"""A report as DOCX: title page, a table of contents that the reader's program fills in, and page numbers."""

from io import BytesIO

from django.conf import settings
from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from feedback.results.pictures import png
from feedback.results.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Quote, Report, Table

ACCENT, SOFT = RGBColor(0x12, 0x5A, 0x66), RGBColor(0x51, 0x60, 0x6A)
LOCALES = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}


def docx(report: Report) -> bytes:
    """The report as a document of Word."""
    document = Document()
    _set_up(document, report)
    document.add_paragraph(report.subtitle, style="Subtitle")
    document.add_paragraph(report.title, style="Title")
    for name, value in report.facts:
        line = document.add_paragraph()
        line.add_run(f"{name}: ").font.color.rgb = SOFT
        line.add_run(value)
    document.add_page_break()
    _contents(document, report)
    for block in report.blocks:
        _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.different_first_page_header_footer = True  # the title page has no number
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LOCALES[report.language])
    normal.element.get_or_add_rPr().append(language)
    for level in (1, 2, 3):
        document.styles[f"Heading {level}"].font.color.rgb = ACCENT
    document.core_properties.title = report.title
    document.core_properties.subject = report.subtitle
    document.core_properties.language = LOCALES[report.language]
    document.core_properties.author = document.core_properties.last_modified_by = settings.OPERATOR_NAME
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = timezone.now()
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{report.title} · {report.page} ")
    _field(footer, "PAGE", "1")


def _contents(document, report: Report) -> None:
    """A table of contents: filled with the headings now, with page numbers once the program updates its fields."""
    document.add_paragraph(report.contents, style="Heading 1")
    headings = [block for block in report.blocks if isinstance(block, Heading) and block.level < 3]
    lines = [document.add_paragraph() for _heading in headings]
    for line, block in zip(lines, headings, strict=True):
        line.paragraph_format.left_indent = Mm(6 * (block.level - 1))
        line.paragraph_format.space_after = Pt(2)
    if lines:
        _begin(lines[0], 'TOC \\o "1-2" \\h \\z \\u')
        for line, block in zip(lines, headings, strict=True):
            line.add_run(block.text)
        _end(lines[-1])


def _add(document, block: Block) -> None:
    match block:
        case Heading():
            heading = document.add_paragraph(block.text, style=f"Heading {block.level}")
            heading.paragraph_format.page_break_before = block.level == 1
        case Paragraph():
            document.add_paragraph(block.text)
        case Bullets():
            for item in block.items:
                document.add_paragraph(item, style="List Bullet")
        case Quote():
            quote = document.add_paragraph(style="Intense Quote")
            quote.add_run(block.text)
            quote.add_run().add_break()
            by = quote.add_run(block.by)
            by.italic, by.font.size, by.font.color.rgb = False, Pt(9), SOFT
        case Picture():
            drawn = document.add_picture(BytesIO(png(block.drawing, patient=True)), width=Mm(block.width))
            drawn._inline.docPr.set("descr", block.words)
        case Table():
            _table(document, block)


def _table(document, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.header), style="Light List Accent 1")
    for place, name in enumerate(table.header):
        _write(made.rows[0].cells[place], name, place in table.numbers)
    repeated = OxmlElement("w:tblHeader")  # on every page that the table goes on to
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in table.rows:
        cells = made.add_row().cells
        for place, cell in enumerate(row):
            _write(cells[place], cell, place in table.numbers)
    document.add_paragraph()


def _write(cell, text: str, is_number: bool) -> None:
    line = cell.paragraphs[0]
    line.add_run(text).font.size = Pt(8.5)
    if is_number:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _field(line, code: str, shown: str) -> None:
    _begin(line, code)
    line.add_run(shown)
    _end(line)


def _begin(line, code: str) -> None:
    _mark(line, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = code
    line.add_run()._r.append(text)
    _mark(line, "separate")


def _end(line) -> None:
    _mark(line, "end")


def _mark(line, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)
