"""How long what is nobody's for ever is kept: each period once, for the command that deletes and for what is said."""

from collections.abc import Callable, Iterable
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
    # How long a row lives in all, from its first writing, where the sequencer deletes such rows every ten minutes; the
    # command that runs each night deletes what it left.
    at_most: timedelta | None = None


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
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PERIODS = (
    Period(
        "requests",
        _("counts of requests and of forms sent"),
        15 * MINUTE,
        _before(RequestCount, "ends_at"),
        at_most=15 * MINUTE,
    ),
    Period("attempts", _("counts of attempts to sign in or register"), 15 * MINUTE, _attempts, at_most=75 * MINUTE),
    Period(
        "submissions",
        _("marks by which something sent twice is recognised"),
        DAY,
        _before(Submission, "created_at"),
        at_most=DAY + 15 * MINUTE,
    ),
    Period("sessions", _("sessions that have ended"), timedelta(0), _before(Session, "expire_date")),
    Period("mail", _("traces of mail that was sent or could not be sent, without its text and address"), DAY, MAIL),
    Period("unproved accounts", _("accounts whose address was never confirmed"), 30 * DAY, _unproved),
    Period("tokens", _("tokens that were revoked"), 90 * DAY, _before(ApiToken, "revoked_at")),
    Period("groups", _("notes of similar comments from new accounts"), 365 * DAY, _before(Brigade, "latest")),
    Period("notices", _("notices that were read"), 730 * DAY, _before(Notice, "read_at")),
)


def told_counts() -> str:
    """What the sequencer deletes, and how long that is kept at most: Markdown in the active language."""
    return _listed((period.what, _told(period.at_most)) for period in PERIODS if period.at_most)


def told_periods() -> str:
    """What the command of each night deletes, and after how long: Markdown in the active language."""
    return _listed((period.what, _told_after(period.keep)) for period in PERIODS if not period.at_most)


def _listed(lines: Iterable[tuple[Promise, str]]) -> str:
    return "\n".join(f"- {capfirst(what)}: {when}" for what, when in lines)


def _told_after(time: timedelta) -> str:
    return gettext("after %(time)s") % {"time": _told(time)} if time else gettext("the next night")


def _told(time: timedelta) -> str:
    """`time` in days, hours and minutes, without those that are none."""
    days, minutes = time.days, time.seconds // 60
    hours, minutes = divmod(minutes, 60)
    told = [
        ngettext("%(number)s day", "%(number)s days", days) % {"number": days} if days else "",
        ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours} if hours else "",
        ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes} if minutes else "",
    ]
    return " ".join(part for part in told if part)


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
