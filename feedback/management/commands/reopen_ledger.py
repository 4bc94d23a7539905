from django.core.management.base import BaseCommand, CommandError

from feedback.ledger.checkpoints import LogFault
from feedback.ledger.reopening import reopen


class Command(BaseCommand):
    help = (
        "After a loss that cannot be mended: begin a log under a new name that keeps the surviving entries, and say in "
        "it, signed, what was lost. Stop the sequencer before, and look for a better backup first: this is public."
    )

    def add_arguments(self, parser):
        parser.add_argument("--name", help="name of the new log; the old one with the next number unless said")

    def handle(self, *, name, **options):
        try:
            checkpoint = reopen(name)
        except LogFault as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"The ledger goes on as {checkpoint.log}, with {checkpoint.size} entries.")
