from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from feedback.safekeeping.copies import CopyFault, make_copy


class Command(BaseCommand):
    help = "Copy the database and the keys into FOLDER, while the portal runs; print the new copy's folder."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=30, help="how many copies stay")

    def handle(self, *, folder, keep, **options):
        if keep < 1:
            raise CommandError("--keep is 1 or more.")
        try:
            self.stdout.write(str(make_copy(folder, keep=keep)))
        except CopyFault as fault:
            raise CommandError(str(fault)) from None
