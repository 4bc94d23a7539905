"""How long what is nobody's for ever is kept: each period once, for the command that deletes and for what is said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from feedback.models import ApiToken, Brigade, Notice, RequestCount, Submission
from portal.mail import MAIL_TASK

BATCH = 1000  # rows in one transaction


@dataclass(frozen=True)
class Period:
    """One kind of rows, and how long they stay after what `overdue` looks at."""

    name: str
    what: Promise
    keep: timedelta
    overdue: Callable[[datetime], QuerySet]  # what a moment leaves overdue


def _unproved(before: datetime) -> QuerySet:
    """Accounts whose address nobody proved, and that nobody of the staff made."""
    proved = EmailAddress.objects.filter(verified=True).values("user")
    accounts = get_user_model().objects.filter(date_joined__lt=before, is_staff=False, last_login=None)
    return accounts.exclude(pk__in=proved).filter(participant=None)


def _attempts(before: datetime) -> QuerySet:
    return apps.get_model("accounts.CachedValue").objects.filter(expires_at__lt=before.timestamp())


def _before(model: type[Model], field: str, **others) -> Callable[[datetime], QuerySet]:
    return lambda moment: model._default_manager.filter(**{f"{field}__lt": moment}, **others)


MAIL = _before(DBTaskResult, "finished_at", task_path=MAIL_TASK)
DAY = timedelta(days=1)
PERIODS = (
    Period("sessions", _("ended sessions"), timedelta(0), _before(Session, "expire_date")),
    Period("requests", _("counts of requests"), timedelta(minutes=15), _before(RequestCount, "ends_at")),
    Period("attempts", _("counts of attempts at sign-in"), timedelta(minutes=15), _attempts),
    Period("submissions", _("keys of writes"), DAY, _before(Submission, "created_at")),
    Period("mail", _("copies of mail that was sent or could not be sent"), DAY, MAIL),
    Period("unproved accounts", _("accounts whose address was never confirmed"), 30 * DAY, _unproved),
    Period("tokens", _("tokens after they were revoked"), 90 * DAY, _before(ApiToken, "revoked_at")),
    Period("groups", _("notes of alike comments from new accounts"), 365 * DAY, _before(Brigade, "latest")),
    Period("notices", _("notices after they were read"), 730 * DAY, _before(Notice, "read_at")),
)


def told_periods() -> str:
    """What is kept for how long, as a list in Markdown in the active language."""
    return "\n".join(f"- {capfirst(period.what)}: {_told(period.keep)}" for period in PERIODS)


def _told(time: timedelta) -> str:
    if not time:
        return gettext("deleted at once")
    if time >= DAY:
        return ngettext("%(number)s day", "%(number)s days", time.days) % {"number": time.days}
    minutes = time.seconds // 60
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def overdue(now: datetime | None = None) -> dict[str, int]:
    """{name of a period: rows that are kept too long}."""
    now = now or timezone.now()
    return {period.name: period.overdue(now - period.keep).count() for period in PERIODS}


def delete_overdue(now: datetime | None = None) -> dict[str, int]:
    """Delete what is overdue, some rows at a time so that nobody waits; {name of a period: rows}."""
    now = now or timezone.now()
    deleted = {}
    for period in PERIODS:
        deleted[period.name] = 0
        while keys := list(period.overdue(now - period.keep).values_list("pk", flat=True)[:BATCH]):
            rows = period.overdue(now - period.keep).filter(pk__in=keys)
            if period.name == "unproved accounts":
                for user in rows:  # whose mail goes with them
                    user.delete()
            else:
                rows.delete()
            deleted[period.name] += len(keys)
    return deleted
