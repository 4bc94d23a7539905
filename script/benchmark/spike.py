"""A spike: ten times the clients that keep the portal busy, 95% reading, 4% rating, 1% commenting. It may turn people
away, with 503 and Retry-After, but not fail; reading goes on, and afterwards everything answers again."""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from script.benchmark import machinery
from script.benchmark.site import Site
from script.benchmark.table import row

CLIENTS = 160  # ten times those of the other measurements, all of them asking again as soon as they are answered
LENGTHS = 24  # of one measurement
RECOVERED = 30.0  # seconds after the end within which a page made anew and a write succeed again
LUA = """
local people = { %s }
local reads = { %s }
local n, threads = 0, {}
answered, refused, failed, silent = 0, 0, 0, 0
setup = function(thread) table.insert(threads, thread) end
request = function()
  n = n + 1
  local turn = n %% 100
  if turn < 95 then return wrk.format("GET", turn < 70 and reads[1] or reads[n %% #reads + 1]) end
  local person = people[n %% #people + 1]
  local headers = { ["Cookie"] = person[1], ["Content-Type"] = "application/x-www-form-urlencoded" }
  local body = "csrfmiddlewaretoken=" .. person[2] .. "&edition=%d&"
  if turn < 99 then return wrk.format("POST", "%s", headers, body .. "value=" .. (n %% 5 + 1)) end
  return wrk.format("POST", "%s", headers, body .. "language=en&stance=for&text=What+a+crowd+" .. n)
end
response = function(status, headers)
  if status < 500 then answered = answered + 1
  elseif status ~= 503 then failed = failed + 1
  elseif headers["retry-after"] or headers["Retry-After"] then refused = refused + 1
  else silent = silent + 1 end
end
done = function(summary)
  for _, thread in ipairs(threads) do
    print(string.format("ANSWERED %%d REFUSED %%d FAILED %%d SILENT %%d", thread:get("answered"), thread:get("refused"),
      thread:get("failed"), thread:get("silent")))
  end
end
"""


def rows(site: Site) -> list[dict]:
    facts = site.people
    hot = f"/{site.hot}"
    reads = [hot, "/kk/", "/ru/", hot.replace("/en/", "/kk/"), hot.replace("/en/", "/ru/"), "/en/moderation/"]
    reads += ["/api/v1/tallies/", "/api/v1/comments/", f"{hot}?sort=agreed"]
    lua = LUA % (
        ", ".join(f'{{"{person["cookie"]}", "{person["token"]}"}}' for person in facts["people"]),
        ", ".join(f'"{address}"' for address in reads),
        facts["edition"],
        f"{hot}ratings/{facts['question']}/",
        f"{hot}comments/",
    )
    seconds = LENGTHS * site.options.seconds
    with machinery.sequencer(site.settings), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spike.lua"
        path.write_text(lua, encoding="utf-8")
        command = [shutil.which("wrk"), "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "60s", "-s", str(path)]
        said = subprocess.run([*command, site.address], check=True, capture_output=True, text=True).stdout
        counts = {name: int(number) for name, number in re.findall(r"(ANSWERED|REFUSED|FAILED|SILENT) (\d+)", said)}
        after = recovery(site)
    everything = max(1, sum(counts.values()))
    bad = counts["FAILED"] + counts["SILENT"]
    return [
        row(f"spike of {seconds} s, 5xx but 503 with Retry-After", site.size, [-bad], [0], unit="", bar=1),
        row(
            "spike, answered of what was asked",
            site.size,
            [100 * counts["ANSWERED"] / everything],
            [100.0],
            unit="%",
            bar=0.9,
        ),
        row("spike, everything answers again after", site.size, [max(after, 0.001)], [RECOVERED], unit="s", bar=1),
    ]


def recovery(site: Site) -> float:
    """Seconds until a page made anew is there within a second, and a rating is taken."""
    began = time.perf_counter()
    person, value = site.people["people"][0], 1
    while time.perf_counter() - began < 120:
        asked = time.perf_counter()
        status = machinery.get(f"{site.address}/{site.hot}?sort=discussed", Cookie=person["cookie"])[0]
        quick = time.perf_counter() - asked < 1
        fields = {"edition": site.people["edition"], "value": value % 5 + 1}
        written = machinery.post(f"{site.address}/{site.hot}ratings/{site.people['question']}/", person, **fields)
        if (status, quick, written) == (200, True, 302):
            return time.perf_counter() - began
        value += 1
        time.sleep(0.2)
    return 120.0
