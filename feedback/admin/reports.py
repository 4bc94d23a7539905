"""Reports of consultations: asked for with one button, and fetched from the same list."""

from django.contrib import admin
from django.http import FileResponse, Http404
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from feedback.actions.reports import request_report
from feedback.admin.records import ReadOnlyAdmin
from feedback.models import ResultsReport
from feedback.results.report.making import home, names


@admin.register(ResultsReport)
class ResultsReportAdmin(ReadOnlyAdmin):
    """The button that adds one starts the work; `?file=` of a row's page is one of its files."""

    list_display = ["asked_at", "programme", "state", "files"]
    list_filter = ["state"]
    list_select_related = ["programme", "asked_by__user"]
    fields = ["programme"]

    def has_add_permission(self, request):
        return request.user.has_perm("feedback.make_report")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["programme"]
        return ["programme", "asked_by", "asked_at", "finished_at", "state", "fault", "files"]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else self.get_fields(request, obj)

    def save_model(self, request, obj, form, change):
        """Not saved here: the action makes the row, and hands it to the worker."""
        obj.pk = request_report(obj.programme, by=request.user).pk

    def save_related(self, request, form, formsets, change):
        pass

    @admin.display(description=_("files"))
    def files(self, report):
        if report.state != ResultsReport.State.READY:
            return report.fault or "–"
        rows = ((report.pk, name, name.removeprefix(f"{report.programme.slug}-")) for name in names(report.programme))
        links = format_html_join(" ", '<a href="/admin/feedback/resultsreport/{}/change/?file={}">{}</a>', rows)
        return format_html("{}", links)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        name = request.GET.get("file")
        if name is None:
            return super().change_view(request, object_id, form_url, extra_context)
        report = self.get_object(request, object_id)
        if report is None or not self.has_view_permission(request, report):
            raise Http404
        if report.state != ResultsReport.State.READY or name not in names(report.programme):
            raise Http404
        path = home() / report.folder / name
        if not path.is_file():
            raise Http404
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
