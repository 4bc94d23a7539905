"""`script/torture [NAME…] [--size SHARE]`: run tortures and print each figure beside its bar."""

import argparse
import importlib
import pkgutil
import sys

from script import tortures

NOT_ONE = {"machinery", "crowd", "aims", "parameters", "unlimited", "__main__"}


def main() -> int:
    names = sorted(module.name for module in pkgutil.iter_modules(tortures.__path__) if module.name not in NOT_ONE)
    parser = argparse.ArgumentParser(prog="script/torture", description="Run what takes minutes to hold.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ({', '.join(names)}); all unless said")
    parser.add_argument("--size", type=float, default=1.0, help="share of the full size, such as 0.1")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(names):
        parser.error(f"no such torture: {', '.join(sorted(unknown))}")
    failed = False
    for name in asked.names or names:
        for figure in importlib.import_module(f"script.tortures.{name}").figures(asked.size):
            failed |= not figure.holds
            mark = "holds" if figure.holds else "FAILS"
            print(f"{mark}  {name:<12} {figure.what:<58} {figure.value!s:<30} bar: {figure.bar}", flush=True)
    return int(failed)


sys.exit(main())
