"""Paper in the admin: sheets are printed, entered and confirmed here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from feedback.actions.paper import (
    confirm_batch,
    enter_sheet,
    open_batch,
    print_sheets,
    sheet_to_enter,
    take_out_sheet,
)
from feedback.actions.refusals import Refused
from feedback.admin.paper_forms import NumberForm, PrintForm, SheetForm, region_choices
from feedback.admin.records import ReadOnlyAdmin
from feedback.models import PaperBatch, PaperSheet
from feedback.paper_sheet import pdf_of
from principles.models import Measure


@admin.register(PaperBatch)
class PaperBatchAdmin(ReadOnlyAdmin):
    """Batches of sheets; what is done with them is done on the pages beside the list."""

    list_display = ["__str__", "entered_by", "created_at", "confirmed_by", "confirmed_at"]
    list_select_related = ["entered_by__user", "confirmed_by__user"]
    list_filter = [("confirmed_at", admin.EmptyFieldListFilter)]
    change_list_template = "admin/feedback/paper/batches.html"

    def has_module_permission(self, request):
        return request.user.has_perm("feedback.enter_paper")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("feedback.enter_paper")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("print/", wrap(self.print_page), name="feedback_paper_print"),
            path("enter/", wrap(self.enter_page), name="feedback_paper_enter"),
            path("<int:pk>/change/", wrap(self.batch_page), name="feedback_paperbatch_change"),
            path("<int:pk>/confirm/", wrap(require_POST(self.confirm)), name="feedback_paper_confirm"),
            path("<int:pk>/take-out/<int:number>/", wrap(require_POST(self.take_out)), name="feedback_paper_take_out"),
            *super().get_urls(),
        ]

    def print_page(self, request):
        """Choose what to print; the answer to the form is the PDF."""
        self._require(request)
        form = PrintForm(request.POST or None)
        if form.is_bound and form.is_valid():
            values = form.cleaned_data
            measure = get_object_or_404(Measure.objects.with_wording(), slug=values["measure"])
            try:
                sheets = print_sheets(measure, language=values["language"], count=values["count"], by=request.user)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                name = f"{measure.slug}-{values['language']}-{sheets[0].number}-{sheets[-1].number}.pdf"
                return HttpResponse(
                    pdf_of(sheets),
                    content_type="application/pdf",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'},
                )
        return self._page(request, "print.html", _("Print paper sheets"), form=form)

    def enter_page(self, request):
        """One sheet after another: first its number, then what is written on it."""
        self._require(request)
        number, form = NumberForm(request.GET if "number" in request.GET else None), None
        if number.is_bound and number.is_valid():
            try:
                sheet = sheet_to_enter(number.cleaned_data["number"])
            except Refused as refusal:
                number.add_error("number", refusal.message)
            else:
                form = SheetForm(request.POST or None, sheet=sheet)
                if form.is_bound and form.is_valid() and self._enter(request, sheet, form):
                    return HttpResponseRedirect(reverse("admin:feedback_paper_enter"))
                return self._page(request, "enter.html", _("Enter paper sheets"), number=number, form=form, sheet=sheet)
        batch = PaperBatch.objects.filter(entered_by__user=request.user, confirmed_at=None).order_by("-pk").first()
        return self._page(request, "enter.html", _("Enter paper sheets"), number=number, batch=batch)

    def _enter(self, request, sheet, form) -> bool:
        try:
            enter_sheet(open_batch(by=request.user), number=sheet.number, by=request.user, **form.values())
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return False
        messages.success(request, _t("Sheet %(number)s is entered.") % {"number": sheet.number})
        return True

    def batch_page(self, request, pk):
        """All sheets of a batch as they were entered, to be compared with the paper by a second person."""
        self._require(request)
        batch = get_object_or_404(PaperBatch.objects.select_related("entered_by__user", "confirmed_by__user"), pk=pk)
        sheets = batch.sheets.select_related("measure__current_edition", "comment__shown", "comment__latest")
        regions = dict(region_choices())
        return self._page(
            request,
            "batch.html",
            _t("Batch %(number)s") % {"number": batch.pk},
            batch=batch,
            rows=[(sheet, regions.get(sheet.region, "")) for sheet in sheets],
            own=batch.entered_by.user_id == request.user.pk,
        )

    def confirm(self, request, pk):
        self._require(request)
        batch = get_object_or_404(PaperBatch, pk=pk)
        try:
            confirm_batch(batch, by=request.user)
            messages.success(request, _("The batch is confirmed: its sheets count now."))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:feedback_paperbatch_change", args=[pk]))

    def take_out(self, request, pk, number):
        self._require(request)
        sheet = get_object_or_404(PaperSheet, batch=pk, number=number)
        try:
            take_out_sheet(sheet, by=request.user)
            messages.success(request, _("The sheet is taken out and can be entered again."))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:feedback_paperbatch_change", args=[pk]))

    def _require(self, request) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request, template, title, **context):
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        status = 422 if getattr(context.get("form"), "errors", None) else 200
        return TemplateResponse(request, f"admin/feedback/paper/{template}", context, status=status)
