import logging
import signal
import threading
import time
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from feedback.actions.due import do_due_work
from feedback.dumps.nightly import due as dump_due
from feedback.errands import Errand
from feedback.ledger.checkpoints import LogFault, Walk, begin, check, forget_checkpoints, publish, stand_still
from feedback.ledger.sequencer import sequence
from feedback.limits import forget_counts
from feedback.models import Submission
from feedback.results.nightly import due as figures_due
from portal.metrics import serve_metrics
from portal.preload import load_everything

log = logging.getLogger("feedback.sequencer")
PRUNE_EVERY = timedelta(minutes=10)
DUE_EVERY = timedelta(seconds=5)
SIGN_EVERY = 30  # seconds, within a long pass
KEEP_SUBMISSIONS = timedelta(hours=24)
WALK_EVERY = timedelta(hours=24)  # from the end of a look at every entry to the next one
REFUSED = 3  # how the process ends where the ledger is not the one that was signed; script/server knows it


class Signing:
    """Signs checkpoints: after each pass, and within a long one every half a minute."""

    def __init__(self):
        self.signed = time.monotonic()

    def look(self) -> None:
        if time.monotonic() - self.signed > SIGN_EVERY:
            self.sign()

    def sign(self) -> None:
        publish()
        self.signed = time.monotonic()


class Command(BaseCommand):
    help = (
        "Run the sequencer: the process that numbers the ledger, signs its checkpoints and releases tallies, about "
        "once a second, and does what is due in between: notices, digests, answers whose time has come. It also starts "
        "the night's figures and dump. It ends with an error where the ledger is not the one that was signed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=0.7, help="seconds between two looks")

    def handle(self, *, interval, **options):
        serve_metrics()
        load_everything()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        try:
            self.work(stop, interval)
        except LogFault as fault:
            stand_still()
            raise CommandError(str(fault), returncode=REFUSED) from None

    def work(self, stop: threading.Event, interval: float):
        signing = Signing()
        pruned = timezone.now() - PRUNE_EVERY
        due = timezone.now()
        errands = [Errand(figures_due), Errand(dump_due)]
        wait = interval
        walk: Walk | None = None  # through every entry, a part at each pass; none before the first one
        walked = None  # when one ended
        while not stop.wait(wait):
            try:
                close_old_connections()
                if walk is None:
                    walk = begin()
                else:
                    check()
                if walked is None or timezone.now() - walked > WALK_EVERY:
                    walk, walked = (Walk(), timezone.now()) if walk.step() else (walk, None)
                appended = sequence(between=signing.look)
                signing.sign()
                if appended:
                    log.info("%s entries appended", appended)
                if timezone.now() >= due:
                    more = do_due_work()
                    due = timezone.now() if more else timezone.now() + DUE_EVERY
                for errand in errands:
                    errand.look(timezone.now())
                if timezone.now() - pruned >= PRUNE_EVERY:
                    pruned = timezone.now()
                    Submission.objects.filter(created_at__lt=pruned - KEEP_SUBMISSIONS).delete()
                    forget_counts()
                    forget_checkpoints(pruned)
                wait = interval
            except (DatabaseError, OSError) as fault:  # database away or busy, disk full: nothing is lost, look again
                log.warning("the ledger waits: %s", (str(fault).strip() or repr(fault)).splitlines()[0])
                connection.close()
                wait = min(wait * 2, 10)
