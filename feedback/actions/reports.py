"""Reports of consultations that staff ask for: made in the background, kept until the operator deletes them."""

import logging

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from feedback.actions.access import staff_member_of
from feedback.actions.decisions import NotAllowed
from feedback.models import ResultsReport
from feedback.results.report.making import home, make_report
from principles.models import Programme

log = logging.getLogger(__name__)
State = ResultsReport.State


@transaction.atomic
def request_report(programme: Programme, *, by: AbstractBaseUser) -> ResultsReport:
    """Have the report of `programme` made; one that waits already is not asked for twice."""
    if not by.has_perm("feedback.make_report"):
        raise NotAllowed(_("Your role does not include reports."))
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    waiting = ResultsReport.objects.filter(programme=programme, state=State.WAITING).first()
    if waiting:
        return waiting
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
    try:
        make_report(report.programme, home() / folder)
    except OSError as fault:
        log.warning("Report %s was not written: %s", pk, fault)
        report.state, report.fault = (
            State.FAILED,
            _t("The files could not be written: %(why)s") % {"why": fault.strerror},
        )
    except Exception:
        log.exception("Report %s failed", pk)
        report.state, report.fault = State.FAILED, _t("Something went wrong; the operator finds it in the log.")
    else:
        report.state, report.folder = State.READY, folder
    report.finished_at = timezone.now()
    report.save()
