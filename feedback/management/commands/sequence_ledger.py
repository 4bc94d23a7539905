from django.core.management.base import BaseCommand, CommandError

from feedback.ledger.checkpoints import LogFault, begin, publish, stand_still
from feedback.ledger.sequencer import sequence
from feedback.management.commands.run_sequencer import REFUSED


class Command(BaseCommand):
    help = "Number what waits for the ledger, release ratings that have their group, sign a checkpoint, and end."

    def handle(self, **options):
        try:
            begin()
            appended = sequence()
            publish()
        except LogFault as fault:
            stand_still()
            raise CommandError(str(fault), returncode=REFUSED) from None
        self.stdout.write(f"{appended} entries appended.")
