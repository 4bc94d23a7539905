"""Reports of consultations: asked for with one button, followed while they are made, and fetched from their page."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import Refused
from feedback.actions.reports import is_stalled, request_report
from feedback.admin.records import ReadOnlyAdmin
from feedback.models import ResultsReport
from feedback.results.report.making import FORMATS, files_done, home, names
from portal.localized import LANGUAGES
from principles.models import Programme

NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}  # each in itself


class ReportForm(forms.Form):
    """Which programme."""

    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("Programme"), empty_label=None)


@admin.register(ResultsReport)
class ResultsReportAdmin(ReadOnlyAdmin):
    """The button starts the work; a row's page is its progress, then its files (`?file=`)."""

    list_display = ["asked_at", "programme", "asked_by", "state_now", "files"]
    list_filter = ["state"]
    list_select_related = ["programme", "asked_by__user"]
    change_list_template = "admin/feedback/report/list.html"

    def has_add_permission(self, request):
        return request.user.has_perm("feedback.make_report")

    def add_view(self, request, form_url="", extra_context=None):
        """What a report holds, and the button that has one made."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, status = ReportForm(request.POST if request.method == "POST" else None), 200
        if form.is_bound:
            status = 422
            if form.is_valid():
                try:
                    report = request_report(form.cleaned_data["programme"], by=request.user)
                    return HttpResponseRedirect(reverse("admin:feedback_resultsreport_change", args=[report.pk]))
                except Refused as refusal:
                    form.add_error(None, refusal.message)
        context = self.admin_site.each_context(request) | {
            "title": _("Make a report of the consultation"),
            "opts": self.opts,
            "form": form,
            "back": reverse("admin:feedback_resultsreport_changelist"),
        }
        return TemplateResponse(request, "admin/feedback/report/make.html", context, status=status)

    @admin.display(description=_("state"), ordering="state")
    def state_now(self, report):
        if is_stalled(report):
            return _("stopped")
        return report.get_state_display()

    @admin.display(description=_("files"))
    def files(self, report):
        if report.state != ResultsReport.State.READY:
            return report.fault or "–"
        if not (home() / report.folder).is_dir():
            return _("no longer there")
        address = reverse("admin:feedback_resultsreport_change", args=[report.pk])
        return format_html('<a href="{}">{}</a>', address, _t("Files in three languages"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far a report is, and its files: a row for each language, a column for each format.

        Reports stay until the operator deletes them; a page whose files are gone says so.
        """
        report = self.get_object(request, object_id)
        if report is None or not self.has_view_permission(request, report):
            raise Http404
        if request.method == "POST":
            raise PermissionDenied
        if "file" in request.GET:
            return self._file(report, request.GET["file"])
        under_way = report.state == ResultsReport.State.WAITING
        rows = self._rows(report)
        sizes = [size for _language, _name, files in rows for _format, _file, size in files]
        context = self.admin_site.each_context(request) | {
            "title": _("Report of the consultation: %(programme)s") % {"programme": report.programme},
            "opts": self.opts,
            "report": report,
            "under_way": under_way,
            "stalled": is_stalled(report),
            "done": files_done(report) if under_way else 0,
            "total": len(names(report.programme)),
            "formats": [suffix.upper() for suffix in FORMATS],
            "rows": rows,
            "gone": bool(sizes) and not any(sizes),
            "some_gone": any(sizes) and not all(sizes),
            "can_make": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/feedback/report/progress.html", context)

    @staticmethod
    def _rows(report: ResultsReport) -> list[tuple]:
        """(code and name of a language, (format, name and size of its file)…) of a report that is there."""
        if report.state != ResultsReport.State.READY:
            return []
        rows = []
        for language in LANGUAGES:
            files = []
            for suffix in FORMATS:
                name = f"{report.programme.slug}-{language}.{suffix}"
                path = home() / report.folder / name
                files.append((suffix.upper(), name, path.stat().st_size if path.is_file() else None))
            rows.append((language, NAMES[language], files))
        return rows

    @staticmethod
    def _file(report: ResultsReport, name: str) -> FileResponse:
        if report.state != ResultsReport.State.READY or name not in names(report.programme):
            raise Http404
        path = home() / report.folder / name
        if not path.is_file():
            raise Http404
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
