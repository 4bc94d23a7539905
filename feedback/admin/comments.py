"""Comments in the admin: read, and publish or hide under a rule with an explanation."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponseRedirect
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from feedback.actions.decisions import VersionChanged, last_decision
from feedback.actions.moderation import hide_comment, publish_comment
from feedback.actions.refusals import Refused
from feedback.admin.answers import AnswersComments
from feedback.admin.bulk import BulkActions
from feedback.models import Comment, Decision, Report, Rule
from feedback.models.comment import State
from feedback.text import clean_text

ACTIONS = {Decision.Action.HIDE: hide_comment, Decision.Action.PUBLISH: publish_comment}


class WaitingFilter(admin.SimpleListFilter):
    """What waits for the staff."""

    title = _("waits for the staff")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("moderation", _("new, or edited")), ("reported", _("reported"))]

    def queryset(self, request, queryset):
        if self.value() == "moderation":
            return queryset.awaiting_moderation()
        if self.value() == "reported":
            return queryset.filter(Exists(Report.objects.filter(comment=OuterRef("pk"), handled_at=None)))
        return queryset


class StateFilter(admin.SimpleListFilter):
    """The public state, by its name in the staff member's language."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


class DecisionForm(forms.ModelForm):
    """A decision about the version that the moderator sees; blank means none."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        required=False,
        choices=[("", _("none")), *Decision.Action.choices],
        widget=forms.RadioSelect,
    )
    rule = forms.ModelChoiceField(Rule.objects.none(), label=_("Rule"), required=False)
    explanation = forms.CharField(
        label=_("Explanation for the author"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("The author reads it; write in the language of the comment. At most 2,000 characters."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Comment
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.in_force()
        latest = self.instance.latest
        self.fields["version"].initial = latest.number if latest else None
        last = last_decision(self.instance) if self.instance.pk else None
        self.fields["after"].initial = last.pk if last else None

    def clean_explanation(self):
        text = clean_text(self.cleaned_data["explanation"])
        if len(text) > 2000:
            raise forms.ValidationError(_("The explanation is longer than 2,000 characters."))
        return text

    def clean(self):
        values = super().clean()
        if values.get("decision") == Decision.Action.HIDE:
            if not values.get("rule"):
                self.add_error("rule", _("Hiding needs a rule."))
            if not values.get("explanation"):
                self.add_error("explanation", _("Hiding needs an explanation for the author."))
        latest = self.instance.latest
        if values.get("decision") and values.get("version") != (latest.number if latest else None):
            # What they decide next is about the version that this answer shows.
            self.data = self.data.copy()
            self.data["version"] = latest.number if latest else ""
            raise forms.ValidationError(VersionChanged.message)
        return values


@admin.register(Comment)
class CommentAdmin(BulkActions, AnswersComments, admin.ModelAdmin):
    form = DecisionForm
    actions = ["decide_selected", "decide_matching", "answer_selected"]
    list_display = ["excerpt", "measure", "state_now", "language", "stance", "author_name", "created_at"]
    list_filter = [WaitingFilter, StateFilter, "language", "stance", "channel", "measure__principle__programme"]
    list_select_related = ["latest", "measure__current_edition", "author__user"]
    search_fields = ["latest__text"]
    date_hierarchy = None
    show_full_result_count = False
    list_per_page = 50
    readonly_fields = [
        "text_now",
        "text_shown",
        "measure",
        "in_reply_to",
        "author_name",
        "state_now",
        "language",
        "stance",
        "created_at",
        "edited_at",
        "votes",
        "reports_received",
        "decisions_made",
    ]
    fieldsets = [
        (None, {"fields": ["text_now", "text_shown", "measure", "in_reply_to", "author_name", "state_now"]}),
        (_("Details"), {"fields": ["language", "stance", "created_at", "edited_at", "votes"]}),
        (_("Reports and decisions"), {"fields": ["reports_received", "decisions_made"]}),
        (_("Decide"), {"fields": ["decision", "rule", "explanation", "version", "after"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fieldsets(self, request, obj=None):
        sets = super().get_fieldsets(request, obj)
        decidable = obj and obj.state not in {State.WITHDRAWN, State.ERASED}
        return sets if decidable and self.has_change_permission(request, obj) else sets[:-1]

    def save_model(self, request, comment, form, change):
        values = form.cleaned_data
        action = {Decision.Action.HIDE: hide_comment, Decision.Action.PUBLISH: publish_comment}.get(
            values.get("decision")
        )
        if action is None:
            return
        try:
            action(
                comment,
                by=request.user,
                version=values["version"],
                after=values["after"],
                rule=values["rule"],
                explanation=values["explanation"],
            )
        except Refused as refusal:
            request.decision_refused = True
            messages.error(request, refusal.message)
            if values["explanation"]:
                messages.warning(request, _("Your explanation was: %(text)s") % {"text": values["explanation"]})

    def response_change(self, request, obj):
        """Say that it is done only where it is."""
        if getattr(request, "decision_refused", False):
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    def save_related(self, request, form, formsets, change):
        """Nothing hangs on a comment that this page would save."""

    def log_change(self, request, obj, message):
        """The decision is the record."""

    @admin.display(description=_("text"))
    def excerpt(self, comment):
        text = comment.latest.text if comment.latest else f"({comment.state_label})"
        return text if len(text) <= 90 else f"{text[:90]}…"

    @admin.display(description=_("latest text"))
    def text_now(self, comment):
        return self._text(comment.latest)

    @admin.display(description=_("text that everybody sees"))
    def text_shown(self, comment):
        return _("the same") if comment.shown_id == comment.latest_id else self._text(comment.shown)

    @admin.display(description=_("in reply to"))
    def in_reply_to(self, comment):
        return self._text(comment.parent.shown) if comment.parent else "-"

    @staticmethod
    def _text(version):
        return format_html('<div lang="{}">{}</div>', version.language, version.text) if version else "-"

    @admin.display(description=_("state"), ordering="state")
    def state_now(self, comment):
        return comment.state_label

    @admin.display(description=_("author"))
    def author_name(self, comment):
        return (comment.author.name if comment.author else None) or "-"

    @admin.display(description=_("votes"))
    def votes(self, comment):
        return f"+{number_format(comment.agree_count)} / −{number_format(comment.disagree_count)}"

    @admin.display(description=_("reports"))
    def reports_received(self, comment):
        reports = comment.reports.select_related("rule__current_version")[:50]
        return format_html_join("", "<p>{}: {}</p>", ((report.rule, report.note or "-") for report in reports)) or "-"

    @admin.display(description=_("decisions"))
    def decisions_made(self, comment):
        decisions = comment.decisions.select_related("rule_version", "by__user", "explanation")
        rows = (
            (
                date_format(localtime(decision.created_at), "SHORT_DATETIME_FORMAT"),
                decision.get_action_display(),
                decision.rule_version.title if decision.rule_version else "",
                decision.by,
                decision.explanation.text if hasattr(decision, "explanation") else "",
            )
            for decision in decisions
        )
        return format_html_join("", "<p>{} · {} · {} · {}<br>{}</p>", rows) or "-"
