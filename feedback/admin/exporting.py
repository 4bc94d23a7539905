"""Exporting from a list of the administration: with its filters and search, or the rows that are ticked."""

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, UUIDField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from feedback.actions.exports import AT_ONCE, is_full, record_export, request_export
from feedback.admin.long_lists import ActsOnMatching
from feedback.export.catalogue import KINDS
from feedback.export.dictionary import dictionary_csv
from feedback.export.formats import FORMATS
from feedback.export.kinds import Kind
from feedback.export.lists import LISTS
from feedback.export.making import Order, write_export
from feedback.models.export import Fault

EXPORTING = ["export_selected", "export_matching"]
LONGEST_QUERY = 2000
LONGEST_KEY = 18  # digits, so that any database can hold it


class ExportForm(forms.Form):
    """Which columns, and in which format."""

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect, initial=next(iter(FORMATS)))
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )

    def __init__(self, kind: Kind, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = kind.offered_to(user)
        self.kind, self.user = kind, user
        self.fields["format"].choices = [(each.name, each.title) for each in FORMATS.values()]
        if "parquet" not in FORMATS:
            self.fields["format"].help_text = _("Parquet is not offered here: it needs pyarrow on the server.")
        self.fields["columns"].choices = [
            (column.name, f"{column.meaning} {capfirst(column.unit)}." if column.unit else column.meaning)
            for column in offered
        ]
        self.fields["columns"].initial = [column.name for column in offered if column.usual]
        self.personal = [column.name for column in offered if column.personal]

    def order(self, among: QuerySet) -> Order:
        columns = self.kind.chosen(self.cleaned_data["columns"], self.user)
        return Order(self.kind, columns, self.cleaned_data["format"], among)


class Exports(ActsOnMatching):
    """Mixed into the admin of a list that may be exported by whoever sees it; `export_kind` names what comes out."""

    export_kind = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        LISTS[self.export_kind] = self.rows_to_export

    def get_actions(self, request):
        """Without Django's own way to delete, which goes round the actions of this portal."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=_("Export the selected rows…"), permissions=["view"])
    def export_selected(self, request, queryset):
        everything = request.POST.get("select_across") == "1"
        keys = [] if everything else request.POST.getlist(ACTION_CHECKBOX_NAME)
        return HttpResponseRedirect(f"{self._export_address()}?{self._what(request.GET.urlencode(), keys)}")

    @admin.action(description=_("Export all rows that match…"), permissions=["view"])
    def export_matching(self, request, queryset):
        return HttpResponseRedirect(f"{self._export_address()}?{self._what(request.GET.urlencode(), [])}")

    @staticmethod
    def _what(query: str, keys: list[str]) -> str:
        return urlencode({"query": query, "key": keys}, doseq=True)

    def _export_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def _export_address(self) -> str:
        return reverse(f"admin:{self._export_name()}")

    def get_urls(self):
        own = path("export/", self.admin_site.admin_view(self.export_view), name=self._export_name())
        return [own, *super().get_urls()]

    def rows_to_export(self, user, query: str, keys: list | None) -> QuerySet:
        """The rows of the list as `user` would see it with this query string, or those of them that have the keys.

        Raises PermissionDenied; Http404 for filters that there are not.
        """
        request = HttpRequest()
        request.method, request.GET, request.user = "GET", QueryDict(query), user
        if not self.has_view_permission(request):
            raise PermissionDenied
        if "\0" in unquote(query):  # the middleware that refuses it looks at the outer query alone
            raise Http404
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
            if keys and not isinstance(self.opts.pk, UUIDField) and any(len(str(key)) > LONGEST_KEY for key in keys):
                raise Http404
            return rows.filter(pk__in=keys) if keys else rows
        except (IncorrectLookupParameters, ValidationError, ValueError):
            raise Http404 from None

    def export_view(self, request):
        """The choice of columns and format; then the file itself, or the page of one that takes longer."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind, query, keys = KINDS[self.export_kind], request.GET.get("query", ""), request.GET.getlist("key")
        if len(query) > LONGEST_QUERY:
            raise Http404
        among = self.rows_to_export(request.user, query, keys)
        number = among.order_by()[: AT_ONCE + 1].count()
        form, status = ExportForm(kind, request.user, request.POST if request.method == "POST" else None), 200
        if form.is_bound:
            status = 422
            if form.is_valid() and "dictionary" in request.POST:
                return self._dictionary(form.order(among))
            if form.is_valid() and number > AT_ONCE:
                export = request_export(form.order(among), by=request.user, query=query, keys=keys or None)
                return HttpResponseRedirect(reverse("admin:feedback_export_change", args=[export.pk]))
            if form.is_valid():
                try:
                    return self._file(request, form.order(among), query)
                except OSError as fault:
                    form.add_error(None, (Fault.DISK_FULL if is_full(fault) else Fault.NOT_WRITTEN).label)
                    status = 503
        context = self.admin_site.each_context(request) | {
            "title": _("Export: %(what)s") % {"what": self.opts.verbose_name_plural},
            "opts": self.opts,
            "form": form,
            "number": number,
            "at_once": AT_ONCE,
            "in_background": number > AT_ONCE,
            "query": query,
            "ticked": len(keys),
            "back": f"{reverse(f'admin:{self.opts.app_label}_{self.opts.model_name}_changelist')}?{query}",
        }
        return TemplateResponse(request, "admin/feedback/export/choose.html", context, status=status)

    @staticmethod
    def _dictionary(order: Order) -> HttpResponse:
        response = HttpResponse(dictionary_csv(order.columns), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{order.kind.name}.dictionary.csv"'
        return response

    @staticmethod
    def _file(request, order: Order, query: str) -> FileResponse:
        """The file, which is whole before the first byte of the answer goes out. Raises OSError."""
        with TemporaryDirectory() as folder:
            target = Path(folder) / f"{order.kind.name}.{order.format}"
            write_export(
                order, target, settle=lambda rows: record_export(order, by=request.user, query=query, rows=rows)
            )
            file = target.open("rb")  # stays readable when its name has gone
        return download(file, order.kind.name, order.format)


def download(file, kind: str, format_name: str) -> FileResponse:
    """An open file as an answer, named by its kind and the day."""
    name = f"{kind}-{timezone.localdate():%Y-%m-%d}.{format_name}"
    media_type = FORMATS[format_name].media_type if format_name in FORMATS else "text/csv; charset=utf-8"
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
