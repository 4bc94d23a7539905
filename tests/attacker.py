"""Somebody who knows every published number and solves the equations: exact linear programming in fractions."""

from collections.abc import Sequence
from fractions import Fraction


def bounds(equations: Sequence[tuple[Sequence[int], int]], wanted: Sequence[int]) -> tuple[Fraction, Fraction]:
    """The least and the greatest value that `wanted` · x can have, given the equations (row · x = number) and x ≥ 0."""
    tableau, basis = _feasible(equations, len(wanted))
    low = -_greatest(tableau, basis, [-Fraction(weight) for weight in wanted])
    high = _greatest(tableau, basis, [Fraction(weight) for weight in wanted])
    return low, high


def _feasible(equations, size: int) -> tuple[list[list[Fraction]], list[int]]:
    """A tableau (rows end in their right side) in which some x ≥ 0 that solves all equations is the basis."""
    count = len(equations)
    rows = [
        [*map(Fraction, row), *(Fraction(place == other) for other in range(count)), Fraction(number)]
        for place, (row, number) in enumerate(equations)
    ]
    basis = [size + place for place in range(count)]
    _climb(rows, basis, [Fraction(0)] * size + [Fraction(-1)] * count)
    assert all(rows[place][-1] == 0 for place, column in enumerate(basis) if column >= size), "no solution"
    for place in range(count):  # an artificial column that is still in the basis leaves it, or its row says nothing
        if basis[place] >= size:
            column = next((column for column in range(size) if rows[place][column]), None)
            if column is not None:
                _pivot(rows, basis, place, column)
    kept = [place for place in range(count) if basis[place] < size]
    return [rows[place][:size] + rows[place][-1:] for place in kept], [basis[place] for place in kept]


def _greatest(tableau, basis, weights: list[Fraction]) -> Fraction:
    rows, columns = [row[:] for row in tableau], basis[:]
    _climb(rows, columns, weights)
    return sum((weights[column] * row[-1] for column, row in zip(columns, rows, strict=True)), Fraction(0))


def _climb(rows, basis, weights: list[Fraction]) -> None:
    """Simplex with Bland's rule, which never goes round in circles."""
    while True:
        gains = (
            weights[column]
            - sum(weights[own] * row[column] for own, row in zip(basis, rows, strict=True) if row[column])
            for column in range(len(weights))
        )
        column = next((column for column, gain in enumerate(gains) if gain > 0), None)
        if column is None:
            return
        steps = [(row[-1] / row[column], basis[place], place) for place, row in enumerate(rows) if row[column] > 0]
        _pivot(rows, basis, min(steps)[2], column)


def _pivot(rows, basis, place: int, column: int) -> None:
    factor = rows[place][column]
    rows[place] = [number / factor for number in rows[place]]
    for other, row in enumerate(rows):
        if other != place and row[column]:
            times = row[column]
            rows[other] = [number - times * own for number, own in zip(row, rows[place], strict=True)]
    basis[place] = column
