"""Mail that no page waits for: rendered, put into the table of tasks, sent by the worker, and then forgotten.

A task holds address and text; they go as soon as an attempt has taken them up, and the row soon after.
`args_kwargs` is where django_tasks_db keeps what a task was called with.
"""

import logging
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

MAIL_TASK = "portal.mail.send_message"
# After the first failure in half a minute, then later and later; a code lives a quarter of an hour.
RETRY_AFTER = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15)]
# What is still worth reading days later is tried for five of them (RFC 5321, 4.5.4.1: at least four or five).
RETRY_FOR_DAYS = [*RETRY_AFTER, timedelta(hours=1), timedelta(hours=2), *[timedelta(hours=4)] * 30]
URGENT, UNHURRIED = 50, 0  # a code goes before a thousand digests
BLANK_LINES = re.compile(r"\n{3,}")  # where a template leaves a part out
BLANK = {"args": [], "kwargs": {}}
SENT = timedelta(minutes=1)
FAILED = timedelta(hours=24)  # long enough to look into
STUCK = timedelta(minutes=10)  # longer than any attempt takes


class MailNotSent(Exception):
    """The mail server refused it, time and again. Names no address: the table of tasks keeps what is raised."""


def render_letter(prefix: str, names: dict) -> tuple[str, str]:
    """Subject and text of the letter `{prefix}_subject.txt`, `{prefix}_message.txt`, in the active language."""
    site_name = settings.SITE_NAME or _("Public consultation")
    names = {
        "site_name": site_name,
        "site_url": settings.SITE_URL,
        "operator_name": settings.OPERATOR_NAME,
        **names,
    }
    subject = " ".join(render_to_string(f"{prefix}_subject.txt", names).split())
    body = BLANK_LINES.sub("\n\n", render_to_string(f"{prefix}_message.txt", names).strip()) + "\n"
    return f"{subject} · {site_name}", body


@task(takes_context=True, priority=URGENT)
def send_message(context, subject, body, sender, to, attempt=0, headers=None, for_days=False):
    """Send one plain-text mail; where the mail server fails, try again. No attempt leaves the mail behind.

    `for_days`: go on trying for five days rather than for a quarter of an hour. An address that the server refuses
    for good is not tried for that long. What the table of tasks keeps of earlier mail goes by the way.
    """
    this = context.task_result
    backend = this.task.get_backend()
    try:
        EmailMessage(subject, body, sender, to, headers=headers).send()
    except (SMTPException, OSError) as fault:
        waits = RETRY_FOR_DAYS if for_days and not _is_final(fault) else RETRY_AFTER
        if attempt >= len(waits) or not backend.supports_defer:
            raise MailNotSent(type(fault).__name__) from None
        logger.warning("Mail was not sent (attempt %s): %s", attempt + 1, type(fault).__name__)
        this.task.using(run_after=timezone.now() + waits[attempt]).enqueue(
            subject=subject, body=body, sender=sender, to=to, attempt=attempt + 1, headers=headers, for_days=for_days
        )
    finally:
        if backend.supports_get_result:  # so there is a row
            blank_mail(this.id)
            forget_sent_mail()


def send_for_days(*, subject: str, body: str, to: str, headers: dict[str, str] | None = None) -> None:
    """Queue a letter that is worth reading days later, behind what is urgent."""
    unhurried = send_message.using(priority=UNHURRIED)
    unhurried.enqueue(
        subject=subject, body=body, sender=settings.DEFAULT_FROM_EMAIL, to=[to], headers=headers, for_days=True
    )


def _is_final(fault: Exception) -> bool:
    """Whether the server wants no mail for this address, now or later (RFC 5321, 4.2.1: codes from 500)."""
    return isinstance(fault, SMTPRecipientsRefused) and all(code >= 500 for code, _text in fault.recipients.values())


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


def rescue_stuck_mail(now: datetime) -> int:
    """Queue anew the mail that a worker took up and, killed, never sent. How many they were."""
    stuck = DBTaskResult.objects.filter(task_path=MAIL_TASK, status="RUNNING", started_at__lte=now - STUCK)
    stuck = stuck.exclude(args_kwargs=BLANK)
    return stuck.update(status="READY", run_after=now) if stuck.exists() else 0


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
