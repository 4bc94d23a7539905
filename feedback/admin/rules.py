"""The rules of participation in the admin: senior moderators write, reword, order and retire them."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import Refused
from feedback.actions.rules import LONGEST, RuleChanged, write_rule
from feedback.models import Rule, RuleVersion
from portal.admin_search import BoundedSearch
from portal.admin_words import PlainWords
from portal.plain_text import clean_text
from principles.models import LANGUAGES

LABELS = {
    "title_kk": _("title [kk]"),
    "title_ru": _("title [ru]"),
    "title_en": _("title [en]"),
    "text_kk": _("text [kk]"),
    "text_ru": _("text [ru]"),
    "text_en": _("text [en]"),
}
WORDING = list(LABELS)


class RuleForm(PlainWords):
    """A rule with its wording in every language; `version` is the wording that the person saw."""

    plain = staticmethod(clean_text)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Rule
        fields = ["code", "order", "retired"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = self.instance.current_version
        self.fields["version"].initial = current.number if current else None
        for name, label in LABELS.items():
            field, language = name.split("_")
            long = field == "text"
            self.fields[name] = forms.CharField(
                label=capfirst(label),
                max_length=LONGEST[field],
                initial=getattr(current, name, ""),
                widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 5}) if long else forms.TextInput,
            )
            self.fields[name].widget.attrs["lang"] = language
            if not long:
                self.fields[name].widget.attrs["class"] = "vTextField"

    def clean(self):
        cleaned = super().clean()
        current = self.instance.current_version
        if self.instance.pk and cleaned.get("version") != (current.number if current else None):
            # What they save next is a change of the wording that this answer shows.
            self.data = self.data.copy()
            self.data["version"] = current.number if current else ""
            raise forms.ValidationError(RuleChanged.message)
        return cleaned

    def wording(self, field: str) -> dict[str, str]:
        return {language: self.cleaned_data[f"{field}_{language}"] for language in LANGUAGES}


@admin.register(Rule)
class RuleAdmin(BoundedSearch, admin.ModelAdmin):
    form = RuleForm
    list_display = ["code", "__str__", "order", "retired"]
    list_select_related = ["current_version"]
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("current_version")

    def has_delete_permission(self, request, obj=None):
        return False  # decisions stand under it: a rule is retired

    def get_readonly_fields(self, request, obj=None):
        return ["code", "wordings"] if obj else []

    def get_fieldsets(self, request, obj=None):
        place = ["code", "order", "retired"]
        if obj is None:
            return [(None, {"fields": ["code", "order"]}), (_("Wording"), {"fields": WORDING})]
        so_far = (_("Wording so far"), {"fields": ["wordings"]})
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": place}), so_far]
        return [(None, {"fields": place}), (_("Wording"), {"fields": [*WORDING, "version"]}), so_far]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form as it is: the admin would look for the wording among the rule's own columns. A new rule is in
        force."""
        columns = ["code", "order", "retired"] if obj else ["code", "order"]
        return super().get_form(request, obj, change=change, **kwargs | {"fields": columns})

    def save_model(self, request, obj, form, change):
        values = form.cleaned_data
        try:
            rule = write_rule(
                obj if change else None,
                by=request.user,
                code=obj.code,
                title=form.wording("title"),
                text=form.wording("text"),
                order=values["order"],
                retired=values.get("retired", False),
                version=values["version"],
            )
        except Refused as refusal:
            request.rule_refused = True
            messages.error(request, refusal.message)
        else:
            obj.pk, obj._state.adding, obj.current_version = rule.pk, False, rule.current_version

    def response_change(self, request, obj):
        """Say that it is done only where it is."""
        if getattr(request, "rule_refused", False):
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    @admin.display(description=_("versions"))
    def wordings(self, rule):
        """Every wording that the rule has had, the newest first."""
        return format_html_join("", "{}", ((wording_of(version),) for version in rule.versions.order_by("-number")))


def wording_of(version: RuleVersion) -> str:
    """A version with its number and date, in every language."""
    texts = [
        (language, language, getattr(version, f"title_{language}"), getattr(version, f"text_{language}"))
        for language in LANGUAGES
    ]
    return format_html(
        "<p><strong>{}</strong>\xa0· {}{}</p>",
        version.number,
        date_format(localtime(version.created_at), "DATE_FORMAT"),
        format_html_join("", '<br><span lang="{}">[{}] {}: {}</span>', texts),
    )
