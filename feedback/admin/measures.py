"""Measures in the admin, with the way to export them beside their results."""

from django.contrib import admin

from feedback.admin.exporting import EXPORTING, Exports
from principles.admin import MeasureAdmin
from principles.models import Measure

admin.site.unregister(Measure)


@admin.register(Measure)
class ExportedMeasureAdmin(Exports, MeasureAdmin):
    """What is proposed knows nothing of what people answer; so the export is added here."""

    export_kind = "measures"
    actions = EXPORTING
