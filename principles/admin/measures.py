"""Measures and their editions."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from portal.localized import localized
from principles.actions import add_measure, revise_measure
from principles.admin.measure_forms import NOTE, WORDING, AddMeasureForm, ChangeMeasureForm
from principles.admin.programmes import KeptAdmin
from principles.figures import figure_text
from principles.models import LANGUAGES, Edition, Measure, Principle, TargetFigure

PLACE = ["principle", "slug", "code", "area", "paragraph", "order"]


def promised(edition):
    """The figures of `edition`, one a line, in the active language."""
    language = (get_language() or "en")[:2]
    lines = [
        (localized(figure, "label"), figure_text(figure, language), f" ({figure.due})" if figure.due else "")
        for figure in TargetFigure.objects.filter(edition=edition).select_related("unit")
    ]
    return format_html_join("", "<p>{}: {}{}</p>", lines) or "-"


@admin.register(Measure)
class MeasureAdmin(KeptAdmin, admin.ModelAdmin):
    list_display = ["code", "name", "principle", "area", "order", "retired_at"]
    list_display_links = ["code", "name"]
    list_filter = ["principle__programme", "principle", "area", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["current_edition", "principle", "area"]
    ordering = ["principle__programme__order", "principle__programme", "principle__order", "order", "pk"]
    search_fields = ["slug", "code", *(f"current_edition__title_{language}" for language in LANGUAGES)]
    readonly_fields = ["edition", "now", "now_promised"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("current_edition", "principle__programme", "area")

    def lock(self, pk):
        """Lock the principle too, which its codes are unique in, and first, as the principle's page does."""
        list(Principle.objects.select_for_update().filter(measures=pk).values_list("pk"))
        super().lock(pk)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(
            request, obj, change=change, **{"form": ChangeMeasureForm if obj else AddMeasureForm} | kwargs
        )

    def get_fieldsets(self, request, obj=None):
        current = (_("Current edition"), {"fields": ["edition", "now", "now_promised"]})
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": [*PLACE, "retired_at"]}), current]
        if obj is None:
            return [(None, {"fields": PLACE}), (_("Wording"), {"fields": [*WORDING, *NOTE]})]
        return [
            (None, {"fields": [*PLACE, "retired_at"]}),
            current,
            (_("Next edition"), {"fields": [*WORDING, "kind", *NOTE, "expected_edition"]}),
        ]

    def save_model(self, request, obj, form, change):
        if change:
            obj.save(update_fields=[*PLACE, "retired_at"])
            if form.edition_changed:
                revise_measure(
                    obj,
                    wording=form.wording(),
                    figures=form.figures.figures(),
                    substantive=form.cleaned_data["kind"] == form.SUBSTANTIVE,
                    note=form.note(),
                    expected_edition=form.cleaned_data["expected_edition"],
                )
            return
        measure = add_measure(
            wording=form.wording(),
            figures=form.figures.figures(),
            note=form.note(),
            **{name: form.cleaned_data[name] for name in PLACE},
        )
        obj.pk, obj.current_edition, obj._state.adding = measure.pk, measure.current_edition, False

    @admin.display(description=_("title"), ordering="current_edition__title")
    def name(self, measure):
        return localized(measure.current_edition, "title").text if measure.current_edition else measure.slug

    @admin.display(description=_("edition"))
    def edition(self, measure):
        return measure.current_edition.number

    @admin.display(description=_("wording"))
    def now(self, measure):
        edition = measure.current_edition
        texts = [
            (
                language,
                language,
                getattr(edition, f"title_{language}"),
                language,
                getattr(edition, f"summary_{language}"),
            )
            for language in LANGUAGES
            if getattr(edition, f"title_{language}") or getattr(edition, f"summary_{language}")
        ]
        return format_html_join("", '<p>[{}] <strong lang="{}">{}</strong><br><span lang="{}">{}</span></p>', texts)

    @admin.display(description=_("target figures"))
    def now_promised(self, measure):
        return promised(measure.current_edition)


@admin.register(Edition)
class EditionAdmin(KeptAdmin, TranslationAdmin):
    """Every edition that ever was, to be read."""

    list_display = ["measure_code", "number", "series", "name", "note", "created_at"]
    list_display_links = ["measure_code", "number"]
    list_filter = ["measure__principle__programme"]
    list_select_related = ["measure"]
    search_fields = ["measure__slug", "measure__code", *(f"title_{language}" for language in LANGUAGES)]
    fields = ["measure", "number", "series", "title", "summary", "figures_promised", "note", "created_at"]
    readonly_fields = ["figures_promised", "created_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("measure__current_edition")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("measure"), ordering="measure__code")
    def measure_code(self, edition):
        return edition.measure.code

    @admin.display(description=_("title"))
    def name(self, edition):
        return localized(edition, "title").text

    @admin.display(description=_("target figures"))
    def figures_promised(self, edition):
        return promised(edition)
