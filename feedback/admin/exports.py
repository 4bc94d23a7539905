"""Exports in the background, as their owner sees them, and the record of all exports."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from feedback.actions.exports import is_stalled
from feedback.admin.exporting import download
from feedback.admin.records import ReadOnlyAdmin
from feedback.export import shelf
from feedback.models import Export, ExportRecord


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """One's own exports; a row's page is its progress, and then the way to its file."""

    list_display = ["created_at", "what", "state", "total"]

    def get_queryset(self, request):
        return super().get_queryset(request).of(request.user)

    def get_urls(self):
        own = path("<uuid:pk>/file/", self.admin_site.admin_view(self.file_view), name="feedback_export_file")
        return [own, *super().get_urls()]

    @admin.display(description=_("what"))
    def what(self, export):
        return str(export)

    @admin.display(description=_("state"))
    def state(self, export):
        if export.failed_at:
            return export.get_fault_display()
        if export.finished_at:
            return _("ready") if export.is_there else _("no longer there")
        return _("under way")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far it is, and where it can be had; asks again by itself while it is under way."""
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied
        export = self.get_object(request, object_id)
        if export is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        done = export.total if export.finished_at else shelf.told(export)[0]
        context = self.admin_site.each_context(request) | {
            "title": str(export),
            "opts": self.opts,
            "export": export,
            "done": done,
            "under_way": not (export.finished_at or export.failed_at),
            "stalled": is_stalled(export),
            "has_dictionary": export.is_there and export.format != "xlsx",
        }
        return TemplateResponse(request, "admin/feedback/export/progress.html", context)

    def file_view(self, request, pk):
        """The file, for its owner alone and while it is there; `?dictionary` has what its columns mean."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        export = get_object_or_404(self.get_queryset(request), pk=pk)
        wants_dictionary = "dictionary" in request.GET
        if not export.is_there:
            raise Http404
        try:
            file = (shelf.dictionary_of(export) if wants_dictionary else shelf.file_of(export)).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        return download(file, export.kind, shelf.DICTIONARY if wants_dictionary else export.format)


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyAdmin):
    """Every export that was ever made, for administrators."""

    list_display = ["created_at", "by", "role", "kind", "format", "rows", "personal", "query"]
    list_filter = ["personal"]
    list_select_related = ["by__user"]
    fields = ["created_at", "by", "role", "kind", "format", "columns", "query", "rows", "personal"]
