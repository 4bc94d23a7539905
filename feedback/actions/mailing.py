"""Turning notices into letters. Each is claimed and queued in one transaction: it is sent once, or waits on.

Every step does a bounded part per call and says whether more waits.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from feedback.actions.access import staff_member_of
from feedback.actions.transitions import MODERATORS
from feedback.mail.desk import DeskReport, desk_report
from feedback.mail.letters import MOST_IN_A_DIGEST, send_desk_report, send_digest, send_notice
from feedback.models import Notice, Participant, StaffMember
from feedback.models.person import Pace

log = logging.getLogger(__name__)

PER_PASS = 20  # letters: half a second, since the ledger waits meanwhile
SETTLED_PER_PASS = 1000
DIGEST_AT = time(8)  # in TIME_ZONE
MORNING = timedelta(hours=4)  # how late the moderators' digest may come; a participant's comes however late
PUT_OFF = timedelta(hours=1)


def mail_own_notices(now: datetime) -> bool:
    """Mail what concerns people's own words."""
    waiting = Notice.objects.to_mail(now).own().order_by("due_at", "pk").values_list("pk", flat=True)
    return _each(waiting, lambda pk: _mail_own(pk, now), lambda pk: _put_off([pk], now))


@transaction.atomic
def _mail_own(pk: int, now: datetime) -> None:
    if not Notice.objects.filter(pk=pk, mailed_at=None).update(mailed_at=now):
        return  # another process was faster
    notice = Notice.objects.with_facts().get(pk=pk)
    if _has_mail(notice.participant):
        send_notice(notice)


def mail_news(now: datetime) -> bool:
    """Mail what people follow, at the pace of each: at once, or as a digest at 08:00 each day or each Monday."""
    more = False
    for pace in (Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY):
        moment = digest_moment(pace, now)
        waiting = Notice.objects.to_mail(moment).news().filter(participant__pace=pace)
        if pace != Pace.AT_ONCE:
            waiting = waiting.filter(Q(participant__digest_at=None) | Q(participant__digest_at__lt=moment))
        people = waiting.order_by().values_list("participant", flat=True).distinct()
        more |= _each(
            people,
            lambda pk, pace=pace, moment=moment: _mail_digest(pk, pace, moment, now),
            lambda pk: _put_off(Notice.objects.to_mail(now).news().filter(participant=pk).values("pk"), now),
        )
    return more


def digest_moment(pace: str, now: datetime) -> datetime:
    """The last moment, up to `now`, at which news of this pace was to be mailed."""
    if pace == Pace.AT_ONCE:
        return now
    local = timezone.localtime(now)
    moment = datetime.combine(local.date(), DIGEST_AT, tzinfo=local.tzinfo)
    days = local.weekday() if pace == Pace.WEEKLY else 0
    moment -= timedelta(days=days)
    return moment if moment <= now else moment - timedelta(days=7 if pace == Pace.WEEKLY else 1)


@transaction.atomic
def _mail_digest(pk: int, pace: str, moment: datetime, now: datetime) -> None:
    """Mail all news that waits for one participant, as one letter; a reply that is hidden by now waits for nothing."""
    Participant.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk").get()
    participant = Participant.objects.select_related("user").get(pk=pk)
    digest_at = participant.digest_at
    if participant.pace != pace or pace != Pace.AT_ONCE and digest_at is not None and digest_at >= moment:
        return
    waiting = Notice.objects.of(participant).to_mail(now).news()
    keys = set(waiting.values_list("pk", flat=True))
    told = Notice.objects.filter(pk__in=keys).tellable().order_by("pk")
    told_keys = list(told.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=keys.difference(told_keys)).delete()
    Notice.objects.filter(pk__in=told_keys).update(mailed_at=now)
    if pace != Pace.AT_ONCE:
        Participant.objects.filter(pk=pk).update(digest_at=now)
    if told_keys and _has_mail(participant):
        send_digest(participant, list(told.with_facts()[:MOST_IN_A_DIGEST]), number=len(told_keys))


def pass_over_unwanted(now: datetime) -> bool:
    """Settle the news of those who want none by mail, so that a change of mind brings no heap of old news."""
    waiting = Notice.objects.to_mail(now).news().filter(participant__pace=Pace.NEVER)
    keys = list(waiting.values_list("pk", flat=True)[:SETTLED_PER_PASS])
    if keys:
        Notice.objects.filter(pk__in=keys).update(mailed_at=now)
    return len(keys) == SETTLED_PER_PASS


def mail_moderators(now: datetime) -> bool:
    """Once each morning, tell each moderator on duty what waits on the desk; nothing where nothing waits."""
    moment = digest_moment(Pace.DAILY, now)
    if now - moment > MORNING:
        return False
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    users = users.filter(Q(is_superuser=True) | Q(groups__name__in=MODERATORS))
    off = StaffMember.objects.filter(Q(on_duty=False) | Q(digest_at__gte=moment), user__isnull=False)
    people = users.exclude(pk__in=off.values("user")).order_by("pk").values_list("pk", flat=True).distinct()
    if not people.exists():
        return False
    desk = desk_report(now)
    return _each(
        people,
        lambda pk: _mail_moderator(pk, desk, moment, now),
        lambda pk: StaffMember.objects.filter(user=pk).update(digest_at=now),
    )


@transaction.atomic
def _mail_moderator(pk: int, desk: DeskReport, moment: datetime, now: datetime) -> None:
    user = get_user_model().objects.get(pk=pk)
    member = StaffMember.objects.filter(pk=staff_member_of(user).pk)
    if member.filter(Q(digest_at=None) | Q(digest_at__lt=moment)).update(digest_at=now) and desk:
        send_desk_report(user, desk)


def _has_mail(participant: Participant) -> bool:
    return participant.user is not None and participant.user.is_active


def _each(keys: Iterable[int], work: Callable[[int], None], put_off: Callable[[int], None]) -> bool:
    """Do `work` for some of `keys`; one that fails is put off, and holds up no other. Whether more wait."""
    some = list(keys[:PER_PASS])
    for key in some:
        try:
            work(key)
        except DatabaseError:
            raise
        except Exception:
            log.exception("A letter could not be written, and is put off")
            put_off(key)
    return len(some) == PER_PASS


def _put_off(keys, now: datetime) -> None:
    Notice.objects.filter(pk__in=keys, mailed_at=None).update(due_at=now + PUT_OFF)
