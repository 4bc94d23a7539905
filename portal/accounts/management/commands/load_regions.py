"""manage.py load_regions [FILE]: the regions that people may name as theirs."""

from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.models import Region

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "regions.yaml"
LANGUAGES = ("kk", "ru", "en")


class Command(BaseCommand):
    help = "Loads a country's regions in three languages; loading again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *, file, **options):
        country, rows = read(file)
        with transaction.atomic():
            for order, row in enumerate(rows):
                names = {f"name_{language}": row[language] for language in LANGUAGES}
                Region.objects.update_or_create(
                    country=country, code=row["code"], defaults={"kind": row["kind"], "order": order, **names}
                )
        if options["verbosity"]:
            self.stdout.write(f"{len(rows)} regions of {country} are loaded.")


def read(file):
    """Country and rows of a file of regions; a `CommandError` that names the first fault."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CommandError(f"{file} cannot be read: {fault}") from None
    if not isinstance(content, dict) or not isinstance(content.get("regions"), list):
        raise CommandError(f"{file}: expected `country` and a list of `regions`.")
    if not (isinstance(content.get("country"), str) and len(content["country"]) == 2):
        raise CommandError(f"{file}: `country` is not a two-letter code.")
    codes = set()
    for row in content["regions"]:
        for key in ("code", "kind", *LANGUAGES):
            if not (isinstance(row, dict) and isinstance(row.get(key), str) and row[key].strip()):
                raise CommandError(f"{file}: {row!r} has no text for `{key}`.")
        if row["kind"] not in dict(Region._meta.get_field("kind").choices):
            raise CommandError(f"{file}: {row['code']} is of an unknown kind: {row['kind']}.")
        if row["code"] in codes:
            raise CommandError(f"{file}: {row['code']} is there twice.")
        codes.add(row["code"])
    return content["country"], content["regions"]
