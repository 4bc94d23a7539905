"""Exports that staff ask for: made in the background, told of by mail, kept for a day; and the record of each one."""

import errno
import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django_tasks import task

from feedback.actions.access import role_of, staff_member_of
from feedback.export import shelf
from feedback.export.catalogue import KINDS
from feedback.export.dictionary import dictionary_csv
from feedback.export.files import whole_file
from feedback.export.lists import LISTS
from feedback.export.making import Order, write_export
from feedback.mail.letters import send_export_news
from feedback.models import Export, ExportRecord
from feedback.models.export import Fault

log = logging.getLogger(__name__)

OPERATOR = "operator"  # whoever runs commands on the server
AT_ONCE = 10_000  # rows that are in the answer itself
KEPT = timedelta(hours=24)
REMEMBERED = timedelta(days=30)  # that there was one, after its file has gone
STALLED_AFTER = timedelta(minutes=2)  # without a word; many times longer than a batch takes
ATTEMPTS = 3
BETWEEN_WORDS = 1.0  # seconds
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def record_export(order: Order, *, by: AbstractBaseUser | None, query: str = "", rows: int) -> ExportRecord:
    """Record for good that an export was made; `by` is None for a command on the server."""
    return ExportRecord.objects.create(
        by=None if by is None else staff_member_of(by),
        role=OPERATOR if by is None else role_of(by),
        kind=order.kind.name,
        format=order.format,
        columns=" ".join(column.name for column in order.columns),
        query=query,
        rows=rows,
        personal=order.is_personal,
    )


@transaction.atomic
def request_export(order: Order, *, by: AbstractBaseUser, query: str = "", keys: list | None = None) -> Export:
    """Have an export made in the background: of the rows of the list with this query string, or of those ticked."""
    export = Export.objects.create(
        by=staff_member_of(by),
        kind=order.kind.name,
        format=order.format,
        columns=" ".join(column.name for column in order.columns),
        query=query,
        keys=keys,
        language=by.language,
    )
    run_export.enqueue(str(export.pk))
    return export


@task()
def run_export(export_id: str) -> None:
    """Make an export. What goes wrong is said on its page and by mail; nothing is left of it."""
    export = Export.objects.select_related("by__user").get(pk=UUID(export_id))
    if export.finished_at or export.failed_at:
        return
    with translation.override(export.language):
        try:
            _make(export)
        except PermissionDenied:
            _fail(export, Fault.NOT_ALLOWED)
        except OSError as fault:
            log.warning("Export %s was not written: %s", export.pk, fault)
            _fail(export, Fault.DISK_FULL if is_full(fault) else Fault.NOT_WRITTEN)
        except (DatabaseError, InterfaceError):
            log.exception("Export %s: the database gave up", export.pk)
            _fail(export, Fault.DATABASE)
        except Exception:
            log.exception("Export %s failed", export.pk)
            _fail(export, Fault.OTHER)


def is_full(fault: OSError) -> bool:
    """Whether there was no room for the file."""
    return fault.errno in FULL


def _make(export: Export) -> None:
    order = _order_of(export)
    Export.objects.filter(pk=export.pk).update(
        total=order.rows.count(), moved_at=timezone.now(), attempts=F("attempts") + 1
    )
    shelf.home().mkdir(mode=0o700, parents=True, exist_ok=True)
    said = 0.0

    def tell(rows: int) -> None:
        nonlocal said
        if time.monotonic() - said > BETWEEN_WORDS:
            said = time.monotonic()
            shelf.tell(export, rows)

    tell(0)
    with whole_file(shelf.dictionary_of(export)) as path:
        path.write_text(dictionary_csv(order.columns), encoding="utf-8", newline="")
    rows = write_export(order, shelf.file_of(export), tell)
    _finish(export, order, rows)


def _order_of(export: Export) -> Order:
    """What was asked for, if who asked may still have it."""
    user, kind = export.by.user, KINDS[export.kind]
    if user is None or not (user.is_active and user.is_staff):
        raise PermissionDenied
    try:
        columns = kind.chosen(export.columns.split(), user)
    except LookupError:
        raise PermissionDenied from None
    return Order(kind, columns, export.format, LISTS[kind.name](user, export.query, export.keys))


@transaction.atomic
def _finish(export: Export, order: Order, rows: int) -> None:
    now, user = timezone.now(), export.by.user
    size = shelf.file_of(export).stat().st_size
    mine = Export.objects.unfinished().filter(pk=export.pk)
    if mine.update(finished_at=now, expires_at=now + KEPT, total=rows, size=size):
        record_export(order, by=user, query=export.query, rows=rows)
        export.refresh_from_db()
        send_export_news(user, export)


def _fail(export: Export, fault: Fault) -> None:
    """Say that it failed, and leave nothing of it; one that another worker has finished meanwhile stays."""
    with transaction.atomic():
        if not Export.objects.unfinished().filter(pk=export.pk).update(failed_at=timezone.now(), fault=fault):
            return
        export.refresh_from_db()
        if export.by.user is not None:
            send_export_news(export.by.user, export)
    shelf.remove(export)


def is_stalled(export: Export, now: datetime | None = None) -> bool:
    """Whether nothing has happened for so long that whoever worked on it must have been stopped."""
    now = now or timezone.now()
    if export.finished_at or export.failed_at or export.moved_at > now - STALLED_AFTER:
        return False
    _rows, silent = shelf.told(export)
    return silent > STALLED_AFTER.total_seconds()


def tend_exports(now: datetime | None = None) -> bool:
    """Take up again what was stopped, and remove what has had its time. Part of the due work."""
    now = now or timezone.now()
    for export in Export.objects.unfinished().filter(moved_at__lt=now - STALLED_AFTER).select_related("by__user"):
        if not is_stalled(export, now):
            continue
        if export.attempts >= ATTEMPTS:
            _fail(export, Fault.STOPPED)
        elif Export.objects.filter(pk=export.pk, moved_at=export.moved_at).update(moved_at=now):
            run_export.enqueue(str(export.pk))
    for export in Export.objects.expired(now).exclude(size=0):
        shelf.remove(export)
        Export.objects.filter(pk=export.pk).update(size=0)
    if Export.objects.filter(created_at__lt=now - REMEMBERED).delete()[0]:
        shelf.sweep()
    return False
