"""Known holes in the packages that the locks name. Needs the network: a package that cannot be asked about fails."""

import json
import subprocess
import sys

from script.tortures.machinery import ROOT, Figure

LOCKS = ("requirements.txt", "requirements-parquet.txt", "requirements-dev.txt")


def figures(size: float = 1.0) -> list[Figure]:
    return [_audit(lock) for lock in LOCKS]


def _audit(lock: str) -> Figure:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--format", "json", "-r", lock]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        packages = json.loads(ran.stdout)["dependencies"]
    except ValueError:
        said = (ran.stderr.strip().splitlines() or ["nothing"])[-1]
        return Figure(f"{lock}: known holes", f"not asked: {said[:80]}", "0", False)
    holes = [f"{each['name']} {hole['id']}" for each in packages for hole in each.get("vulns", [])]
    left_out = sum("skip_reason" in each for each in packages)
    value = f"{', '.join(holes) or 0}, {left_out} of {len(packages)} not asked about"
    return Figure(f"{lock}: known holes", value, "0, of all", not holes and not left_out)
