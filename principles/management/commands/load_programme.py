"""`manage.py load_programme FILE`: load a programme from its file, or say all that is wrong with it."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from principles.actions import load_programme
from principles.programme_file import ProgrammeFileRefused


class Command(BaseCommand):
    help = (
        "Loads a programme from a YAML file (docs/programme-format.md). Loading again changes nothing; a changed "
        "file updates the programme and makes new editions. A file with faults changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="the programme's YAML file")
        parser.add_argument(
            "--correction",
            action="store_true",
            help="new editions are corrections: ratings go on counting; without this they are substantive",
        )

    def handle(self, *args, file, correction, verbosity, **options):
        try:
            changes = load_programme(file, substantive=not correction)
        except ProgrammeFileRefused as refused:
            raise CommandError(f"The programme was not loaded, nothing was changed.\n{refused}") from None
        except ValidationError as error:
            reasons = "; ".join(error.messages)
            raise CommandError(f"The programme was not loaded, nothing was changed.\n{file}: {reasons}") from None
        except DatabaseError as error:
            raise CommandError(
                f"The programme was not loaded, nothing was changed.\n{file}: the database refused it: {error}"
            ) from None
        if verbosity:
            for line in changes.lines():
                self.stdout.write(line)
