"""Targets, and the readings that are entered under them."""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.admin_names import NamedFields
from portal.localized import localized
from principles.admin.forms import PlainForm
from principles.admin.formsets import RowFormSet
from principles.admin.measures import promised
from principles.admin.programmes import KeptAdmin
from principles.models import LANGUAGES, Reading, Target


class ReadingInline(NamedFields, admin.TabularInline):
    model = Reading
    form = PlainForm
    formset = RowFormSet
    extra = 1
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fields = ["read_on", "value", "voice", "source_name", "source_url"]


@admin.register(Target)
class TargetAdmin(KeptAdmin, admin.ModelAdmin):
    """A target comes into being with an edition; here its readings are entered."""

    list_display = ["slug", "measure_code", "name"]
    list_filter = ["measure__principle__programme"]
    list_select_related = ["measure__current_edition"]
    search_fields = [
        "slug",
        "measure__code",
        *(f"measure__current_edition__title_{language}" for language in LANGUAGES),
    ]
    fields = ["slug", "measure", "now_promised"]
    readonly_fields = ["slug", "measure", "now_promised"]
    inlines = [ReadingInline]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("measure__current_edition")

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("measure"), ordering="measure__code")
    def measure_code(self, target):
        return target.measure.code

    @admin.display(description=_("title"))
    def name(self, target):
        return localized(target.measure.current_edition, "title").text

    @admin.display(description=_("target figures of the measure"))
    def now_promised(self, target):
        return promised(target.measure.current_edition)
