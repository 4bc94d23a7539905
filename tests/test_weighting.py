"""Weighted results: raking against independent calculations, and what is shown when."""

import json
from datetime import date

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.ledger.sequencer import sequence
from feedback.models import Margins, WeightedResult
from feedback.results.raking import NoWeights, effective_size, interval, rake
from feedback.results.weighting import cut_weighted
from tests.programme_builders import make_programme
from tests.test_breakdowns import rate_by

FILE = """
country: KZ
as_of: 2026-01-01
source: {name: A bureau, url: "https://stat.example/"}
region: {KZ-71: 600, KZ-75: 400}
age_band: {"1980-1989": 500, "2000-": 500}
gender: {female: 52, male: 48}
"""


def by_newton(cells: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The raked table by another way: minimise the convex dual, whose solution is cells · exp(a + b), by Newton."""
    height, width = cells.shape
    a, b = np.zeros(height), np.zeros(width)
    for _step in range(60):
        table = cells * np.exp(a[:, None] + b[None, :])
        gap = np.concatenate([rows - table.sum(1), columns - table.sum(0)])
        hessian = np.block([[np.diag(table.sum(1)), table], [table.T, np.diag(table.sum(0))]])
        step = np.linalg.lstsq(hessian, gap, rcond=None)[0]
        a, b = a + step[:height], b + step[height:]
    return cells * np.exp(a[:, None] + b[None, :])


def test_raking_gives_what_a_newton_method_on_the_dual_gives():
    cells = np.array([[30, 12, 8], [5, 40, 20], [9, 3, 25]])
    rows, columns = np.array([0.5, 0.2, 0.3]), np.array([0.25, 0.35, 0.4])
    people = [(row, column) for row in range(3) for column in range(3) for _ in range(cells[row, column])]
    first, second = (np.array(side) for side in zip(*people, strict=True))
    weights = rake([first, second], [rows, columns])
    raked = np.zeros((3, 3))
    np.add.at(raked, (first, second), weights / len(people))
    assert np.abs(raked - by_newton(cells / len(people), rows, columns)).max() < 1e-6
    assert abs(weights.mean() - 1) < 1e-9


def test_raking_keeps_the_cross_product_ratio_and_meets_both_margins():
    # Of two margins alone, the solution of a 2 × 2 table with ratio r solves a quadratic: known in closed form.
    first = np.array([0] * 40 + [0] * 10 + [1] * 20 + [1] * 30)
    second = np.array([0] * 40 + [1] * 10 + [0] * 20 + [1] * 30)
    weights = rake([first, second], [np.array([0.5, 0.5]), np.array([0.5, 0.5])])
    both = weights[(first == 0) & (second == 0)].sum() / 100
    ratio = (40 * 30) / (10 * 20)
    assert abs(both - 0.5 * np.sqrt(ratio) / (1 + np.sqrt(ratio))) < 1e-6


def test_a_group_of_the_population_without_participants_has_no_weights():
    with pytest.raises(NoWeights):
        rake([np.array([0, 0, 1])], [np.array([1, 1, 1])])


def test_effective_size_and_interval_are_the_published_formulas():
    assert effective_size(np.array([1.0, 1.0, 2.0])) == pytest.approx(16 / 6)
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I: 81 of 263, Wilson's method.
    assert [round(bound, 4) for bound in interval(81 / 263, 263)] == [0.2553, 0.3662]


@pytest.fixture
def margins(db, tmp_path):
    call_command("load_regions", verbosity=0)
    file = tmp_path / "margins.yaml"
    file.write_text(FILE)
    call_command("load_margins", file, verbosity=0)
    return Margins.objects.get()


def measure_of(*, women: int, men: int, without: int):
    """A measure that women like and men do not; people of both regions and bands."""
    measure = make_programme(measures=1, questions=("support",)).principles.get().measures.get()
    for gender, number, value in (("female", women, 5), ("male", men, 1)):
        for region, band in (("KZ-71", "1980-1989"), ("KZ-71", "2000-"), ("KZ-75", "1980-1989"), ("KZ-75", "2000-")):
            rate_by(number // 4, value, measure, region=region, age_band=band, gender=gender)
    rate_by(without, 3, measure)
    sequence()
    return measure


def weigh(measure) -> WeightedResult:
    cut_weighted(measure.principle.programme, timezone.now())
    return WeightedResult.objects.get()


def test_a_result_is_weighted_to_the_population_beside_the_raw_one(margins, client):
    row = weigh(measure_of(women=40, men=80, without=10))
    # Women are a third of the 120 and 52% of the population; the other margins are even among both genders.
    assert (row.n, row.raw_positive, row.positive, row.reason) == (120, 0.3077, 0.52, "")
    weights = np.concatenate([np.full(40, 0.52 * 120 / 40), np.full(80, 0.48 * 120 / 80)])
    regions = np.tile([1.2, 0.8], 60)
    size = effective_size(weights * regions)
    assert (row.effective_n, row.design_effect) == (round(size), round(120 / size, 1))
    assert (row.low, row.high) == tuple(round(bound, 2) for bound in interval(0.52, size))
    (answer,) = json.loads(client.get("/api/v1/weighted/").content)["results"]
    assert (answer["weighted"], answer["low"], answer["high"], answer["n"]) == (0.52, row.low, row.high, 120)
    assert "The effective sample size is" in client.get("/en/results/").content.decode()
    lines = client.get("/en/results/test-programme/weighted.csv").content.decode().splitlines()
    assert lines[1] == (
        f"1.1 Measure 1 (en),support? (en),31,52,{round(row.low * 100)}–{round(row.high * 100)},120,"
        f"{round(size)},{row.design_effect},"
    )


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ({"women": 40, "men": 48, "without": 12}, "too_few"),
        ({"women": 40, "men": 80, "without": 5}, "apart"),
        ({"women": 120, "men": 0, "without": 0}, "missing"),
        ({"women": 4, "men": 116, "without": 0}, "unstable"),
    ],
)
def test_where_nothing_can_be_weighted_the_reason_is_said(margins, client, people, reason):
    row = weigh(measure_of(**people))
    assert (row.reason, row.positive, row.n) == (reason, None, 120 if reason in {"missing", "unstable"} else 0)
    page = client.get("/en/results/").content.decode()
    assert str(row.get_reason_display()) in page
    assert [word in page for word in ("effective sample size", "Effective sample size", "Design effect")] == [False] * 3


def test_without_margins_the_page_says_that_nothing_is_weighted(db, client):
    measure = measure_of(women=40, men=80, without=10)
    assert cut_weighted(measure.principle.programme, timezone.now()) == 0
    page = client.get("/en/results/").content.decode()
    assert "No figures of the population are loaded on this portal, so no result is weighted." in page
    assert "ffective sample size" not in page


def test_a_weighted_result_moves_only_when_ten_of_its_people_have_changed(margins):
    measure = measure_of(women=40, men=80, without=10)
    first = weigh(measure)
    rate_by(4, 5, measure, region="KZ-71", age_band="2000-", gender="female")
    rate_by(6, 5, measure)
    sequence()
    assert (weigh(measure).n, weigh(measure).seq) == (120, first.seq)
    rate_by(10, 5, measure, region="KZ-71", age_band="2000-", gender="female")
    sequence()
    assert weigh(measure).n == 134


def test_margins_say_where_they_are_from(margins):
    assert (margins.source_name, margins.as_of, margins.numbers["gender"]) == (
        "A bureau",
        date(2026, 1, 1),
        {"female": 52, "male": 48},
    )


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("source: {name: A bureau", "source: {title: A bureau", "source has no name"),
        ("KZ-71: 600", "KZ-99: 600", "there is no group 'KZ-99'"),
        ("female: 52", "female: -1", "female has no whole number"),
        ("as_of: 2026-01-01", "as_of: lately", "as_of is not a date"),
        ("gender: {female: 52, male: 48}", "", "gender is not a list"),
    ],
)
def test_a_file_of_margins_with_a_fault_is_refused_by_name(db, tmp_path, wrong, right, fault):
    call_command("load_regions", verbosity=0)
    file = tmp_path / "margins.yaml"
    file.write_text(FILE.replace(wrong, right))
    with pytest.raises(CommandError, match=fault):
        call_command("load_margins", file)
    assert not Margins.objects.exists()
