"""Writes by eight clients at once: a rating, and a comment, each beside a bare view that runs the same SQL."""

import tempfile
from pathlib import Path

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import beside, row

RATE, COMMENT = 0.6, 0.5
CLIENTS = 8
# Who sends, in turn; no value comes twice in a row from one person, and no text twice at all.
HEAD = """
local people = { %s }
local n = 0
local words = { "water", "school", "road", "doctor", "village", "bridge", "teacher", "light", "garden", "train",
  "winter", "market", "forest", "letter", "river", "office" }
math.randomseed(%d)
local function text()
  local said = {}
  for i = 1, 24 do said[i] = words[math.random(#words)] end
  return table.concat(said, "+")
end
request = function()
  n = n + 1
  local person = people[n %% #people + 1]
  local headers = { ["Cookie"] = person[1], ["Content-Type"] = "application/x-www-form-urlencoded" }
  local body = "csrfmiddlewaretoken=" .. person[2] .. "&edition=%d&" .. %s
  return wrk.format("POST", nil, headers, body)
end
"""
RATING = '"value=" .. (math.floor(n / #people) % 5 + 1)'
TEXT = '"language=en&stance=for&text=" .. text()'


def rows(site: Site) -> list[dict]:
    rating = f"{site.hot}ratings/{site.people['question']}/"
    comment = f"{site.hot}comments/"
    with machinery.sequencer(site.settings), tempfile.TemporaryDirectory() as folder:
        return [
            posts(site, f"rate, {CLIENTS} clients", rating, script(site, RATING, Path(folder)), RATE),
            posts(site, f"comment, {CLIENTS} clients", comment, script(site, TEXT, Path(folder)), COMMENT),
        ]


def script(site: Site, fields: str, folder: Path) -> Path:
    """A script for wrk that sends `fields` (an expression in Lua) as one person after the other."""
    people = ", ".join(f'{{"{person["cookie"]}", "{person["token"]}"}}' for person in site.people["people"])
    path = folder / f"{abs(hash(fields))}.lua"
    path.write_text(HEAD % (people, site.size, site.people["edition"], fields), encoding="utf-8")
    return path


def posts(site: Site, work: str, address: str, lua: Path, bar: float) -> dict:
    def rate(each: str):
        url = f"{site.address}/{each}"
        return lambda: machinery.requests_per_second(url, seconds=site.options.seconds, clients=CLIENTS, script=lua)

    values, limits = beside(rate(address), rate(f"limit/write/{address}"), site.options.runs)
    return row(work, site.size, values, limits, unit="answers/s", bar=bar)
