"""The bank of names, phrases and places that demo data is put together from (`feedback/data/demo.yaml`)."""

import random
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "data" / "demo.yaml"


@cache
def load_bank() -> dict:
    """The bank as the file has it: regions, names, fillers, phrases, areas, unfit, held, explanation, report_note."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def stream(*names: str | int) -> random.Random:
    """A source of chance of its own for each purpose, so that one purpose's draws never move another's."""
    return random.Random("/".join(map(str, names)))  # noqa: S311 - repeatable on purpose
