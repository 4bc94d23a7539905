"""The editors' desk: official answers, to measures and to comments, and closing statements."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db import models
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.admin import TranslationAdmin

from feedback.actions.answers import correct_answer, discard_draft, save_draft
from feedback.actions.closing import PARTS, save_statement
from feedback.actions.refusals import Refused
from feedback.admin.answer_forms import AnswerForm, ClosingStatementForm
from feedback.admin.exporting import EXPORTING, Exports
from feedback.models import Answer, ClosingStatement, Comment
from portal.admin_search import BoundedSearch
from portal.localized import localized
from portal.templatetags.portal import language_name

MOST_IN_ADDRESS = 100
SHOWN = 50


class CarefulAdmin(BoundedSearch, TranslationAdmin):
    """Saves through an action alone; what the action refuses is shown above the form, with all that was typed."""

    form_class = None
    actions = None
    change_form_template = "admin/feedback/publish_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = refusal.message
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = type(self.form_class.__name__, (self.form_class,), {"refusal": getattr(request, "refusal", None)})
        return super().get_form(request, obj, change=change, **{"form": form} | kwargs)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_save = self.has_change_permission(request, obj) if change else self.has_add_permission(request)
        context |= {"can_publish": may_save and not (obj and obj.published_at), "show_save_and_add_another": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        """The action has saved everything."""

    @staticmethod
    def adopt(obj, saved):
        """Let the admin go on with the row that the action wrote."""
        obj.pk, obj.published_at, obj._state.adding = saved.pk, saved.published_at, False

    @admin.display(description=_("missing languages"))
    def missing(self, obj):
        return ", ".join(str(language_name(code)) for code in obj.missing_languages) or "-"


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("draft", _("draft")), ("timed", _("to be published at its time")), ("published", _("published"))]

    def queryset(self, request, queryset):
        drafts = queryset.filter(published_at=None)
        return {
            "draft": drafts.filter(publish_at=None),
            "timed": drafts.exclude(publish_at=None),
            "published": queryset.published(),
        }.get(self.value(), queryset)


@admin.register(Answer)
class AnswerAdmin(Exports, CarefulAdmin):
    export_kind = "answers"
    actions = EXPORTING
    form_class = AnswerForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["code", "measure_code", "begins", "outcome", "state", "comments_answered", "missing"]
    list_filter = [StateFilter, "outcome", "measure__principle__programme"]
    list_select_related = ["measure"]
    search_fields = ["measure__code", "measure__slug", "text_kk", "text_ru", "text_en"]
    show_full_result_count = False
    readonly_fields = ["state", "missing", "answered_comments"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number=Count("answered"))

    def get_fieldsets(self, request, obj=None):
        says = ["measure", "outcome", "text", "body", "answered_on", "link"]
        about = (_("Comments that it answers"), {"fields": ["about_comments", "seen", "answered_comments"]})
        came = (_("What came of it"), {"fields": ["edition", "reading"]})
        if obj is None:
            about[1]["fields"].remove("answered_comments")
            publication = ["publish_at"]
        else:
            publication = ["state", "missing"] if obj.published_at else ["state", "missing", "publish_at"]
            if not self.has_change_permission(request, obj):
                about[1]["fields"][:2] = []
        sets = [(None, {"fields": says}), about, came, (_("Publication"), {"fields": publication})]
        return self._patch_fieldsets(sets)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        initial["about_comments"] = initial.get("about_comments", "").replace(",", "\n")
        return initial

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    def delete_model(self, request, obj):
        discard_draft(obj, by=request.user)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("admin:feedback_answer_change", args=[object_id]))

    def save_model(self, request, obj, form, change):
        values = form.cleaned_data
        common = {"by": request.user, "seen": values["seen"] if change else None}
        stored = Answer.objects.filter(pk=obj.pk).first() if change else None
        if stored and stored.published_at:
            answer = correct_answer(stored, form.contents(), **common)
        else:
            publish = "_publish" in request.POST
            publish_at = None if publish else values.get("publish_at")
            answer = save_draft(stored, form.contents(), publish_at=publish_at, publish=publish, **common)
            if left_out := len(form.contents().comments) - answer.answered.count():
                messages.warning(request, left_out_message(left_out))
        self.adopt(obj, answer)

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj) if "_publish" in request.POST else super().response_add(request, obj)

    def response_change(self, request, obj):
        if "_publish" not in request.POST:
            return super().response_change(request, obj)
        messages.success(
            request,
            format_html('{} <a href="{}">{}</a>', _t("The answer is published."), obj.get_absolute_url(), obj.code),
        )
        return HttpResponseRedirect(reverse("admin:feedback_answer_changelist"))

    @admin.display(description=_("code"), ordering="pk")
    def code(self, answer):
        return answer.code

    @admin.display(description=_("measure"), ordering="measure__code")
    def measure_code(self, answer):
        return answer.measure.code

    @admin.display(description=_("answer"))
    def begins(self, answer):
        text = localized(answer, "text").text
        return text if len(text) <= 60 else f"{text[:60]}…"

    @admin.display(description=_("state"), ordering="published_at")
    def state(self, answer):
        if answer.published_at:
            text, at = _t("published on %(time)s"), answer.published_at
        elif answer.publish_at:
            text, at = _t("to be published on %(time)s"), answer.publish_at
        else:
            return _t("draft")
        return text % {"time": date_format(localtime(at), "DATETIME_FORMAT")}

    @admin.display(description=_("comments"), ordering="number")
    def comments_answered(self, answer):
        return answer.number or "-"

    @admin.display(description=_("their texts"))
    def answered_comments(self, answer):
        comments = Comment.objects.filter(answered_by__answer=answer).order_by("created_at", "pk").with_text()
        rows = [
            (
                comment.get_absolute_url(),
                comment.state_label,
                comment.language,
                comment.shown.text[:200] if comment.is_visible else "",
            )
            for comment in comments.select_related("measure")[:SHOWN]
        ]
        return format_html_join("", '<p><a href="{}">{}</a> <span lang="{}">{}</span></p>', rows) or "-"


def left_out_message(number: int) -> str:
    return ngettext(
        "%(number)d comment is not published any more and was left out.",
        "%(number)d comments are not published any more and were left out.",
        number,
    ) % {"number": number}


@admin.register(ClosingStatement)
class ClosingStatementAdmin(CarefulAdmin):
    form_class = ClosingStatementForm
    list_display = ["programme", "published_at", "missing"]
    list_select_related = ["programme"]
    fields = ["programme", *PARTS, "seen"]

    def get_fields(self, request, obj=None):
        fields = [*super().get_fields(request, obj)]
        if obj and not self.has_change_permission(request, obj):
            fields.remove("seen")
        return fields

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        parts = {part: form.texts(part) for part in PARTS}
        seen = form.cleaned_data["seen"] if change else None
        publish = "_publish" in request.POST
        programme = form.cleaned_data["programme"]
        statement = save_statement(programme, by=request.user, publish=publish, seen=seen, **parts)
        self.adopt(obj, statement)


class AnswersComments:
    """Mixed into the admin of comments: an action that opens the form of an answer to those that are selected."""

    def has_answer_permission(self, request) -> bool:
        return request.user.has_perm("feedback.add_answer")

    @admin.action(description=_("Answer the selected comments"), permissions=["answer"])
    def answer_selected(self, request, queryset):
        keys = list(queryset.visible().order_by("pk").values_list("pk", "measure")[: MOST_IN_ADDRESS + 1])
        measures = {measure for _pk, measure in keys}
        if len(keys) > MOST_IN_ADDRESS:
            messages.error(request, _("Select at most 100 comments; more can be added on the form."))
        elif len(measures) != 1:
            messages.error(request, _("Select published comments on one measure."))
        else:
            if left_out := queryset.count() - len(keys):
                messages.warning(request, left_out_message(left_out))
            chosen = {"measure": measures.pop(), "about_comments": ",".join(str(pk) for pk, _measure in keys)}
            return HttpResponseRedirect(f"{reverse('admin:feedback_answer_add')}?{urlencode(chosen)}")
        return None
