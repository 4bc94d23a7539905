"""Pages: for everybody, unchanged, and for somebody who is signed in; and how soon a comment is on them."""

import sys
import time

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import beside, row

# What each page is measured beside, and the bar.
ANONYMOUS, UNCHANGED, SIGNED_IN = 0.7, 0.7, 0.4
SOON = 2.0  # seconds until a comment is on everybody's page


def rows(site: Site) -> list[dict]:
    pages = {"measure page": site.hot, "front page": "en/", "results page": "en/results/"}
    found = {name: address for name, address in pages.items() if exists(site, address)}
    table = [from_memory(site, name, address) for name, address in found.items()]
    return [*table, unchanged(site), signed_in(site), freshness(site)]


def exists(site: Site, address: str) -> bool:
    return machinery.get(f"{site.address}/{address}")[0] == 200


def from_memory(site: Site, name: str, address: str) -> dict:
    return rates(site, f"{name}, anonymous", address, f"limit/page/{address}", ANONYMOUS)


def unchanged(site: Site) -> dict:
    """The measure's page with If-None-Match."""
    etag = machinery.get(f"{site.address}/{site.hot}")[1]["etag"]
    limit = f"limit/unchanged/{site.hot}"
    for address, held in ((site.hot, etag), (limit, '"limit"')):
        if machinery.get(f"{site.address}/{address}", If_None_Match=held)[0] != 304:
            sys.exit(f"{address} does not answer 304.")

    def rate(address: str, held: str):
        url = f"{site.address}/{address}"
        return lambda: machinery.requests_per_second(url, seconds=site.options.seconds, If_None_Match=held)

    values, limits = beside(rate(site.hot, etag), rate(limit, '"limit"'), site.options.runs)
    return row("measure page, If-None-Match", site.size, values, limits, unit="answers/s", bar=UNCHANGED)


def signed_in(site: Site) -> dict:
    cookie = site.people["people"][0]["cookie"]
    return rates(site, "measure page, signed in", site.hot, f"limit/signed-in/{site.hot}", SIGNED_IN, Cookie=cookie)


def rates(site: Site, work: str, address: str, limit: str, bar: float, **headers) -> dict:
    """One row: answers a second at both addresses, each asked once before."""
    for each in (address, limit):
        if machinery.get(f"{site.address}/{each}", **headers)[0] != 200:
            sys.exit(f"{each} does not answer.")

    def rate(each: str):
        url = f"{site.address}/{each}"
        return lambda: machinery.requests_per_second(url, seconds=site.options.seconds, **headers)

    values, limits = beside(rate(address), rate(limit), site.options.runs)
    return row(work, site.size, values, limits, unit="answers/s", bar=bar)


def freshness(site: Site) -> dict:
    """Seconds until a comment by somebody is on the page that others load; it must be on their own at once."""
    took = []
    for number in range(site.options.runs):
        person = site.people["people"][number]
        words = f"Said at {time.time_ns()}"
        machinery.get(f"{site.address}/{site.hot}")
        fields = {"text": words, "language": "en", "stance": "for", "edition": site.people["edition"]}
        began = time.perf_counter()
        status = machinery.post(f"{site.address}/{site.hot}comments/", person, **fields)
        if status != 302 or words not in page(site, Cookie=person["cookie"]):
            sys.exit(f"A comment was answered with {status}, or is not on its writer's page.")
        while words not in page(site):
            time.sleep(0.02)
        took.append(time.perf_counter() - began)
    return row("comment on others' page after", site.size, took, [SOON], unit="s", bar=1)


def page(site: Site, **headers) -> str:
    return machinery.get(f"{site.address}/{site.hot}", **headers)[2].decode()
