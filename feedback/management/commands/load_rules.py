from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError

from feedback.actions.refusals import Refused
from feedback.actions.rules import set_rules

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "rules.yaml"


class Command(BaseCommand):
    help = "Load the rules of participation; loading again changes nothing, and those that staff wrote stay theirs."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *, file, **options):
        try:
            wordings = yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
            changed = set_rules(wordings)
        except (OSError, ValueError, KeyError, TypeError, Refused, yaml.YAMLError) as fault:
            raise CommandError(f"{file}: {fault!r}") from None
        self.stdout.write(f"Rules of participation: {len(wordings)}, changed: {changed}.")
