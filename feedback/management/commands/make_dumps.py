import os
import time

from django.core.management.base import BaseCommand, CommandError

from feedback.dumps import shelf
from feedback.dumps.clearing import clear_all
from feedback.dumps.making import make_dump
from feedback.management.progress import Progress
from feedback.models import Comment

KEEP = 30


class Command(BaseCommand):
    help = (
        "Make a dump of the open data in DUMPS_DIR: CSV, JSON Lines and, where pyarrow is installed, Parquet, with "
        "data dictionary and checksums. Then take what was taken back since out of the kept dumps, and remove the "
        "oldest."
    )

    def add_arguments(self, parser):
        parser.add_argument("--keep", type=int, default=KEEP, help="how many dumps stay; the newest always does")
        parser.add_argument("--clear", action="store_true", help="make none: only clear and remove")

    def handle(self, *, keep, clear, **options):
        if keep < 1:
            raise CommandError("--keep is 1 or more: the newest dump always stays.")
        if self._called_from_command_line:
            os.nice(10)  # pages come first
        began = time.monotonic()
        progress = Progress(self.stderr, {"comments": Comment.objects.public().count()})
        try:
            if not clear:
                made = make_dump(progress.tell)
                progress.end()
                rows = ", ".join(f"{table} {number:,}" for table, number in made.rows.items())
                outcome = "made" if made.new else "nothing has changed since"
                self.stdout.write(f"{made.name}: {outcome} in {time.monotonic() - began:.1f} s ({rows}).")
            cleared = clear_all()
        except shelf.Busy:
            raise CommandError("Dumps are being made by another process.") from None
        except OSError as fault:
            raise CommandError(f"Dumps cannot be written to {shelf.home()}: {fault.strerror}.") from None
        removed = shelf.prune(keep)
        self.stdout.write(f"Cleared of what was taken back: {cleared}; removed: {len(removed)}.")
