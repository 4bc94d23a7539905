from django.core.management.base import BaseCommand

from feedback.ledger.sequencer import sequence


class Command(BaseCommand):
    help = "Number what waits for the ledger, release ratings that have their group, and end."

    def handle(self, **options):
        self.stdout.write(f"{sequence()} entries appended.")
