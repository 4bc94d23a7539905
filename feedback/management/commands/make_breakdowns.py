import os
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.results.breakdowns import cut_breakdowns
from feedback.results.keeping import keep_figures
from feedback.results.people import cut_people
from feedback.results.weighting import cut_weighted
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
        tables = 0
        for one in programmes:
            now = timezone.now()
            tables += cut_breakdowns(one, now) + cut_people(one, now) + cut_weighted(one, now)
            keep_figures(one, now)
        took = time.monotonic() - began
        self.stdout.write(f"Programmes: {len(programmes)}, tables cut: {tables}, in {took:.1f} s.")
