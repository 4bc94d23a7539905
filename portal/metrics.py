"""Figures for Prometheus, on a port of its own that no proxy passes on: no label holds anything of a person.

Several web processes write into files of one folder (`PROMETHEUS_MULTIPROC_DIR`), which the sequencer's process reads
and serves on 127.0.0.1:METRICS_PORT, together with what the database tells.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

QUERIES = {
    "portal_outbox_entries": ("Entries that wait for the ledger", "SELECT COUNT(*) FROM feedback_outboxentry"),
    "portal_ledger_entries": ("Entries of the ledger", "SELECT COALESCE(MAX(seq), 0) FROM feedback_ledgerentry"),
    "portal_desk_items": ("Items that wait on the desk", "SELECT COUNT(*) FROM feedback_deskitem"),
    "portal_tasks_waiting": (
        "Tasks that wait for the worker",
        "SELECT COUNT(*) FROM django_tasks_database_dbtaskresult WHERE status = 'READY'",
    ),
}
requests = Counter("portal_requests", "Answered requests", ["method", "status"])
seconds = Histogram("portal_request_seconds", "Time that an answer took", buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10))


def count(method: str, status: int, took: float) -> None:
    """Count one answer; an invented method counts as `other`."""
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    requests.labels(method if method in known else "other", str(status)).inc()
    seconds.observe(took)


class FromDatabase:
    """What waits, counted when it is asked for; nothing while the database is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        reachable = 1
        for name, (what, statement) in QUERIES.items():
            try:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    yield GaugeMetricFamily(name, what, value=cursor.fetchone()[0])
            except DatabaseError:
                reachable = 0
        yield GaugeMetricFamily("portal_database_up", "Whether the database answers", value=reachable)
        connection.close()


class Silent(WSGIRequestHandler):
    def log_message(self, *_args) -> None:
        pass


def serve_metrics() -> None:
    """Serve on 127.0.0.1:METRICS_PORT from a thread of its own; nothing where the port is 0."""
    if not settings.METRICS_PORT:
        return
    registry = CollectorRegistry()
    registry.register(FromDatabase())
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        MultiProcessCollector(registry, path=folder)
    server = make_server("127.0.0.1", settings.METRICS_PORT, make_wsgi_app(registry), handler_class=Silent)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
