from django.core.management.base import BaseCommand
from django.db import connection

from feedback.safekeeping.periods import delete_overdue, overdue
from feedback.search.index import mend_for_the_desk
from portal.sqlite import empty_log


class Command(BaseCommand):
    help = "Delete what has been kept as long as it may be, and say how many rows of each kind."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what is overdue")

    def handle(self, *, dry_run, **options):
        found = overdue() if dry_run else delete_overdue()
        if not dry_run:
            mend_for_the_desk()
            empty_log(connection)
        self.stdout.write(", ".join(f"{name}: {number}" for name, number in found.items()) + ".")
