"""The portal at one size: its database, its server, and what the measurements need to know of its data."""

import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from script.benchmark import machinery


@dataclass
class Options:
    """How to measure: seconds of one measurement, and interleaved runs, of which the median counts."""

    seconds: int
    runs: int


@dataclass
class Site:
    """The portal with `size` comments, running at `address`."""

    size: int
    settings: dict[str, str]
    address: str
    options: Options

    @cached_property
    def people(self) -> dict:
        """Signed-in people and what else `script.benchmark.people` tells."""
        return json.loads(machinery.output_of(self.settings, "script.benchmark.people"))

    @property
    def hot(self) -> str:
        """The address of the measure with the most comments, without the host."""
        return f"en/measures/{self.people['measure']}/"


def begin(running: ExitStack, server: str, size: int, folder: Path, options: Options) -> Site:
    """The portal with `size` comments on `server`; a database that is there already is only migrated."""
    name = f"bench_{size}"
    port = machinery.free_port()
    settings = machinery.environment(f"{server}/{name}", port, folder / f"dumps-{size}")
    if machinery.is_whole(server, name):
        machinery.manage(settings, "migrate", "--verbosity", "0")
    else:
        machinery.new_database(server, name)
        fill(settings, size)
        machinery.mark_whole(server, name)
    machinery.manage(settings, "collectstatic", "--noinput", "--verbosity", "0")
    return Site(size, settings, running.enter_context(machinery.web_server(settings, port)), options)


def fill(settings: dict[str, str], size: int) -> None:
    """The shipped programme and a demo consultation of `size` comments."""
    print(f"Making {size:,} comments; kept databases are used again (--keep).", file=sys.stderr)
    participants = str(max(50, size // 10))
    machinery.manage(settings, "migrate", "--verbosity", "0")
    machinery.manage(settings, "load_regions")
    machinery.manage(settings, "load_rules")
    machinery.manage(settings, "load_programme", "principles/data/fair-kazakhstan.yaml")
    amounts = ["--participants", participants, "--comments", str(size), "--ratings", str(size * 5), "--seed", "1"]
    machinery.manage(settings, "make_demo", *amounts)
