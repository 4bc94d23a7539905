"""Reports of consultations that staff ask for: made in the background, kept until the operator deletes them."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from feedback.actions.access import staff_member_of
from feedback.actions.decisions import NotAllowed
from feedback.models import ResultsReport
from feedback.results.report.making import home, make_report, progress_file
from principles.models import Programme

log = logging.getLogger(__name__)
State = ResultsReport.State
STALLED_AFTER = timedelta(minutes=15)  # many times longer than a report takes


@transaction.atomic
def request_report(programme: Programme, *, by: AbstractBaseUser) -> ResultsReport:
    """Have the report of `programme` made; one that waits already is not asked for twice, unless it was stopped."""
    if not by.has_perm("feedback.make_report"):
        raise NotAllowed(_("Your role does not include reports."))
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    waiting = ResultsReport.objects.filter(programme=programme, state=State.WAITING).first()
    if waiting and not is_stalled(waiting):
        return waiting
    if waiting:
        _end(waiting, state=State.FAILED, fault=_t("The work was stopped."))
    report = ResultsReport.objects.create(programme=programme, asked_by=staff_member_of(by))
    run_report.enqueue(report.pk)
    return report


@task()
def run_report(pk: int) -> None:
    """Make a report that was asked for; what goes wrong is said on its page, and nothing is left of it."""
    report = ResultsReport.objects.select_related("programme").get(pk=pk)
    if report.state != State.WAITING:
        return
    folder = f"{report.programme.slug}-{report.pk}"
    done: list[str] = []

    def tell(name: str) -> None:
        done.append(name)
        progress_file(report).write_text(str(len(done)))

    try:
        make_report(report.programme, home() / folder, tell)
    except OSError as fault:
        log.warning("Report %s was not written: %s", pk, fault)
        _end(report, state=State.FAILED, fault=_t("The files could not be written: %(why)s") % {"why": fault.strerror})
    except Exception:
        log.exception("Report %s failed", pk)
        _end(report, state=State.FAILED, fault=_t("Something went wrong; the operator finds it in the log."))
    else:
        _end(report, state=State.READY, folder=folder)


def _end(report: ResultsReport, **values: str) -> None:
    for name, value in values.items():
        setattr(report, name, value)
    report.finished_at = timezone.now()
    report.save()
    with suppress(OSError):
        progress_file(report).unlink()


def is_stalled(report: ResultsReport, now: datetime | None = None) -> bool:
    """Whether it was asked for so long ago that whoever made it must have been stopped."""
    return report.state == State.WAITING and report.asked_at < (now or timezone.now()) - STALLED_AFTER
