"""The benchmark's own arithmetic, and its picture; measuring is `script/bench`'s."""

import pytest

from script.benchmark.plot import draw
from script.benchmark.table import row


@pytest.mark.parametrize(
    ("values", "limits", "unit", "ratio"),
    [
        ([1, 9, 5], [10, 10, 10], "answers/s", 0.5),
        ([20, 10, 30], [10, 10, 10], "ms", 0.5),
        ([1.5], [2.0], "s", 1.333),
        ([0], [0], "", 1.0),
        ([-2], [0], "", 0.0),
    ],
)
def test_a_ratio_is_of_medians_and_better_the_higher_it_is(values, limits, unit, ratio):
    assert row("work", 10, values, limits, unit=unit, bar=0.5)["ratio"] == ratio


def test_the_picture_names_every_work_once(tmp_path):
    rows = [row(work, size, [1], [2], unit="answers/s", bar=0.7) for work in ("a", "b < c") for size in (100, 10_000)]
    draw(rows, tmp_path / "plot.svg")
    picture = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert [picture.count(">a</text>"), picture.count(">b &lt; c</text>"), picture.count("<circle")] == [1, 1, 4]
