"""What a table of results by group may show, so that nobody's answer can be worked out from it.

People are parted by group (a region, a band of age, …) and by value. A table shows groups with a row of their own,
and all other groups together; of some rows also counts per class of values, such as 1-2, 3, 4-5, the same classes for
all of them. Groups without a row are never told apart, and values of one class neither: instead of blacking cells
out, a table is coarse enough that everything that follows from it, and from the tallies beside it, is about ten
people or more. `docs/decisions` has the proof; `tests/test_breakdown_attacks.py` tries to break it.

Over time, two tables of different nights are compared with each other: what both let somebody tell apart (the join
of both partitions) may differ by nobody or by at least ten people. That holds against every table shown before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from feedback.ledger.releases import GROUP as LEAST

VALUES = (1, 2, 3, 4, 5)
ABSENT = 0
Classes = tuple[tuple[int, ...], ...]
# From fine to coarse.
CLASSES: tuple[Classes, ...] = (((1,), (2,), (3,), (4,), (5,)), ((1, 2), (3,), (4, 5)), ((1, 2, 3), (4, 5)))
STEADY = 1.25  # how much more the classes of the last table count than new ones
# group → (value before, value now) → how many people moved so; 0 is "not in it".
Moves = Mapping[str, Mapping[tuple[int, int], int]]


@dataclass(frozen=True)
class Cut:
    """What a table lets one tell apart: groups with a row, those of them with counts, and the classes of values."""

    singles: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    classes: Classes = ()


@dataclass(frozen=True)
class Table:
    """A table that may be shown. `rows` is group → (people, people per class or None).

    `rest` are the people of all groups without a row, `rest_counts` per class those of all groups without counts;
    None each where there are none.
    """

    cut: Cut
    rows: dict[str, tuple[int, list[int] | None]] = field(default_factory=dict)
    rest: int | None = None
    rest_counts: list[int] | None = None


def table_of(cells: Mapping[str, Sequence[int]], past: Sequence[tuple[Cut, Moves]] = ()) -> Table:
    """The table of `cells` (group → people per value 1-5) that shows most.

    `past` are the tables shown before, the latest last, each with how people moved from then to now.
    """
    people = {group: sum(counts) for group, counts in cells.items() if sum(counts)}
    singles = _singles(people, past)
    best, found = 0.0, Cut(singles)
    for classes in CLASSES:
        counted = _counted(cells, people, singles, classes, past)
        filled = sum(any(cells[group][value - 1] for group in people for value in run) for run in classes)
        steady = STEADY if past and past[-1][0].classes == classes else 1
        if (score := len(counted) * (filled - 1) ** 0.5 * steady) > best:
            best, found = score, Cut(singles, counted, classes)
    without_row = [group for group in people if group not in found.singles]
    without_counts = [group for group in people if group not in found.counted]
    return Table(
        cut=found,
        rows={
            group: (people[group], by_class(cells[group], found.classes) if group in found.counted else None)
            for group in sorted(found.singles)
        },
        rest=sum(people[group] for group in without_row) if found.singles and without_row else None,
        rest_counts=by_class(_together(cells, without_counts), found.classes)
        if found.classes and without_counts
        else None,
    )


def by_class(counts: Sequence[int], classes: Classes) -> list[int]:
    return [sum(counts[value - 1] for value in run) for run in classes]


def _together(cells: Mapping[str, Sequence[int]], groups: Iterable[str]) -> list[int]:
    return [sum(column) for column in zip(*(cells[group] for group in groups), strict=True)] or [0] * 5


def _singles(people: Mapping[str, int], past: Sequence[tuple[Cut, Moves]]) -> frozenset[str]:
    """The groups that get a row: ten people or more in each, none or ten in all others, and no small step in time."""
    singles = {group for group, number in people.items() if number >= LEAST}
    while singles:
        if 0 < sum(number for group, number in people.items() if group not in singles) < LEAST:
            singles.remove(min(singles, key=lambda group: (people[group], group)))
            continue
        fault = next(
            (
                (block, moves)
                for cut, moves in past
                for block in _blocks({*people, *moves}, cut.singles, singles)
                if 0 < _came_and_went(moves, block) < LEAST
            ),
            None,
        )
        if fault is None:
            break
        _pool(singles, *fault, people)
    # Where everybody is of one group, the tally's own small counts would be that group's.
    return frozenset(singles) if singles != set(people) or len(people) > 1 else frozenset()


def _counted(cells, people, singles: frozenset[str], classes: Classes, past) -> frozenset[str]:
    """The groups that get counts by `classes`: as `_singles`, for each cell of group and class."""
    empty = [sum(cells[group][value - 1] for group in people for value in run) == 0 for run in classes]

    def shows(counts: Sequence[int]) -> bool:
        # A class that nobody at all chose is empty everywhere, which the tally says too.
        return all(number >= LEAST or none for number, none in zip(by_class(counts, classes), empty, strict=True))

    counted = {group for group in singles if shows(cells[group])}
    while counted:
        rest = [group for group in people if group not in counted]
        if rest and not shows(_together(cells, rest)):
            counted.remove(min(counted, key=lambda group: (people[group], group)))
            continue
        fault = next(
            (
                (block, moves)
                for cut, moves in past
                if cut.classes
                for run in _joined(cut.classes, classes)
                for block in _blocks({*people, *moves}, cut.counted, counted)
                if 0 < _in_and_out(moves, block, run) < LEAST
            ),
            None,
        )
        if fault is None:
            break
        _pool(counted, *fault, people)
    return frozenset(counted)


def _pool(singles: set[str], block: frozenset[str], moves: Moves, people: Mapping[str, int]) -> None:
    """Take a row away so that `block`, in which too few people moved, becomes part of a larger one."""
    inside = singles & block
    moving = {group for group in singles - block if any(moves.get(group, {}).values())}
    singles.remove(min(inside or moving or singles, key=lambda group: (people[group], group)))


def _blocks(groups: Iterable[str], before: Iterable[str], now: Iterable[str]) -> list[frozenset[str]]:
    """The join of two partitions into rows and a rest: what both together let one follow through time.

    All groups in one block are left out: how many people they are in all is what the tally says anyway.
    """
    groups = frozenset(groups)
    rest_before, rest_now = groups - frozenset(before), groups - frozenset(now)
    rests = [rest_before | rest_now] if rest_before & rest_now else [rest_before, rest_now]
    pooled = rest_before | rest_now
    blocks = [frozenset({group}) for group in sorted(groups - pooled)] + [rest for rest in rests if rest]
    return [block for block in blocks if block != groups]


def _joined(before: Classes, now: Classes) -> list[tuple[int, ...]]:
    """The join of two partitions of the values into runs: both break between two values, or neither counts."""
    ends = {run[-1] for run in before} & {run[-1] for run in now}
    runs, run = [], []
    for value in VALUES:
        run.append(value)
        if value in ends:
            runs.append(tuple(run))
            run = []
    return runs


def _came_and_went(moves: Moves, block: Iterable[str]) -> int:
    """How many people of a block were in it at one of both times alone."""
    return sum(
        number
        for group in block
        for (before, now), number in moves.get(group, {}).items()
        if (before == ABSENT) != (now == ABSENT)
    )


def _in_and_out(moves: Moves, block: Iterable[str], run: Sequence[int]) -> int:
    """How many people of a block had a value of `run` at one of both times alone."""
    return sum(
        number
        for group in block
        for (before, now), number in moves.get(group, {}).items()
        if (before in run) != (now in run)
    )
