"""Breakdowns against somebody who knows every published number, solves the equations, and keeps old tables."""

import random
from collections import Counter
from itertools import combinations, product

import pytest

from feedback.results.disclosure import CLASSES, LEAST, Cut, Table, by_class, table_of
from tests.attacker import bounds

REGIONS, GENDERS, VALUES = ("", "A", "B", "C"), ("", "female", "male"), (1, 2, 3, 4, 5)
TYPES = list(product(REGIONS, GENDERS, VALUES))


def population(seed: int, size: int) -> Counter:
    """How many people there are of each region, gender and value: uneven, so that many cells are small."""
    chance = random.Random(seed)
    regions = chance.choices([1, 3, 12, 40], k=len(REGIONS))
    genders = chance.choices([1, 8, 20], k=len(GENDERS))
    values = chance.choices([0, 1, 4, 10], k=len(VALUES) - 1)
    values.append(10)
    return Counter(
        zip(
            chance.choices(REGIONS, regions, k=size),
            chance.choices(GENDERS, genders, k=size),
            chance.choices(VALUES, values, k=size),
            strict=True,
        )
    )


def cells(people: Counter, part: int) -> dict[str, list[int]]:
    """Group → people per value, by region (part 0) or by gender (part 1)."""
    groups = (REGIONS, GENDERS)[part]
    return {
        group: [sum(n for kind, n in people.items() if kind[part] == group and kind[2] == value) for value in VALUES]
        for group in groups
    }


def indicator(chosen) -> list[int]:
    return [int(chosen(*kind)) for kind in TYPES]


def published(people: Counter, tables: list[Table]) -> list[tuple[list[int], int]]:
    """Every number that the tally and both tables show, as an equation about the people of each kind."""
    found = [
        (indicator(lambda r, g, v, value=value: v == value), sum(n for kind, n in people.items() if kind[2] == value))
        for value in VALUES
    ]
    for part, table in enumerate(tables):
        for group, (n, counts) in table.rows.items():
            own = lambda kind, group=group, part=part: kind[part] == group  # noqa: E731
            found.append((indicator(lambda *kind, own=own: own(kind)), n))
            for run, count in zip(table.cut.classes, counts or [], strict=counts is not None):
                found.append((indicator(lambda *kind, own=own, run=run: own(kind) and kind[2] in run), count))
        if table.rest is not None:
            rest = lambda kind, table=table, part=part: kind[part] not in table.cut.singles  # noqa: E731
            found.append((indicator(lambda *kind, rest=rest: rest(kind)), table.rest))
        for run, count in zip(table.cut.classes, table.rest_counts or [], strict=table.rest_counts is not None):
            rest = lambda kind, table=table, part=part: kind[part] not in table.cut.counted  # noqa: E731
            found.append((indicator(lambda *kind, rest=rest, run=run: rest(kind) and kind[2] in run), count))
    return found


def small_cells(people: Counter):
    """Every cell of one to nine people: a group, or a group and a value."""
    for part, groups in enumerate((REGIONS, GENDERS)):
        for group in groups:
            kinds = [(lambda kind, group=group, part=part: kind[part] == group)]
            kinds += [
                (lambda kind, group=group, part=part, value=value: kind[part] == group and kind[2] == value)
                for value in VALUES
            ]
            for chosen in kinds:
                if 0 < sum(n for kind, n in people.items() if chosen(kind)) < LEAST:
                    yield indicator(lambda *kind, chosen=chosen: chosen(kind))


def solved(people: Counter, tables: list[Table]) -> int:
    """How many cells of one to nine people the attacker knows exactly."""
    equations = published(people, tables)
    return sum(low == high for low, high in (bounds(equations, cell) for cell in small_cells(people)))


@pytest.mark.parametrize("seed", range(8))
def test_no_cell_below_ten_people_can_be_solved_for(seed):
    people = population(seed, random.Random(seed).choice([90, 250, 600]))
    tables = [table_of(cells(people, part)) for part in (0, 1)]
    assert [bool(table.rows) for table in tables] == [True, True]
    assert next(small_cells(people), None) is not None
    assert solved(people, tables) == 0


def test_the_attacker_solves_a_table_that_only_blacks_out_its_small_cells():
    people = Counter({("", "female", 5): 15, ("A", "female", 5): 40, ("B", "male", 1): 30, ("C", "male", 5): 3})
    naive = []
    for part in (0, 1):
        rows = {group: sum(counts) for group, counts in cells(people, part).items() if sum(counts) >= LEAST}
        naive.append(Table(Cut(frozenset(rows)), {group: (n, None) for group, n in rows.items()}))
    careful = [table_of(cells(people, part)) for part in (0, 1)]
    assert solved(people, naive) > 0
    assert solved(people, careful) == 0


