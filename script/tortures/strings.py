"""Every string of the lists in every text field of pages, of the administration and of the API; takes hours.

The lists are what NAUGHTY_LISTS names (tests/naughty.py); NAUGHTY_DATA names files of Unicode's: confusables.txt,
BidiCharacterTest.txt, BidiMirroring.txt. Without them the strings are our own.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from script.tortures.machinery import ROOT, Figure

WORKERS = 2
SHARES = 6  # of the forms; a worker that begins one holds another, which nobody takes from it
TESTS = "tests/test_security_every_string.py"


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: all strings; else so large a share of them, evenly over the lists."""
    with tempfile.TemporaryDirectory(prefix="portal-strings-") as folder:
        settings = {"STRING_SHARES": str(SHARES), "STRING_REPORT": folder, "STRING_EACH": str(max(1, round(1 / size)))}
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(WORKERS), "--maxschedchunk", "1", TESTS]
        ended = subprocess.run(command, cwd=ROOT, env=os.environ | settings).returncode
        reports = [json.loads(path.read_text(encoding="utf-8")) for path in Path(folder).iterdir()]
    return rows(reports, ended)


def rows(reports: list[dict], ended: int) -> list[Figure]:
    counts, elsewhere = Counter(), Counter()
    faults = {}
    for report in reports:
        counts.update(report["counts"])
        elsewhere.update(report["elsewhere"])
        faults |= report["faults"]
    strings = f"{max((each['words'] for each in reports), default=0)} and {max(each['data'] for each in reports)}"
    fields = f"{counts['fields']}, {counts['free fields']} of free words, {counts['requests']} requests"
    taken = f"{counts['stored']} stored as normalised, {counts['refused']} refused"
    return [
        Figure("strings of the lists, and of Unicode's data", strings, "for information", True),
        Figure("text fields, once for each kind of form", fields, "for information", True),
        Figure("strings in fields of free words", taken, "each one or the other", not elsewhere),
        Figure("in numbers, dates, codes, addresses", counts["to other fields"], "for information", True),
        Figure("5xx, executed, or kept otherwise", ", ".join(faults) or 0, "0", not faults and ended == 0),
    ]
