from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from feedback.ledger.recount import recount
from feedback.safekeeping.copies import CopyFault, bring_back
from feedback.safekeeping.replay import replay_erasures
from feedback.safekeeping.state import differences, state


class Command(BaseCommand):
    help = "Bring COPY (a folder that `backup` made) into the empty database of DATABASE_URL, and compare the two."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("copy", type=Path)
        parser.add_argument("--journal", type=Path, help="the journal of erasures; ERASURES_FILE unless said")

    def handle(self, *, copy, journal, **options):
        try:
            expected = bring_back(copy)
        except CopyFault as fault:
            raise CommandError(str(fault)) from None
        if unlike := differences(expected, state()):
            raise CommandError("The restored database differs from the copy: " + "; ".join(unlike))
        call_command("migrate", verbosity=0)
        if faults := recount():
            raise CommandError("The recount differs: " + "; ".join(faults[:10]))
        erased, missing = replay_erasures(journal)
        rows = sum(expected["rows"].values())
        ledger = expected["ledger"]
        self.stdout.write(f"Restored: {rows} rows, {ledger['head']} entries of the ledger, root {ledger['root']}.")
        self.stdout.write(f"Erased once more: {erased} accounts." + (" There is no journal." if missing else ""))
        self.stdout.write("Next, see docs/deploy.md: the ledger may have to be reopened.")
