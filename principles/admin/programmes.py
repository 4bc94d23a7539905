"""Programmes and their principles."""

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline, TranslationTabularInline

from portal.admin_names import NamedFields
from portal.admin_search import BoundedSearch
from portal.localized import localized
from principles.actions import park_codes
from principles.admin.forms import PlainForm, ProgrammePartForm, UnitForm
from principles.admin.formsets import MeasureFormSet, RowFormSet
from principles.models import Area, Measure, Principle, Programme, Question, Unit


class KeptAdmin(BoundedSearch, NamedFields):
    """Rows that others refer to are retired or reworded, never deleted; one person at a time changes a row."""

    def get_object(self, request, object_id, from_field=None):
        """Lock the row before it is read for a change: what the form checks must still hold when it is saved."""
        if request.method == "POST" and object_id.isdecimal():
            self.lock(object_id)
        return super().get_object(request, object_id, from_field)

    def lock(self, pk):
        list(self.model.objects.select_for_update().filter(pk=pk).values_list("pk"))

    def has_delete_permission(self, request, obj=None):
        return False


class QuestionInline(TranslationStackedInline):
    model = Question
    formset = RowFormSet
    form = ProgrammePartForm
    extra = 0
    can_delete = False


class AreaInline(NamedFields, TranslationTabularInline):
    model = Area
    formset = RowFormSet
    form = ProgrammePartForm
    extra = 0
    can_delete = False


class UnitInline(NamedFields, admin.TabularInline):
    model = Unit
    formset = RowFormSet
    form = UnitForm
    extra = 0
    can_delete = False


@admin.register(Programme)
class ProgrammeAdmin(KeptAdmin, TranslationAdmin):
    form = ProgrammePartForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["slug", "name", "opens_at", "closes_at", "moderation", "order"]
    inlines = [QuestionInline, AreaInline, UnitInline]
    fieldsets = [
        (None, {"fields": ["slug", "title", "summary", "order"]}),
        (_("Consultation"), {"fields": ["opens_at", "closes_at", "moderation"]}),
        (
            _("Source"),
            {
                "fields": [
                    "announced_on",
                    "announced_by",
                    "country",
                    "source_title",
                    "source_url",
                    "source_published_on",
                    "source_language",
                ]
            },
        ),
    ]

    @admin.display(description=_("title"))
    def name(self, programme):
        return localized(programme, "title").text


class MeasureInline(NamedFields, admin.TabularInline):
    """The measures of a principle: put in order here, worded on their own pages."""

    model = Measure
    form = PlainForm
    formset = MeasureFormSet
    fields = ["wording", "code", "order", "retired_at"]
    readonly_fields = ["wording", "retired_at"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("current_edition")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("measure"))
    def wording(self, measure):
        address = reverse("admin:principles_measure_change", args=[measure.pk])
        title = localized(measure.current_edition, "title").text if measure.current_edition else measure.slug
        return format_html('<a href="{}">{}</a>', address, title)


@admin.register(Principle)
class PrincipleAdmin(KeptAdmin, TranslationAdmin):
    form = ProgrammePartForm
    fields = ["programme", "slug", "code", "title", "summary", "order", "retired_at", "add_measure"]
    readonly_fields = ["add_measure"]
    list_display = ["code", "name", "programme", "order", "retired_at"]
    list_display_links = ["code", "name"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    inlines = [MeasureInline]

    @admin.display(description=_("title"))
    def name(self, principle):
        return localized(principle, "title").text

    @admin.display(description=_("new measure"))
    def add_measure(self, principle):
        if principle.pk is None:
            return "-"
        address = reverse("admin:principles_measure_add")
        return format_html('<a href="{}?principle={}">{}</a>', address, principle.pk, _("Add a measure"))

    def save_formset(self, request, form, formset, change):
        """Write a measure's code and order only: its edition may have moved on since the page was read."""
        formset.save(commit=False)
        park_codes([measure for measure, fields in formset.changed_objects if "code" in fields])
        for measure, fields in formset.changed_objects:
            measure.save(update_fields=fields)
        formset.save_m2m()
