"""The search: the same queries among all comments and among a hundredth of them."""

import json
from urllib.parse import quote

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import row

QUERIES_PER_KIND = 3
# At most twice the time that 95 of 100 searches need. Among a million comments a frequent word is in many more than the
# 1,000 that are ranked, among 10,000 in 300 to 1,300.
TWICE = 0.5
KINDS = ("a rare word", "a frequent word", "a word with a typo", "two words")
PAGE = f"ru/search/?q={quote('школы')}"


def rows(large: Site, small: Site) -> list[dict]:
    runs: dict[str, list] = {"large": [], "small": []}
    pages: dict[str, list] = {"large": [], "small": []}
    for _ in range(large.options.runs):
        for name, site in (("large", large), ("small", small)):
            runs[name].append(json.loads(machinery.output_of(site.settings, "script.benchmark.searching")))
            pages[name].append(1 / machinery.median_seconds(f"{site.address}/{PAGE}", seconds=site.options.seconds))
    kinds = [
        row(
            f"search for {kind}",
            large.size,
            *([QUERIES_PER_KIND / took[kind] for took in runs[name]] for name in ("large", "small")),
            unit="searches/s",
            bar=TWICE,
        )
        for kind in KINDS
    ]
    return [*kinds, row("search page, one reader", large.size, *pages.values(), unit="pages/s", bar=TWICE)]
