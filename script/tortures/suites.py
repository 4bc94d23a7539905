"""Tests of the suite at full size: racing decisions, strange requests, a doctored ledger, a killed sequencer, naughty
strings."""

import os
import subprocess
import sys

from script.tortures.machinery import ROOT, Figure


def figures(size: float = 1.0) -> list[Figure]:
    """A row for each; the naughty strings are our own and those of the lists that NAUGHTY_LISTS names."""
    runs = [
        ("pairs of opposing decisions at once", "PAIRS", max(10, int(500 * size)), "tests/test_moderation_races.py"),
        ("strange requests per operation of the API", "EXAMPLES", max(15, int(200 * size)), "tests/test_api_schema.py"),
        ("entries of a doctored ledger", "LEDGER_ENTRIES", max(10_000, int(100_000 * size)), "tests/test_verifier.py"),
        ("kills of the sequencer at work", "KILLS", max(2, int(30 * size)), "tests/test_ledger_kills.py"),
        ("rounds of naughty strings", "NAUGHTY_ROUNDS", max(2, int(20 * size)), "tests/test_security_naughty.py"),
        ("rounds of them in Chromium", "CANARY_ROUNDS", max(1, int(4 * size)), "tests/browser/test_canaries.py"),
    ]
    return [_run(*run) for run in runs]


def _run(what: str, name: str, number: int, tests: str) -> Figure:
    command = [sys.executable, "-m", "pytest", "-q", tests]
    ended = subprocess.run(command, cwd=ROOT, env=os.environ | {name: str(number)}).returncode
    return Figure(f"{number} {what}: failures", "none" if ended == 0 else "some, above", "none", ended == 0)
