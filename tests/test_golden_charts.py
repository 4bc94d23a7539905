"""Every chart against a picture that somebody has looked at; `GOLDEN=write` draws them anew, to be looked at again."""

import os
from pathlib import Path

import pytest

from feedback.results import charts
from feedback.results.drawing import Drawing
from feedback.results.tile_grid import Tile, size_of, tile_grid

GOLDEN = Path(__file__).resolve().parent / "data" / "charts"
LONG = "2.10 Жаңа тұрғын үй салу және коммуналдық инфрақұрылымды қанағаттандырылмағандықтарыңыздан жаңғырту"
LABELS = [(1, "Мүлде қарсымын"), (2, "Қарсымын"), (3, "Бейтараппын"), (4, "Қолдаймын"), (5, "Толық қолдаймын")]
FOOTER = ["Барлық шараға берілген баға саны: 100 000. Сандар алынған уақыт: 2026 ж. 24 қараша, 03:00.", "localhost"]


def diverging() -> Drawing:
    stacks = [
        charts.Stack(LONG, [100, 200, 300, 400, 99_000], "99% · 100 000"),
        charts.Stack("1.1 All against", [10, 0, 0, 0, 0], "0% · 10"),
        charts.Stack("1.2 <b>&amp; classes", [12, 10, 30], "58% · 52", ((1, 2), (3,), (4, 5))),
        charts.Stack("1.3 Two classes", [20, 20], "50% · 40", ((1, 2, 3), (4, 5))),
    ]
    return charts.diverging("Осы шараны қолдайсыз ба?", stacks, LABELS, FOOTER)


def bars() -> Drawing:
    return charts.bars("Пікірлер күйі бойынша", [(LONG, 100_000, "100 000"), ("жасырылған", 0, "0")], FOOTER)


def coloured_bars() -> Drawing:
    rows = [(label, value * value, str(value * value)) for value, label in LABELS]
    return charts.bars("1.1", rows, [], colours=[1, 2, 3, 4, 5])


def no_bars() -> Drawing:
    return charts.bars("Nothing", [], [])


def columns() -> Drawing:
    drawing, top = charts.heading("Уақыт бойынша қатысу", 160, FOOTER)
    days = [(number, f"day: {number}") for number in (0, 3, 10, 1, 0, 7)]
    charts.columns(drawing, (24, top + 20, 700, 100), days, ("01.11.2026", "06.11.2026"), "10")
    return drawing


def scatter() -> Drawing:
    above, below = charts.room_of_axes((LONG, LONG), 460)
    drawing, top = charts.heading("Шараларды салыстыру", above + 460 + below, FOOTER)
    points = [(0, 0, "1.1", "corner"), (1, 1, "1.2", "corner"), (0.5, 0.5, "2.1", "one"), (0.5, 0.5, "2.2", "on it")]
    charts.scatter(drawing, (110, top + above, 460), points, (LONG, LONG))
    return drawing


def tiles(*, narrow: bool = False) -> Drawing:
    shown = [
        Tile((1, 0), "a", ["Солтүстік", "Қазақстан"], "СҚО", "100%", charts.Stack("", [0, 0, 10, 0, 90])),
        Tile((0, 1), "b", ["Западно-", "Казах-", "станская"], "ЗКО", "100 000", share=1),
        Tile((2, 1), "c", ["East", "Kazakh-", "stan"], "Abai"),
    ]
    drawing = Drawing(*size_of([tile.place for tile in shown]), "Өңірлер")
    tile_grid(drawing, 0, 0, shown, "слишком мало", narrow=narrow)
    return drawing


def narrow_tiles() -> Drawing:
    return tiles(narrow=True)


@pytest.mark.parametrize("draw", [diverging, bars, coloured_bars, no_bars, columns, scatter, tiles, narrow_tiles])
@pytest.mark.parametrize("paper", [True, False], ids=["alone", "in a page"])
def test_a_chart_is_drawn_as_in_its_golden_picture(draw, paper):
    name = f"{draw.__name__}{'' if paper else '-inline'}.svg"
    drawn = draw().svg(paper=paper)
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / name).write_text(drawn + "\n", encoding="utf-8")
    assert drawn + "\n" == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("draw", [diverging, bars, columns, scatter, tiles])
def test_no_chart_needs_style_or_script(draw):
    drawn = draw().svg()
    assert [word for word in ("<style", "style=", "<script", "http://www.w3.org/1999", "<b>") if word in drawn] == []