@pytest.mark.parametrize("seed", range(50))
def test_no_number_of_a_table_is_below_ten_and_its_rows_and_rest_are_everybody(seed):
    people = cells(population(seed, random.Random(seed).choice([9, 10, 40, 90, 250, 2000])), 0)
    table = table_of(people)
    total = [sum(column) for column in zip(*people.values(), strict=True)]
    numbers = [n for n, _counts in table.rows.values()] + ([] if table.rest is None else [table.rest])
    assert [n for n in numbers if n < LEAST] == []
    assert not table.rows or sum(numbers) == sum(total)
    counted = [counts for _n, counts in table.rows.values() if counts is not None]
    counted += [] if table.rest_counts is None else [table.rest_counts]
    by_run = by_class(total, table.cut.classes)
    assert [
        count for counts in counted for count, all_of in zip(counts, by_run, strict=True) if count < LEAST and all_of
    ] == []
    assert not counted or [sum(column) for column in zip(*counted, strict=True)] == by_run


def test_nothing_is_shown_where_everybody_is_of_one_group():
    assert table_of({"A": [1, 0, 0, 0, 90], "B": [0] * 5}).rows == {}


def test_the_finest_classes_that_show_most_groups_are_taken():
    assert table_of({"A": [20] * 5, "B": [12] * 5}).cut.classes == CLASSES[0]
    assert table_of({"A": [20, 5, 20, 5, 20], "B": [5, 20, 20, 20, 5]}).cut.classes == CLASSES[1]
    assert table_of({"A": [5, 5, 5, 5, 20], "B": [5, 5, 5, 5, 5]}).cut.classes == CLASSES[2]


# Through time. A person is (group, value at night 0, value at night 1, …); 0 is "has not rated".
def nights(seed: int, *, count: int = 6) -> tuple[list[str], list[list[int]]]:
    """Groups of people, and the values that they have night by night: some join, some change, some go."""
    chance = random.Random(seed)
    groups = chance.choices(REGIONS, [4, 10, 30, 60], k=400)
    now = [chance.choice(VALUES) if chance.random() < 0.4 else 0 for _ in groups]
    story = [now]
    for _night in range(count - 1):
        now = now[:]
        moving = chance.sample(range(len(now)), chance.choice([10, 10, 11, 25, 60]))
        for place in moving:
            now[place] = 0 if now[place] and chance.random() < 0.1 else chance.choice(VALUES)
        story.append(now)
    return groups, story


def cells_at(groups, now) -> dict[str, list[int]]:
    return {
        group: [
            sum(own == group and value == wanted for own, value in zip(groups, now, strict=True)) for wanted in VALUES
        ]
        for group in REGIONS
    }


def moves_between(groups, before, now) -> dict[str, Counter]:
    found = {group: Counter() for group in REGIONS}
    for group, old, new in zip(groups, before, now, strict=True):
        if old != new:
            found[group][old, new] += 1
    return found


def shown_through(groups, story) -> list[tuple[int, Cut]]:
    """The tables that the nights show one after the other."""
    shown: list[tuple[int, Cut]] = []
    for night, now in enumerate(story):
        past = [(cut, moves_between(groups, story[earlier], now)) for earlier, cut in shown]
        table = table_of(cells_at(groups, now), past)
        if table.cut.singles:
            shown.append((night, table.cut))
    return shown


def told_apart(pieces_before: list[set], pieces_now: list[set]) -> list[set]:
    """What somebody with both tables can follow: the smallest sets that are whole pieces of both."""
    found = [set(piece) for piece in (*pieces_before, *pieces_now)]
    while merged := next(((a, b) for a, b in combinations(found, 2) if a & b), None):
        found = [piece for piece in found if piece not in merged] + [merged[0] | merged[1]]
    return found


def pieces(rows) -> list[set]:
    rest = set(REGIONS) - set(rows)
    return [{group} for group in rows] + ([rest] if rest else [])


def small_steps(groups, story, shown) -> list:
    """Every step of one to nine people that two shown tables let somebody follow."""
    found = []
    for (one, before), (other, now) in combinations(shown, 2):
        changes = list(zip(groups, story[one], story[other], strict=True))
        for block in told_apart(pieces(before.singles), pieces(now.singles)):
            came_and_went = sum(group in block and bool(old) != bool(new) for group, old, new in changes)
            if block != set(REGIONS) and 0 < came_and_went < LEAST:
                found.append((one, other, block))
        if not (before.classes and now.classes):
            continue
        runs = told_apart([set(run) for run in before.classes], [set(run) for run in now.classes])
        for block, run in product(told_apart(pieces(before.counted), pieces(now.counted)), runs):
            moved = sum(group in block and (old in run) != (new in run) for group, old, new in changes)
            if block != set(REGIONS) and 0 < moved < LEAST:
                found.append((one, other, block, run))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_no_two_nights_differ_by_one_to_nine_people_in_anything_that_can_be_followed(seed):
    groups, story = nights(seed)
    shown = shown_through(groups, story)
    assert len(shown) > 1
    assert small_steps(groups, story, shown) == []


def test_tables_that_forget_the_earlier_ones_let_small_steps_be_followed():
    groups, story = nights(1)
    forgetful = [(night, table_of(cells_at(groups, now)).cut) for night, now in enumerate(story)]
    assert small_steps(groups, story, forgetful) != []
