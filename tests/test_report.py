"""The report of a consultation, held against its checklist: complete in each language and format, nothing empty."""

import re
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import gettext, override
from docx import Document

from feedback.actions.reactions import vote_on_comment
from feedback.ledger.sequencer import sequence
from feedback.results.keeping import keep_figures
from feedback.results.report.blocks import Heading, Quote, Table
from feedback.results.report.content import report_of
from feedback.results.report.making import home, make_report, names
from principles.models import Programme
from tests.answers import make_answer
from tests.builders import hide, make_comment, make_participant, rate_by_many
from tests.programme_builders import make_programme

pytestmark = pytest.mark.django_db


class Outline(HTMLParser):
    """What a report in HTML is made of: its headings, the addresses inside it, and the rows of each table."""

    def __init__(self, text: str):
        super().__init__()
        self.headings, self.links, self.anchors, self.tables, self.open = [], [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors.add(values.get("id"))
        if re.fullmatch(r"h[1-4]", tag):
            self.headings.append([tag, ""])
            self.open.append(tag)
        if tag == "a":
            self.links.append(values["href"])
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append(0)
        if tag in {"td", "th"}:
            self.tables[-1][-1] += 1

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if self.open:
            self.headings[-1][1] += data


def consultation() -> Programme:
    """Two measures: one with everything, one that nobody has touched."""
    programme = make_programme()
    measure = programme.principles.get().measures.first()
    rate_by_many(measure, [1, 2, 3, 4, 4, 5, 5, 5, 5, 5])
    agreed = make_comment(measure, text="We need it.", stance="for")
    vote_on_comment(agreed, by=make_participant(), value=1)
    make_comment(measure, text="<b>Бізге</b> керек емес.\n\nБасқасы керек.", language="kk", stance="against")
    hide(make_comment(measure, text="Buy shoes!", stance="for"))
    make_answer(measure, agreed)
    sequence()
    keep_figures(programme, timezone.now())
    return programme


def made(programme: Programme) -> dict[str, Path]:
    return {path.name: path for path in make_report(programme, home() / "one")}


def test_a_report_is_nine_files_that_open():
    programme = consultation()
    files = made(programme)
    assert sorted(files) == sorted(names(programme))
    assert {path.suffix: path.read_bytes()[:4] for path in files.values()} == {
        ".html": b"<!DO",
        ".pdf": b"%PDF",
        ".docx": b"PK\x03\x04",
    }


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_html_has_a_title_contents_that_lead_somewhere_and_whole_tables(language):
    text = made(consultation())[f"test-programme-{language}.html"].read_text()
    outline = Outline(text)
    assert f'<html lang="{language}">' in text
    assert [tag for tag, words in outline.headings if not words.strip()] == []
    assert [tag for tag, _words in outline.headings].count("h1") == 1
    inside = [link[1:] for link in outline.links if link.startswith("#")]
    assert len(inside) > 10
    assert [link for link in inside if link not in outline.anchors] == []
    assert [rows for rows in outline.tables if len(rows) < 2 or len(set(rows)) != 1] == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_section_is_empty_and_no_table_is_ragged(language):
    with override(language):
        report = report_of(consultation())
    blocks = report.blocks
    pairs = zip(blocks, [*blocks[1:], Heading(1, "end")], strict=True)
    empty = [
        block.text
        for block, after in pairs
        if isinstance(block, Heading) and isinstance(after, Heading) and after.level <= block.level
    ]
    assert empty == []
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [table.header for table in tables if {len(row) for row in table.rows} != {len(table.header)}] == []
    assert report.facts[0][1] != ""


def test_the_report_of_an_empty_consultation_says_why_each_part_is_empty():
    with override("en"):
        report = report_of(make_programme())
    texts = [block.text for block in report.blocks if hasattr(block, "text")]
    assert texts.count("support? (en) 0 participants have rated. Results appear once ten people have rated.") == 2
    assert "Nobody has commented yet." in texts
    assert "The staff has made no decision about a comment." in texts
    assert [block for block in report.blocks if isinstance(block, Quote)] == []


def test_only_visible_comments_are_quoted_the_most_agreed_first_and_answers_stand_with_them():
    with override("en"):
        quotes = [block for block in report_of(consultation()).blocks if isinstance(block, Quote)]
    assert [(quote.text, quote.language) for quote in quotes[:2]] == [
        ("We need it.", "en"),
        ("<b>Бізге</b> керек емес.\n\nБасқасы керек.", "kk"),
    ]
    assert quotes[0].by.endswith("agree 1, disagree 0")
    assert len(quotes) == 3


def test_what_people_write_is_text_in_every_format():
    files = made(consultation())
    assert "&lt;b&gt;Бізге&lt;/b&gt; керек емес." in files["test-programme-en.html"].read_text()
    quotes = [line.text for line in Document(files["test-programme-en.docx"]).paragraphs if "керек емес" in line.text]
    assert [text.startswith("<b>Бізге</b> керек емес.") for text in quotes] == [True]


def test_docx_has_a_title_page_contents_page_numbers_and_the_same_headings_and_tables_as_html():
    files = made(consultation())
    document = Document(files["test-programme-ru.docx"])
    outline = Outline(files["test-programme-ru.html"].read_text())
    headings = [line.text for line in document.paragraphs if line.style.name.startswith("Heading")]
    assert headings == [words for tag, words in outline.headings if tag != "h1"]
    assert len(document.tables) == len(outline.tables)
    with ZipFile(files["test-programme-ru.docx"]) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    assert 'TOC \\o "1-2"' in parts["word/document.xml"]
    assert any("PAGE" in text for name, text in parts.items() if name.startswith("word/footer"))
    assert len(document.inline_shapes) == files["test-programme-ru.html"].read_text().count("<svg ")


def test_docx_says_who_made_it_and_when(settings):
    settings.OPERATOR_NAME = "An open society"
    before = timezone.now().replace(microsecond=0)
    properties = Document(made(consultation())["test-programme-en.docx"]).core_properties
    assert (properties.author, properties.comments, properties.title) == (
        "An open society",
        "",
        "Programme test-programme (en)",
    )
    assert before <= properties.created == properties.modified <= timezone.now()


@pytest.mark.parametrize(("language", "word"), [("kk", "Тізілім"), ("ru", "Реестр"), ("en", "Ledger")])
def test_a_report_keeps_no_live_numbers_and_calls_the_ledger_as_the_pages_do(language, word):
    text = made(consultation())[f"test-programme-{language}.html"].read_text()
    with override(language):
        live = gettext("Live numbers, at most 2 seconds late.")
    assert (live in text, f"<dt>{word}</dt>" in text) == (False, True)


def test_pdf_has_many_pages_and_names_its_title():
    content = made(consultation())["test-programme-en.pdf"].read_bytes()
    assert len(re.findall(rb"/Type */Page\b", content)) > 8


def test_a_report_that_cannot_be_written_leaves_nothing_behind():
    programme = consultation()
    folder = home() / "half"
    written = []

    def stop(name):
        written.append(name)
        if len(written) == 4:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        make_report(programme, folder, stop)
    assert list(home().iterdir()) == []


def test_the_command_names_its_folder_and_refuses_what_is_not_there(capsys):
    consultation()
    call_command("make_report", "test-programme", folder=home() / "mine")
    assert capsys.readouterr().out == f"{home() / 'mine'}: 9 files.\n"
    with pytest.raises(CommandError, match="is there already"):
        call_command("make_report", "test-programme", folder=home() / "mine")
    with pytest.raises(CommandError, match="There is no programme nowhere"):
        call_command("make_report", "nowhere")
