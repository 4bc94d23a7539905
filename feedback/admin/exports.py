"""Exports in the background, as their owner sees them, and the record of all exports."""

from urllib.parse import parse_qsl

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import ROLE_NAMES
from feedback.actions.exports import is_stalled
from feedback.admin.exporting import download
from feedback.admin.records import ReadOnlyAdmin
from feedback.export import shelf
from feedback.export.catalogue import KINDS
from feedback.models import Export, ExportRecord

MAKERS = ROLE_NAMES | {"operator": _("operator of the server")}


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
        there = export.is_there and shelf.file_of(export).is_file()
        done = export.total if export.finished_at else shelf.told(export)[0]
        context = self.admin_site.each_context(request) | {
            "title": str(export),
            "opts": self.opts,
            "export": export,
            "done": done,
            "under_way": not (export.finished_at or export.failed_at),
            "stalled": is_stalled(export),
            "there": there,
            "has_dictionary": there and export.format != "xlsx",
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
    """Every export that was ever made, for administrators; in words, whatever codes the record holds."""

    list_display = ["created_at", "by", "role_said", "what", "format", "rows", "personal", "filters"]
    list_filter = ["personal"]
    list_select_related = ["by__user"]
    fields = ["created_at", "by", "role_said", "what", "format", "columns_said", "filters", "rows", "personal"]
    readonly_fields = ["role_said", "what", "columns_said", "filters"]

    @admin.display(description=_("role"), ordering="role")
    def role_said(self, record):
        return MAKERS.get(record.role, record.role)

    @admin.display(description=_("what"), ordering="kind")
    def what(self, record):
        kind = KINDS.get(record.kind)
        return kind.title if kind else record.kind

    @admin.display(description=_("columns"))
    def columns_said(self, record):
        kind = KINDS.get(record.kind)
        meanings = {column.name: column.meaning for column in kind.columns()} if kind else {}
        rows = ((name, meanings.get(name, "")) for name in record.columns.split())
        return format_html_join("", "<p><code>{}</code> {}</p>", rows)

    @admin.display(description=_("filters"))
    def filters(self, record):
        if record.query.startswith("--") or record.kind not in KINDS:
            return record.query
        return said_of(record.query, KINDS[record.kind].model)


def said_of(query: str, model: type[Model]) -> str:
    """The query string of a list in words: “search: школа; language: Russian”; what is not known stays as it is."""
    fields = {field.name: field for field in model._meta.get_fields()}
    said = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in {"o", "p", "all"}:  # how the list was sorted and paged: of no matter for what was exported
            continue
        field = fields.get(name.partition("__")[0])
        label = {"q": _("search"), "user__isempty": _("account")}.get(name) or getattr(field, "verbose_name", name)
        choices = dict(getattr(field, "flatchoices", []))
        if name.endswith(("__isempty", "__isnull")):
            value = _("none") if value in {"1", "True"} else _("some")
        said.append(f"{label}: {choices.get(value, value)}")
    return "; ".join(said)
