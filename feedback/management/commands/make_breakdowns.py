import os
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.results.keeping import keep_figures
from principles.models import Programme


class Command(BaseCommand):
    help = "Compute what the pages of results keep: a programme's figures, and breakdowns by who took part."

    def add_arguments(self, parser):
        parser.add_argument("--programme", help="the slug of one programme; all of them unless said")

    def handle(self, *, programme, **options):
        if self._called_from_command_line:
            os.nice(10)  # pages come first
        began = time.monotonic()
        programmes = Programme.objects.filter(slug=programme) if programme else Programme.objects.all()
        if programme and not programmes:
            raise CommandError(f"There is no programme {programme}.")
        for one in programmes:
            keep_figures(one, timezone.now())
        self.stdout.write(f"Figures of {len(programmes)} programmes are kept, in {time.monotonic() - began:.1f} s.")
