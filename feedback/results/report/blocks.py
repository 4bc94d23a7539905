"""What a report is made of, whatever it is written as."""

from dataclasses import dataclass, field

from feedback.results.drawing import Drawing
from feedback.results.figure import written

WIDEST, HIGHEST = 166, 205  # millimetres


@dataclass
class Heading:
    level: int  # 1 a part, 2 a chapter, 3 a section
    text: str


@dataclass
class Paragraph:
    text: str


@dataclass
class Bullets:
    items: list[str]


@dataclass
class Table:
    """`numbers` are the columns, from 0, that hold numbers."""

    header: list[str]
    rows: list[list[str]]
    numbers: set[int] = field(default_factory=set)


@dataclass
class Picture:
    """A chart; `words` say what is in it to whoever does not see it."""

    drawing: Drawing
    words: str

    @property
    def width(self) -> float:
        """Millimetres on a page of A4: as wide as the text, or less where it would be higher than the page."""
        return min(WIDEST, HIGHEST * self.drawing.width / self.drawing.height)


@dataclass
class Quote:
    """What somebody said, in the language that they said it in."""

    text: str
    language: str
    by: str


Block = Heading | Paragraph | Bullets | Table | Picture | Quote


@dataclass
class Report:
    """A report in one language: its title page, and its blocks in order."""

    language: str
    title: str
    subtitle: str
    facts: list[tuple[str, str]]  # of the title page
    contents: str  # what the list of contents is called
    page: str  # what a page is called
    blocks: list[Block]


def table_of(header: list[str], rows: list[list]) -> Table:
    numbers = {place for place in range(len(header)) if any(isinstance(row[place], int | float) for row in rows)}
    return Table(header, [[written(cell) for cell in row] for row in rows], numbers)


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]
