import logging
import signal
import threading
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from feedback.actions.due import do_due_work
from feedback.api.limits import forget_counts
from feedback.dumps.nightly import Nightly
from feedback.ledger.sequencer import sequence
from feedback.models import Submission
from feedback.results.nightly import NightlyFigures

log = logging.getLogger("feedback.sequencer")
PRUNE_EVERY = timedelta(minutes=10)
DUE_EVERY = timedelta(seconds=5)
KEEP_SUBMISSIONS = timedelta(hours=24)


class Command(BaseCommand):
    help = (
        "Run the sequencer: the process that numbers the ledger and releases tallies, about once a second, and does "
        "what is due in between: notices, digests, answers whose time has come. It also starts "
        "the night's figures and dump."
    )

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=0.7, help="seconds between two looks")

    def handle(self, *, interval, **options):
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        pruned = timezone.now() - PRUNE_EVERY
        due = timezone.now()
        nights = [NightlyFigures(), Nightly()]
        wait = interval
        while not stop.wait(wait):
            try:
                close_old_connections()
                appended = sequence()
                if appended:
                    log.info("%s entries appended", appended)
                if timezone.now() >= due:
                    more = do_due_work()
                    due = timezone.now() if more else timezone.now() + DUE_EVERY
                for night in nights:
                    night.look(timezone.now())
                if timezone.now() - pruned >= PRUNE_EVERY:
                    pruned = timezone.now()
                    Submission.objects.filter(created_at__lt=pruned - KEEP_SUBMISSIONS).delete()
                    forget_counts()
                wait = interval
            except DatabaseError as fault:  # the database is away or busy: nothing is lost, look again later
                log.warning("the ledger waits: %s", str(fault).strip().splitlines()[0])
                connection.close()
                wait = min(wait * 2, 10)
