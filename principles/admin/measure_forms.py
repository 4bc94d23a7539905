"""The form of a measure: its place in the programme, and the wording and figures of its next edition."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from principles.admin.figure_forms import FigureFormSet, initial_figures
from principles.admin.forms import CODE_TAKEN, PlainForm
from principles.models import LANGUAGES, Area, Measure, Principle, Unit
from principles.wording import Wording, figures_of, same_figures, same_wording, wording_of

WORDING = [f"{field}_{language}" for field in ("title", "summary") for language in LANGUAGES]
NOTE = [f"note_{language}" for language in LANGUAGES]
STALE = _(
    "This measure got edition %(number)s meanwhile; its wording stands at the top of this page. Your text is kept "
    "below: compare the two, then save again."
)


class MeasureForm(PlainForm):
    """A measure with wording and figures; `figures` is the formset of the latter."""

    title_kk = forms.CharField(label=_("title [kk]"), max_length=200, required=False)
    title_ru = forms.CharField(label=_("title [ru]"), max_length=200, required=False)
    title_en = forms.CharField(label=_("title [en]"), max_length=200, required=False)
    summary_kk = forms.CharField(label=_("wording [kk]"), max_length=4000, required=False, widget=forms.Textarea)
    summary_ru = forms.CharField(label=_("wording [ru]"), max_length=4000, required=False, widget=forms.Textarea)
    summary_en = forms.CharField(label=_("wording [en]"), max_length=4000, required=False, widget=forms.Textarea)
    note_kk = forms.CharField(label=_("what changed and why [kk]"), max_length=500, required=False)
    note_ru = forms.CharField(label=_("what changed and why [ru]"), max_length=500, required=False)
    note_en = forms.CharField(label=_("what changed and why [en]"), max_length=500, required=False)

    class Meta:
        model = Measure
        fields = ["principle", "slug", "code", "area", "paragraph", "order"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in [*WORDING, *NOTE]:
            widget = self.fields[name].widget
            widget.attrs |= {"lang": name[-2:], "class": "vLargeTextField" if name[0] == "s" else "vTextField"}
        for name in self.declared_fields:
            self.fields[name].label = capfirst(self.fields[name].label)
        self.figures = self.make_figures()

    def make_figures(self):
        return FigureFormSet(self.data if self.is_bound else None, prefix="figures", **self.figure_options())

    def figure_options(self) -> dict:
        units = Unit.objects.order_by("slug").values_list("slug", flat=True)
        return {"form_kwargs": {"units": {slug: slug for slug in units}}}

    def clean(self):
        cleaned = super().clean()
        if not set(WORDING) & set(self.errors) and not any(
            cleaned[f"title_{language}"] and cleaned[f"summary_{language}"] for language in LANGUAGES
        ):
            self.add_error(None, _("Write title and wording in at least one language."))
        if not self.figures.is_valid():
            self.add_error(None, _("Correct the target figures below."))
        area, principle = cleaned.get("area"), cleaned.get("principle") or getattr(self.instance, "principle", None)
        if area and principle and area.programme_id != principle.programme_id:
            self.add_error("area", _("This area belongs to another programme."))
        return cleaned

    def wording(self) -> Wording:
        """What was typed, once it is clean."""
        cleaned = self.cleaned_data
        return Wording(
            title={language: cleaned[f"title_{language}"] for language in LANGUAGES},
            summary={language: cleaned[f"summary_{language}"] for language in LANGUAGES},
        )

    def note(self) -> dict[str, str]:
        """What changed and why, as it was typed in each language."""
        return {language: self.cleaned_data[f"note_{language}"] for language in LANGUAGES}


class AddMeasureForm(MeasureForm):
    """A new measure, with its first edition."""

    order = forms.IntegerField(
        label=_("order"), min_value=0, max_value=32767, required=False, help_text=_("Left empty: as the last one.")
    )

    def clean(self):
        cleaned = super().clean()
        principle = cleaned.get("principle")
        if principle:
            # Whoever else adds to the principle or puts it in order waits until this measure is saved.
            list(Principle.objects.select_for_update().filter(pk=principle.pk).values_list("pk"))
            # `retired_at` is not on this form, and Django leaves out a constraint that it cannot see whole.
            if principle.measures.in_force().filter(code=cleaned.get("code", "")).exists():
                self.add_error("code", CODE_TAKEN)
        if principle and self.figures.is_valid():
            used = {figure.unit for figure in self.figures.figures()}
            known = set(Unit.objects.filter(programme=principle.programme_id).values_list("slug", flat=True))
            for slug in sorted(used - known):
                self.add_error(None, _("Unknown unit: %(slug)s") % {"slug": slug})
        return cleaned


class ChangeMeasureForm(MeasureForm):
    """A measure that exists. Where wording or figures differ from the current edition, a new one will be made."""

    CORRECTION, SUBSTANTIVE = "correction", "substantive"

    kind = forms.ChoiceField(
        label=_("this change is"),
        choices=[
            (CORRECTION, _("a correction: it means what it meant, and ratings go on counting")),
            (SUBSTANTIVE, _("substantive: it means something else, and people are asked to rate it again")),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Needed when the wording or a target figure changes."),
    )
    expected_edition = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(MeasureForm.Meta):
        fields = [*MeasureForm.Meta.fields, "retired_at"]

    def __init__(self, *args, instance, initial=None, **kwargs):
        current = instance.current_edition
        wording = wording_of(current)
        texts = {f"title_{language}": text for language, text in wording.title.items()}
        texts |= {f"summary_{language}": text for language, text in wording.summary.items()}
        initial = {**texts, "expected_edition": current.number, **(initial or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        programme = instance.principle.programme_id
        for name, rows in (("principle", Principle.objects), ("area", Area.objects)):
            if name in self.fields:
                self.fields[name].queryset = rows.filter(programme=programme)
        if "slug" in self.fields:
            self.fix("slug")

    def figure_options(self) -> dict:
        programme = self.instance.principle.programme_id
        units = Unit.objects.filter(programme=programme).order_by("slug").values_list("slug", flat=True)
        return {
            "measure": self.instance,
            "initial": initial_figures(self.instance.current_edition),
            "form_kwargs": {"units": {slug: slug for slug in units}},
        }

    def clean(self):
        cleaned = super().clean()
        self.edition_changed = False
        if self.errors:
            return cleaned
        current = self.instance.current_edition
        self.edition_changed = not (
            same_wording(self.wording(), wording_of(current))
            and same_figures(self.figures.figures(), figures_of(current))
        )
        if not self.edition_changed:
            return cleaned
        if cleaned["expected_edition"] != current.number:
            self.data = self.data.copy()
            self.data[self.add_prefix("expected_edition")] = current.number
            self.add_error(None, STALE % {"number": current.number})
        if not cleaned["kind"]:
            self.add_error("kind", _("Say whether this is a correction or a substantive change."))
        return cleaned
