"""What people type finds what they mean: pairs over three languages, written from the programme's own vocabulary."""

from pathlib import Path

import pytest
import yaml

from feedback.search.comments import search_comments
from feedback.search.measures import search_measures
from feedback.search.query import parse
from principles.models import Measure
from tests.builders import make_comment, make_participant
from tests.programme_builders import load_fair_kazakhstan

DATA = yaml.safe_load((Path(__file__).parent / "data" / "search_pairs.yaml").read_text(encoding="utf-8"))
PAIRS = [
    (group, kind, str(query), expected)
    for group, kinds in DATA["pairs"].items()
    for kind, pairs in kinds.items()
    for query, expected in pairs
]
AMONG_THE_FIRST = 5
RIGHT = 0.95


def first_ones(kind: str, query: str, names: dict) -> list[str]:
    """Names of the first results, as the page shows them."""
    parsed = parse(query)
    measures = search_measures(parsed, Measure.objects.in_force())
    if kind == "measures":
        return [names[hit.pk] for hit in measures.hits[:AMONG_THE_FIRST]]
    found = search_comments(parsed, meant=measures.meant)
    return [names[comment.pk] for comment in found.comments[:AMONG_THE_FIRST]]


@pytest.mark.django_db
def test_at_least_95_percent_of_the_pairs_are_among_the_first_five():
    load_fair_kazakhstan()
    names = {measure.pk: measure.slug for measure in Measure.objects.all()}
    author = make_participant()
    for name, comment in DATA["comments"].items():
        measure = Measure.objects.get(slug=comment["measure"])
        made = make_comment(measure, by=author, text=comment["text"], language=comment["language"])
        names[made.pk] = name
    misses = []
    for group, kind, query, expected in PAIRS:
        found = first_ones(kind, query, names)
        if expected not in found:
            misses.append(f"{group} ({kind}): {query!r} should find {expected}, found {found}")
    right = 1 - len(misses) / len(PAIRS)
    print(f"{len(PAIRS)} pairs, {right:.1%} right", *misses, sep="\n")  # noqa: T201 - the misses are the result
    assert right >= RIGHT


def test_the_pairs_are_many_and_differ():
    assert len(PAIRS) >= 120
    assert len({(kind, query) for _group, kind, query, _expected in PAIRS}) == len(PAIRS)
