"""The codebook of themes in the admin: written by those who code comments, version by version."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from feedback.actions.refusals import Refused
from feedback.actions.themes import LONGEST, write_theme
from feedback.models import Theme
from feedback.results.themes import themes_in_full
from portal.admin_search import BoundedSearch
from portal.admin_words import PlainWords
from portal.plain_text import clean_text
from principles.models import Programme

LABELS = {
    "name_kk": _("name [kk]"),
    "name_ru": _("name [ru]"),
    "name_en": _("name [en]"),
    "description_kk": _("what belongs to it [kk]"),
    "description_ru": _("what belongs to it [ru]"),
    "description_en": _("what belongs to it [en]"),
}
WORDING = list(LABELS)


class ThemeForm(PlainWords):
    """A theme with its wording in every language."""

    plain = staticmethod(clean_text)

    class Meta:
        model = Theme
        fields = ["programme", "code", "order", "retired"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = self.instance.current_version if self.instance.pk else None
        for name, label in LABELS.items():
            field, language = name.rsplit("_", 1)
            long = field == "description"
            self.fields[name] = forms.CharField(
                label=capfirst(label),
                required=not long,
                max_length=LONGEST[field],
                initial=getattr(current, name, ""),
                widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3})
                if long
                else forms.TextInput(attrs={"class": "vTextField"}),
            )
            self.fields[name].widget.attrs["lang"] = language


@admin.register(Theme)
class ThemeAdmin(BoundedSearch, admin.ModelAdmin):
    form = ThemeForm
    list_display = ["code", "__str__", "programme", "retired", "comments"]
    list_filter = ["programme"]
    list_select_related = ["current_version", "programme"]
    change_list_template = "admin/feedback/themes/list.html"
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("current_version").annotate(number=Count("comment_themes"))

    def get_urls(self):
        own = path("results/", self.admin_site.admin_view(self.results_view), name="feedback_theme_results")
        return [own, *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        return False  # comments have it: a theme is retired

    def get_readonly_fields(self, request, obj=None):
        return ["programme", "code", "wordings"] if obj else []

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["programme", "code", "order"]}), (_("Wording"), {"fields": WORDING})]
        place, so_far = ["programme", "code", "order", "retired"], (_("Wording so far"), {"fields": ["wordings"]})
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": place}), so_far]
        return [(None, {"fields": place}), (_("Wording"), {"fields": WORDING}), so_far]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The form as it is: the admin would look for the wording among the theme's own columns."""
        fields = ["order", "retired"] if change else ["programme", "code", "order"]
        return super().get_form(request, obj, change=change, **kwargs | {"fields": fields})

    def save_model(self, request, obj, form, change):
        values = form.cleaned_data
        try:
            theme = write_theme(
                obj if change else None,
                by=request.user,
                wording={name: values.get(name, "") for name in WORDING},
                programme=obj.programme,
                code=obj.code,
                order=values["order"],
                retired=values.get("retired", False),
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
            return
        obj.pk, obj.current_version, obj._state.adding = theme.pk, theme.current_version, False

    @admin.display(description=_("comments"), ordering="number")
    def comments(self, theme):
        return theme.number

    @admin.display(description=_("wordings"))
    def wordings(self, theme):
        versions = theme.versions.select_related("by__user")
        rows = ((each.number, each.name, each.description, each.by) for each in versions)
        return format_html_join("", "<p>{}. <strong>{}</strong> {} ({})</p>", rows) or "-"

    def results_view(self, request):
        """How many published comments have which theme, by measure and stance: in full, for the staff."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        programmes = [(programme, themes_in_full(programme)) for programme in Programme.objects.all()]
        context = self.admin_site.each_context(request) | {
            "title": _("Results by theme"),
            "opts": self.opts,
            "programmes": [(programme, found) for programme, found in programmes if found],
        }
        return TemplateResponse(request, "admin/feedback/themes/results.html", context)
