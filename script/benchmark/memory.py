"""How much memory a web worker takes after many requests, beside what it took after the first thousand."""

import os
import subprocess
import tempfile
from pathlib import Path

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import row

SAME = 0.909  # at most 1.1 times as much
FEW, MANY = 1_000, 100_000
# Mostly the hot page; every twentieth request another one, many of them made anew.
LUA = """
local others = {{ {others} }}
local n = 0
request = function()
  n = n + 1
  if n % 20 == 0 then return wrk.format("GET", others[math.floor(n / 20) % #others + 1]) end
  return wrk.format("GET", "/{hot}")
end
"""


def rows(site: Site) -> list[dict]:
    port = machinery.free_port()
    with machinery.web_server(site.settings, port, workers=1) as address, tempfile.TemporaryDirectory() as folder:
        others = ["/en/", "/kk/", "/ru/", "/en/moderation/", "/api/v1/tallies/", "/api/v1/comments/"]
        others += [
            f"/{site.hot.replace('en/', f'{language}/', 1)}?sort={sort}"
            for language in ("kk", "ru")
            for sort in ("agreed", "sides")
        ]
        lua = Path(folder) / "mix.lua"
        quoted = ", ".join(f'"{each}"' for each in others)
        lua.write_text(LUA.format(others=quoted, hot=site.hot), encoding="utf-8")
        sent = 0.0
        before = None
        while sent < MANY:
            seconds = 1 if before is None else 10
            sent += machinery.requests_per_second(f"{address}/", seconds=seconds, script=lua) * seconds
            if before is None and sent >= FEW:
                before = megabytes(port)
        return [
            row(
                f"memory of a worker after {MANY:,} requests",
                site.size,
                [megabytes(port)],
                [before],
                unit="MB",
                bar=SAME,
            )
        ]


def megabytes(port: int) -> float:
    """Resident memory of the workers whose command names `port`, the largest of the processes."""
    listed = subprocess.run(["ps", "-eo", "rss,args"], check=True, capture_output=True, text=True).stdout
    found = [int(line.split()[0]) for line in listed.splitlines() if f"--port {port} " in line]
    return max(found) * os.sysconf("SC_PAGESIZE") / 4096 / 1024
