from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from feedback.safekeeping.replay import replay_erasures


class Command(BaseCommand):
    help = (
        "After a restore: delete every account that the journal of erasures names and is there again; end all sessions."
    )

    def add_arguments(self, parser):
        parser.add_argument("journal", type=Path, nargs="?", help="ERASURES_FILE unless said")

    def handle(self, *, journal, **options):
        erased, missing = replay_erasures(journal)
        if missing:
            raise CommandError("There is no such journal.")
        self.stdout.write(f"Erased once more: {erased} accounts.")
