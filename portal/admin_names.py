"""Names for the fields that Django's admin leaves to the heading of a column, or to a word beside them."""

from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext as _


class NamedFields:
    """A mixin for admin classes: every field says its name to assistive technology (WCAG 2.2, 4.1.2)."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, AdminSplitDateTime):
            for part, name in zip(widget.widgets, (_("Date:"), _("Time:")), strict=True):
                part.attrs["aria-label"] = f"{field.label}. {name}"
        elif field.label:
            widget.attrs["aria-label"] = str(field.label)
        return field
