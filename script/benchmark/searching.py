"""How long the search for comments takes: `python -m script.benchmark.searching` on the database of the settings.

Writes JSON to standard output: for each kind of query, the seconds that 95 of 100 searches take at most,
summed over its queries.
"""

import json
import statistics
import sys
import time

import django

django.setup()

from feedback.search.comments import search_comments  # noqa: E402
from feedback.search.query import Query, parse  # noqa: E402

RUNS = 40
# Words of the demo's own phrases. A rare one is in one or two of a thousand comments, a frequent one in 4 to 14 of
# a hundred.
QUERIES = {
    "a rare word": ("газетінде", "бабушка", "kindergarten"),
    "a frequent word": ("мәселе", "сроки", "people"),
    "a word with a typo": ("мәсле", "шкоал", "vilage"),
    "two words": ("ауыл мектеп", "школа учитель", "village school"),
}


def main() -> None:
    queries = {kind: [parse(text) for text in texts] for kind, texts in QUERIES.items()}
    json.dump({kind: sum(map(seconds, each)) for kind, each in queries.items()}, sys.stdout)


def seconds(query: Query) -> float:
    """The 95th percentile of some searches, after one that fills what a server's process remembers."""
    search_comments(query)
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        search_comments(query)
        took.append(time.perf_counter() - began)
    return statistics.quantiles(took, n=20)[-1]


if __name__ == "__main__":
    main()
