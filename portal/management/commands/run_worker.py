"""manage.py run_worker: the worker of the queue of tasks, which an outage of the database does not end."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from portal.preload import load_everything

log = logging.getLogger("portal.worker")
LONGEST_WAIT = 10  # seconds between two looks for a database that is away


class Command(BaseCommand):
    help = "Run the worker: it sends mail and does long work, and waits where the database is away."

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=1, help="seconds between two looks")

    def handle(self, *, interval, **options):
        load_everything()
        worker = Worker(
            queue_names=["*"],
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        stop = threading.Event()

        def end(signum, frame):
            """Finish the task in hand, if any, and go."""
            stop.set()
            worker.running = False
            if not worker.running_task:
                raise SystemExit(0)

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, end)
        wait = 1
        while worker.running:
            try:
                worker.run()
                wait = 1
            except DatabaseError as fault:
                log.warning("the worker waits: %s", type(fault).__name__)
                connection.close()
                stop.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)
