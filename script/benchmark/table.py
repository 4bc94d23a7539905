"""Rows of the benchmark's table: each a value, the limit beside it, their ratio, and the bar that it must reach."""

import statistics
from collections.abc import Callable


def row(work: str, size: int, values: list[float], limits: list[float], *, unit: str, bar: float) -> dict:
    """One row: the medians of interleaved runs. The ratio is the better the higher it is, 1 being as good as the
    limit: value / limit where more is better, limit / value (`unit` in seconds, ms, MB) where less is."""
    value, limit = statistics.median(values), statistics.median(limits)
    less = unit in {"s", "ms", "MB"}
    ratio = (limit / value if less else value / limit) if value and limit else float(value >= limit)
    digits = 3 if unit == "s" else 1
    return {
        "work": work,
        "size": size,
        "value": round(value, digits),
        "unit": unit,
        "limit": round(limit, digits),
        "ratio": round(ratio, 3),
        "bar": bar,
    }


def beside(measure: Callable[[], float], limit: Callable[[], float], runs: int) -> tuple[list[float], list[float]]:
    """Values and limits, measured in turn; one of each before is thrown away, to warm up."""
    pairs = [(measure(), limit()) for _ in range(runs + 1)][1:]
    return [value for value, _ in pairs], [limit for _, limit in pairs]


def print_table(rows: list[dict]) -> None:
    print(f"{'work':<52} {'size':>9} {'value':>10} {'limit':>10} {'ratio':>6} {'bar':>5}")
    for each in rows:
        mark = "" if each["ratio"] >= each["bar"] else "  MISSED"
        print(
            f"{each['work']:<52} {each['size']:>9,} {each['value']:>10,} {each['limit']:>10,} "
            f"{each['ratio']:>6.2f} {each['bar']:>5.2f} {each['unit']}{mark}"
        )
