from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError

from feedback.actions.explanations import add_explanations
from feedback.actions.refusals import Refused
from feedback.actions.rules import set_rules

DATA = Path(__file__).resolve().parents[2] / "data"
SHIPPED, EXPLANATIONS = DATA / "rules.yaml", DATA / "explanations.yaml"


class Command(BaseCommand):
    help = (
        "Load the rules of participation, and texts that explain decisions to rules that have none. Loading again "
        "changes nothing, and what staff wrote stays theirs."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *, file, **options):
        try:
            wordings = yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
            changed = set_rules(wordings)
        except (OSError, ValueError, KeyError, TypeError, Refused, yaml.YAMLError) as fault:
            raise CommandError(f"{file}: {fault!r}") from None
        added = add_explanations(yaml.safe_load(EXPLANATIONS.read_text(encoding="utf-8"))["explanations"])
        self.stdout.write(f"Rules of participation: {len(wordings)}, changed: {changed}; explanations added: {added}.")
