"""What is to be done when its time has come, by the sequencer's process: no page waits for it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from feedback.actions.answers import publish_due_answers
from feedback.actions.brigades import group_alike, group_short
from feedback.actions.bulk import resume_bulks
from feedback.actions.exports import tend_exports
from feedback.actions.mailing import mail_moderators, mail_news, mail_own_notices, pass_over_unwanted
from feedback.actions.notices import tell_editions
from feedback.actions.witnessing import mail_witnesses
from portal.mail import rescue_stuck_mail

log = logging.getLogger(__name__)

# Each takes the time, does a bounded part of its work, and says whether more of it waits.
STEPS: tuple[Callable[[datetime], bool], ...] = (
    publish_due_answers,
    tell_editions,
    mail_own_notices,
    mail_news,
    pass_over_unwanted,
    mail_moderators,
    mail_witnesses,
    rescue_stuck_mail,
    resume_bulks,
    tend_exports,
    group_alike,
    group_short,
)


def do_due_work(now: datetime | None = None) -> bool:
    """Do a part of all that is due at `now`; whether more waits. A step that fails is logged and holds up no other."""
    now = now or timezone.now()
    more = False
    for step in STEPS:
        try:
            more |= bool(step(now))
        except (InterfaceError, OperationalError):  # the database is away or busy: for all of them
            raise
        except Exception:
            log.exception("Due work failed: %s", step.__name__)
    return more
