"""Work that no page waits for."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks import task

from portal.accounts.mail import blank_mail, forget_sent_mail

logger = logging.getLogger(__name__)

# After the first failure in half a minute, then later and later; a code lives a quarter of an hour.
RETRY_AFTER = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15)]


class MailNotSent(Exception):
    """The mail server refused it, time and again. Names no address: the table of tasks keeps what is raised."""


@task(takes_context=True)
def send_message(context, subject, body, sender, to, attempt=0):
    """Send one plain-text mail; where the mail server fails, try again a few times. No attempt leaves the mail behind.

    What the table of tasks keeps of earlier mail goes by the way.
    """
    backend = send_message.get_backend()
    try:
        EmailMessage(subject, body, sender, to).send()
    except (SMTPException, OSError) as fault:
        if attempt >= len(RETRY_AFTER) or not backend.supports_defer:
            raise MailNotSent(type(fault).__name__) from None
        logger.warning("Mail was not sent (attempt %s): %s", attempt + 1, type(fault).__name__)
        send_message.using(run_after=timezone.now() + RETRY_AFTER[attempt]).enqueue(
            subject=subject, body=body, sender=sender, to=to, attempt=attempt + 1
        )
    finally:
        if backend.supports_get_result:  # so there is a row
            blank_mail(context.task_result.id)
            forget_sent_mail()
