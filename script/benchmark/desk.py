"""The staff's pages: as fast as among a hundredth of the comments, and without a scan of a table that grows."""

import json
from urllib.parse import quote

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import row

SAME = 0.833  # at most 1.2 times the time
DESK = "admin/moderation/"
LIST = "admin/feedback/comment/"
PAGES = {
    "desk": DESK,
    "desk, reported": f"{DESK}?reason=reported",
    "desk, by age": f"{DESK}?sort=oldest",
    "admin, comments": LIST,
    "admin, comments that wait": f"{LIST}?waits=moderation",
    "admin, hidden comments": f"{LIST}?state=hidden",
    "admin, comments far behind": LIST + "?p={page}",
    "admin, comments in Kazakh": f"{LIST}?language=kk",
    "admin, search for a word": f"{LIST}?q={quote('школы')}",
    "admin, decisions": "admin/feedback/decision/",
    "admin, ledger": "admin/feedback/ledgerentry/",
    "admin, people": "admin/accounts/user/",
}


def rows(large: Site, small: Site) -> list[dict]:
    page = min(100, max(1, small.size // 50 - 10))
    pages = {name: address.replace("{page}", str(page)) for name, address in PAGES.items()}
    table = [compared(name, address, large, small) for name, address in pages.items()]
    found = json.loads(machinery.output_of(large.settings, "script.benchmark.plans", *pages.values()))
    for address, scans in found.items():
        for scan in scans:
            print(f"{address}: {scan}")
    number = sum(map(len, found.values()))
    return [*table, row("desk, scans of a growing table", large.size, [-number], [0], unit="", bar=1)]


def compared(name: str, address: str, large: Site, small: Site) -> dict:
    """How long one reader waits for the page, by the median, beside the same among fewer comments."""
    took: dict[Site, list[float]] = {"large": [], "small": []}
    for _ in range(large.options.runs):
        for size, site in (("large", large), ("small", small)):
            cookie = site.people["staff"]["cookie"]
            took[size].append(1000 * machinery.median_seconds(f"{site.address}/{address}", seconds=1, Cookie=cookie))
    return row(name, large.size, took["large"], took["small"], unit="ms", bar=SAME)
