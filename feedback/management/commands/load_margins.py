"""manage.py load_margins FILE: how the population is made up, for weighted results."""

import datetime
from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError

from feedback.models import Margins
from feedback.results.groups import labels
from feedback.results.weighting import DIMENSIONS


class Command(BaseCommand):
    help = (
        "Load how the population is made up by region, year of birth and gender, with its source; see docs/results.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        values = read(file)
        Margins.objects.update_or_create(country=values.pop("country"), defaults=values)
        self.stdout.write("The margins are loaded; results are weighted with the next make_breakdowns.")


def read(file: Path) -> dict:
    """The fields of `Margins` from a file; a `CommandError` that names the first fault."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CommandError(f"{file} cannot be read: {fault}") from None
    if not isinstance(content, dict):
        raise CommandError(f"{file}: expected country, as_of, source, {', '.join(DIMENSIONS)}.")
    source = content.get("source")
    if not (isinstance(content.get("country"), str) and len(content["country"]) == 2):
        raise CommandError(f"{file}: country is not a two-letter code.")
    if not isinstance(content.get("as_of"), datetime.date):
        raise CommandError(f"{file}: as_of is not a date such as 2026-01-01.")
    if not (isinstance(source, dict) and isinstance(source.get("name"), str) and source["name"].strip()):
        raise CommandError(f"{file}: source has no name: nobody could check the figures.")
    return {
        "country": content["country"],
        "as_of": content["as_of"],
        "source_name": source["name"],
        "source_url": source.get("url") or "",
        "numbers": {dimension: _numbers(file, dimension, content.get(dimension)) for dimension in DIMENSIONS},
    }


def _numbers(file: Path, dimension: str, rows: object) -> dict[str, int]:
    known = [code for code in labels(dimension) if code]
    if not isinstance(rows, dict) or len(rows) < 2:
        raise CommandError(f"{file}: {dimension} is not a list of groups with their people.")
    for code, people in rows.items():
        if code not in known:
            raise CommandError(f"{file}: {dimension}: there is no group {code!r}; there are {', '.join(known)}.")
        if isinstance(people, bool) or not isinstance(people, int) or people < 1:
            raise CommandError(f"{file}: {dimension}: {code} has no whole number of people.")
    return rows
