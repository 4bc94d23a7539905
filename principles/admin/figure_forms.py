"""The target figures of an edition, as rows of a form."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from principles.admin.forms import PlainText
from principles.models import LANGUAGES, Target, TargetFigure
from principles.wording import Figure, figures_of

LIMIT = 50


class FigureForm(PlainText, forms.Form):
    """One figure. `units` is {slug: name} of the units to choose from."""

    target = forms.CharField(
        label=_("slug"),
        max_length=80,
        help_text=_("Keep it as it is, and the readings of the target stay with it."),
    )
    label_kk = forms.CharField(label=_("label [kk]"), max_length=200, required=False)
    label_ru = forms.CharField(label=_("label [ru]"), max_length=200, required=False)
    label_en = forms.CharField(label=_("label [en]"), max_length=200, required=False)
    comparison = forms.ChoiceField(label=_("comparison"), choices=[("", "---------"), *TargetFigure.Comparison.choices])
    value = forms.DecimalField(label=_("value"), max_digits=18, decimal_places=4)
    unit = forms.ChoiceField(label=_("unit"))
    due = forms.IntegerField(label=_("by the year"), min_value=1900, max_value=2200, required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "---------"), *units.items()]
        self.fields["target"].widget.attrs["size"] = 20
        for field in self.fields.values():
            field.label = capfirst(field.label)
        for language in LANGUAGES:
            self.fields[f"label_{language}"].widget.attrs["lang"] = language

    def clean(self):
        cleaned = super().clean()
        if self.has_changed() and not any(cleaned.get(f"label_{language}") for language in LANGUAGES):
            self.add_error("label_kk", _("Write it in at least one language."))
        return cleaned

    def figure(self) -> Figure:
        cleaned = self.cleaned_data
        return Figure(
            target=cleaned["target"],
            label={language: cleaned[f"label_{language}"] for language in LANGUAGES},
            comparison=cleaned["comparison"],
            value=cleaned["value"],
            unit=cleaned["unit"],
            due=cleaned["due"],
        )


class BaseFigureFormSet(forms.BaseFormSet):
    """The figures of a measure that may be new; `measure` is None then."""

    def __init__(self, *args, measure=None, **kwargs):
        self.measure = measure
        super().__init__(*args, **kwargs)

    def clean(self):
        if any(self.errors):
            return
        slugs = [figure.target for figure in self.figures()]
        if len(set(slugs)) < len(slugs):
            raise ValidationError(_("A target is named twice."))
        others = Target.objects.filter(slug__in=slugs)
        if self.measure is not None:
            others = others.exclude(measure=self.measure)
        for slug in others.values_list("slug", flat=True)[:1]:
            raise ValidationError(_("The target %(slug)s belongs to another measure."), params={"slug": slug})

    def figures(self) -> list[Figure]:
        """The figures that the rows say, in their order, those to be left out excepted."""
        rows = [form for form in self.forms if form not in self.deleted_forms]
        return [form.figure() for form in rows if form.cleaned_data.get("target")]

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = capfirst(_("leave out"))


FigureFormSet = forms.formset_factory(
    FigureForm,
    formset=BaseFigureFormSet,
    extra=2,
    can_delete=True,
    max_num=LIMIT,
    absolute_max=LIMIT + 10,
    validate_max=True,
)


def initial_figures(edition) -> list[dict]:
    """The figures of `edition` as the rows' initial values."""
    return [
        {
            "target": figure.target,
            "comparison": figure.comparison,
            "value": format(figure.value.normalize(), "f"),
            "unit": figure.unit,
            "due": figure.due,
            **{f"label_{language}": text for language, text in figure.label.items()},
        }
        for figure in figures_of(edition)
    ]
