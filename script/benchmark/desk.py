"""The staff's pages: as fast as among a hundredth of the comments, and without a scan of a table that grows."""

import json
from urllib.parse import quote

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import beside, row

SAME = 0.833  # at most 1.2 times the time
REQUESTS = 5  # of a run
DESK = "admin/moderation/"
LIST = "admin/feedback/comment/"
PAGES = {
    "desk": DESK,
    "desk, reported": f"{DESK}?reason=reported",
    "desk, by age": f"{DESK}?sort=oldest",
    "admin, comments": LIST,
    "admin, comments that wait": f"{LIST}?waits=moderation",
    "admin, hidden comments": f"{LIST}?state=hidden",
    "admin, comments far behind": LIST + "?after={row}",
    "admin, comments in Kazakh": f"{LIST}?language=kk",
    "admin, search for a word": f"{LIST}?q={quote('школы')}",
    "admin, decisions": "admin/feedback/decision/",
    "admin, ledger": "admin/feedback/ledgerentry/",
    "admin, people": "admin/accounts/user/",
}


def rows(large: Site, small: Site) -> list[dict]:
    table = [compared(name, address, large, small) for name, address in PAGES.items()]
    found = json.loads(
        machinery.output_of(large.settings, "script.benchmark.plans", *(of(each, large) for each in PAGES.values()))
    )
    for address, scans in found.items():
        for scan in scans:
            print(f"{address}: {scan}")
    number = sum(map(len, found.values()))
    return [*table, row("desk, scans of a growing table", large.size, [-number], [0], unit="", bar=1)]


def compared(name: str, address: str, large: Site, small: Site) -> dict:
    """How long one reader waits for the page, beside the same among fewer comments: one request here, one there, so
    that other work on the machine slows both."""

    def taken(site: Site):
        url, cookie = f"{site.address}/{of(address, site)}", site.people["staff"]["cookie"]
        return lambda: 1000 * machinery.median_seconds(url, seconds=0, least=1, Cookie=cookie)

    values, limits = beside(taken(large), taken(small), REQUESTS * large.options.runs)
    return row(name, large.size, values, limits, unit="ms", bar=SAME)


def of(address: str, site: Site) -> str:
    """The address with a row deep in the list of that site."""
    return address.replace("{row}", site.people["row"])
