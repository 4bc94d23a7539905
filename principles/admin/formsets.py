"""Rows under their parent, held to the constraints that Django's own inline formsets leave out."""

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from principles.admin.forms import CODE_TAKEN
from principles.models import Measure


class RowFormSet(BaseInlineFormSet):
    """Rows of which no two may be alike, those included that were added since the page was read."""

    def clean(self):
        super().clean()
        for form in self.forms:
            if form.has_changed() and form.is_valid():
                try:
                    # Django leaves the parent out, and with it every constraint that names it.
                    form.instance.validate_constraints()
                except ValidationError as fault:
                    form.add_error(None, fault)


class MeasureFormSet(BaseInlineFormSet):
    """The measures of a principle. Two may swap their codes, so codes are compared as they will be."""

    def clean(self):
        super().clean()
        rows = [form for form in self.forms if form.instance.pk and form.instance.retired_at is None]
        others = Measure.objects.in_force().filter(principle=self.instance.pk)
        taken = set(others.exclude(pk__in=[form.instance.pk for form in rows]).values_list("code", flat=True))
        # The fault stands where something was typed, and not at the measure that always had the code.
        for form in sorted(rows, key=lambda form: "code" in form.changed_data):
            code = form.cleaned_data.get("code")
            if code in taken:
                form.add_error("code", CODE_TAKEN)
            taken.add(code)
