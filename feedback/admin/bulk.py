"""Bulk decisions in the admin: from the list of comments to a preview, to the decision, to its progress."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from feedback.actions.bulk import (
    ACTIONS,
    AT_ONCE,
    confirm_bulk,
    describe,
    is_stalled,
    languages_of,
    preview_bulk,
    progress_of,
    run_bulk,
)
from feedback.actions.decisions import LONGEST_EXPLANATION
from feedback.actions.refusals import Refused
from feedback.actions.transitions import NEEDS_RULE
from feedback.admin.long_lists import ActsOnMatching
from feedback.admin.records import ReadOnlyAdmin
from feedback.forms import PlainTextField
from feedback.models import BulkDecision, BulkTarget, Rule, SavedExplanation
from feedback.models.comment import Language, State
from feedback.signals.detect import mask

SAMPLE, SHOWN_OF_TEXT, SHOWN_REFUSED = 20, 300, 200


class BulkActions(ActsOnMatching):
    """Mixed into the admin of comments: decide about the selected ones, or about all that the filters leave."""

    def has_decide_permission(self, request) -> bool:
        return request.user.has_perm("feedback.decide")

    @admin.action(description=_("Decide about the selected comments…"), permissions=["decide"])
    def decide_selected(self, request, queryset):
        try:
            bulk = preview_bulk(queryset, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return None
        return HttpResponseRedirect(reverse("admin:feedback_bulkdecision_decide", args=[bulk.pk]))

    @admin.action(description=_("Decide about all comments that match…"), permissions=["decide"])
    def decide_matching(self, request, queryset):
        return self.decide_selected(request, queryset)


class BulkForm(forms.Form):
    """What to decide about all of them, under which rule, and what their authors read."""

    action = forms.ChoiceField(
        label=_("Decision"),
        choices=[(action.value, action.label) for action in ACTIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to decide."), "invalid_choice": _("Choose what to decide.")},
    )
    rule = forms.ModelChoiceField(Rule.objects.none(), label=_("Rule"), required=False, empty_label="–")
    saved = forms.ModelChoiceField(
        SavedExplanation.objects.none(),
        label=_("Saved explanation"),
        required=False,
        empty_label="–",
        help_text=_("Each author gets it in the language of their comment, unless you write another text below."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.in_force()
        self.fields["saved"].queryset = SavedExplanation.objects.filter(rule__retired=False)
        for language in Language:
            self.fields[f"text_{language}"] = PlainTextField(
                longest=LONGEST_EXPLANATION,
                rows=3,
                required=False,
                label=_("Explanation for the author: %(language)s") % {"language": language.label},
            )
            self.fields[f"text_{language}"].widget.attrs |= {"lang": str(language), "cols": 80}
            del self.fields[f"text_{language}"].widget.attrs["data-draft"]

    def clean(self):
        values = super().clean()
        saved = values.get("saved")
        if saved and not values.get("rule"):
            values["rule"] = saved.rule
        if saved and values.get("rule") and values["rule"].pk != saved.rule_id:
            self.add_error("saved", _("This explanation belongs to another rule."))
        if values.get("action") in NEEDS_RULE and not values.get("rule"):
            self.add_error("rule", _("This decision needs a rule."))
        return values

    def explanations(self) -> dict[str, str]:
        """The text in each language: the one that was written, else the saved one."""
        saved = self.cleaned_data["saved"]
        return {
            language: self.cleaned_data[f"text_{language}"]
            or (getattr(saved, f"text_{language}", None) if saved else "")
            or ""
            for language in Language.values
        }


@admin.register(BulkDecision)
class BulkDecisionAdmin(ReadOnlyAdmin):
    """Bulk decisions that were made; a row's page is its progress."""

    list_display = ["created_at", "decided", "total", "by", "finished_at"]
    list_select_related = ["by__user", "rule__current_version"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(confirmed_at=None)

    def get_urls(self):
        own = [
            path("<int:pk>/decide/", self.admin_site.admin_view(self.decide_view), name="feedback_bulkdecision_decide"),
            path(
                "<int:pk>/continue/",
                self.admin_site.admin_view(require_POST(self.continue_view)),
                name="feedback_bulkdecision_continue",
            ),
        ]
        return own + super().get_urls()

    @admin.display(description=_("decision"))
    def decided(self, bulk):
        return describe(bulk)

    def decide_view(self, request, pk):
        """The preview, and the form that decides."""
        if not request.user.has_perm("feedback.decide"):
            raise PermissionDenied
        bulk = get_object_or_404(BulkDecision.objects.select_related("by"), pk=pk)
        if bulk.confirmed_at:
            return self._to_progress(bulk)
        if bulk.by.user_id != request.user.pk:
            raise PermissionDenied
        form = BulkForm(request.POST or None)
        status = 422 if form.is_bound else 200
        if form.is_bound and form.is_valid():
            try:
                values = form.cleaned_data
                texts = form.explanations()
                confirm_bulk(bulk, by=request.user, action=values["action"], rule=values["rule"], explanations=texts)
                return self._to_progress(bulk)
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
        context = self._context(request, bulk, _("Decide about many comments")) | {
            "form": form,
            "saved": form.fields["saved"].queryset.select_related("rule__current_version"),
            "sample": sample_of(bulk),
            "languages": [(Language(code).label, number) for code, number in languages_of(bulk).items()],
            "states": states_of(bulk),
            "in_background": bulk.total > AT_ONCE,
        }
        return TemplateResponse(request, "admin/feedback/bulk/decide.html", context, status=status)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far it is, and what was refused; asks again by itself while it is under way."""
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied
        bulk = self.get_object(request, object_id)
        if bulk is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        refused = bulk.targets.filter(outcome=BulkTarget.Outcome.REFUSED).select_related("comment__latest")
        progress = progress_of(bulk)
        context = self._context(request, bulk, describe(bulk)) | {
            "progress": progress,
            "handled": bulk.total - progress["waiting"],
            "refused": [(target, excerpt(target)) for target in refused.order_by("pk")[:SHOWN_REFUSED]],
            "shown_refused": SHOWN_REFUSED,
            "stalled": is_stalled(bulk),
        }
        return TemplateResponse(request, "admin/feedback/bulk/progress.html", context)

    def continue_view(self, request, pk):
        """Queue a decision that was stopped in between once more."""
        if not request.user.has_perm("feedback.decide"):
            raise PermissionDenied
        bulk = get_object_or_404(BulkDecision.objects.unfinished(), pk=pk)
        if is_stalled(bulk):
            run_bulk.enqueue(bulk.pk)
        return self._to_progress(bulk)

    def _context(self, request, bulk, title):
        return self.admin_site.each_context(request) | {"bulk": bulk, "title": title, "opts": self.opts}

    @staticmethod
    def _to_progress(bulk):
        return HttpResponseRedirect(reverse("admin:feedback_bulkdecision_change", args=[bulk.pk]))


def sample_of(bulk: BulkDecision) -> list[tuple[BulkTarget, str]]:
    """Up to twenty of its comments, evenly from the newest to the oldest, each with the beginning of its text."""
    keys = list(bulk.targets.order_by("pk").values_list("pk", flat=True))
    step = max(1, len(keys) / SAMPLE)
    chosen = [keys[round(place * step)] for place in range(min(SAMPLE, len(keys)))]
    targets = BulkTarget.objects.filter(pk__in=chosen).order_by("pk")
    return [(target, excerpt(target)) for target in targets.select_related("comment__latest", "comment__measure")]


def states_of(bulk: BulkDecision) -> list[tuple[str, int]]:
    """How many of its comments are in which state, by name."""
    rows = bulk.targets.order_by().values_list("comment__state").annotate(number=Count("pk"))
    return [(State(state).label, number) for state, number in rows.order_by("comment__state")]


def excerpt(target: BulkTarget) -> str:
    """The beginning of a comment's latest text, with what is personal masked; its state where it has no text."""
    latest = target.comment.latest
    if latest is None:
        return f"({target.comment.state_label})"
    text = mask(latest.text)
    return text if len(text) <= SHOWN_OF_TEXT else f"{text[:SHOWN_OF_TEXT]}…"
