from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.results.report.making import home, make_report
from principles.models import Programme


class Command(BaseCommand):
    help = "Make the report of a programme's consultation: HTML, PDF and DOCX in every language, in a new folder."

    def add_arguments(self, parser):
        parser.add_argument("programme", help="the programme's slug")
        parser.add_argument("--folder", type=Path, help="a new one in REPORTS_DIR unless said")

    def handle(self, *, programme, folder, **options):
        found = Programme.objects.filter(slug=programme).first()
        if found is None:
            raise CommandError(f"There is no programme {programme}.")
        folder = folder or home() / f"{programme}-{timezone.now():%Y%m%dT%H%M%SZ}"
        if folder.exists():
            raise CommandError(f"{folder} is there already.")
        try:
            files = make_report(found, folder, lambda name: self.stderr.write(name))
        except OSError as fault:
            raise CommandError(f"{folder} cannot be written: {fault.strerror}.") from None
        self.stdout.write(f"{folder}: {len(files)} files.")
