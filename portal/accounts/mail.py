"""Mail lies in the table of tasks with address and code; here it is forgotten once it is sent or no longer wanted.

`args_kwargs` is where django_tasks_db keeps what a task was called with.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

MAIL_TASK = "portal.accounts.tasks.send_message"
BLANK = {"args": [], "kwargs": {}}
SENT = timedelta(minutes=1)
FAILED = timedelta(hours=24)  # long enough to look into, and longer than any attempt takes


def blank_mail(pk: str) -> None:
    """Take subject, text and address out of the task `pk`; the row stays for the worker to close."""
    DBTaskResult.objects.filter(pk=pk).update(args_kwargs=BLANK)


def forget_sent_mail() -> int:
    """Delete the tasks of mail that was sent, or that failed for good or stuck a day ago. How many they were."""
    now = timezone.now()
    rows = DBTaskResult.objects.filter(task_path=MAIL_TASK).filter(
        Q(status="SUCCESSFUL", finished_at__lte=now - SENT)
        | Q(status="FAILED", finished_at__lte=now - FAILED)
        | Q(status="RUNNING", started_at__lte=now - FAILED)
    )
    return rows.delete()[0]


@transaction.atomic
def forget_mail_to(addresses: Iterable[str]) -> None:
    """Forget all mail to `addresses`, sent or not; what a worker is sending just now goes out and leaves nothing."""
    wanted = Q()
    for address in addresses:
        wanted |= Q(args_kwargs__kwargs__to__0__iexact=address)
    if not wanted:
        return
    # Locked, so that no worker takes up between the two writes what the second one deletes.
    rows = DBTaskResult.objects.select_for_update().filter(wanted, task_path=MAIL_TASK)
    states = dict(rows.values_list("pk", "status"))
    running = [pk for pk, status in states.items() if status == "RUNNING"]
    # A worker fails on a row that is gone when it closes it.
    DBTaskResult.objects.filter(pk__in=running).update(args_kwargs=BLANK)
    DBTaskResult.objects.filter(pk__in=states.keys() - running).delete()
