"""Forms of the admin's paper pages: they parse, `feedback.actions.paper` writes."""

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.actions.paper import MOST_PRINTED
from feedback.forms import PlainTextField
from feedback.models import PaperSheet
from feedback.models.comment import Language, Stance
from feedback.models.rating import VALUES
from feedback.text import LONGEST_COMMENT
from portal.alphabets import sort_key
from portal.localized import localized
from principles.models import Measure, Programme


def measure_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Measures that take contributions now, under their programmes, by slug."""
    measures = Measure.objects.with_wording().filter(
        retired_at=None, principle__programme__in=Programme.objects.open(timezone.now())
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for measure in measures:
        name = f"{measure.code} {localized(measure.current_edition, 'title').text}"
        groups.setdefault(localized(measure.principle.programme, "title").text, []).append((measure.slug, name))
    return list(groups.items())


def region_choices() -> list[tuple[str, str]]:
    """Regions of the portal's country by code, in the order of the page's alphabet."""
    region = get_user_model()._meta.get_field("region").related_model
    rows = region.objects.filter(country=settings.COUNTRY)
    named = [(row.code, localized(row, "name").text) for row in rows]
    return sorted(named, key=lambda choice: sort_key(choice[1], get_language() or "en"))


class PrintForm(forms.Form):
    """How many sheets, for which measure, in which language."""

    measure = forms.ChoiceField(label=_("Measure"))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    count = forms.IntegerField(label=_("Sheets"), min_value=1, max_value=MOST_PRINTED, initial=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = measure_choices()


class NumberForm(forms.Form):
    """The number at the top of a sheet."""

    number = forms.RegexField(
        r"^\s*\d{1,9}\s*$",
        label=_("Sheet number"),
        error_messages={"invalid": _("The number has digits only.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )

    def clean_number(self):
        return int(self.cleaned_data["number"])


class SheetForm(forms.Form):
    """What is written on one sheet; every field may stay blank."""

    text = PlainTextField(longest=LONGEST_COMMENT, required=False, label=_("Comment"))
    text_language = forms.ChoiceField(label=_("Language of the comment"), choices=Language.choices)
    stance = forms.ChoiceField(
        label=_("Stance"), required=False, choices=[("", _("no stance")), *Stance.choices], widget=forms.RadioSelect
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    age_band = forms.ChoiceField(label=_("Age group, by year of birth"), required=False)
    gender = forms.ChoiceField(label=_("Gender"), required=False)

    def __init__(self, *args, sheet: PaperSheet, **kwargs):
        super().__init__(*args, initial={"text_language": sheet.language}, **kwargs)
        person = get_user_model()
        not_given = [("", _("not given"))]
        self.fields["region"].choices = [*not_given, *region_choices()]
        self.fields["age_band"].choices = [*not_given, *person.AgeBand.choices]
        self.fields["gender"].choices = [*not_given, *person.Gender.choices]
        self.questions = {}
        questions = list(sheet.measure.principle.programme.questions.all())
        for question in questions:
            name = f"rating-{question.slug}"
            self.questions[name] = question.slug
            self.fields[name] = forms.TypedChoiceField(
                label=localized(question, "text").text,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[("", _("no rating"))]
                + [(value, f"{value} · {localized(question, f'label_{value}').text}") for value in VALUES],
                widget=forms.RadioSelect,
            )
        self.order_fields([*self.questions, "text", "text_language", "stance", "region", "age_band", "gender"])

    def values(self) -> dict:
        """The arguments of `enter_sheet`."""
        cleaned = self.cleaned_data
        return {
            "ratings": {slug: cleaned[name] for name, slug in self.questions.items() if cleaned[name]},
            "text": cleaned["text"],
            "language": cleaned["text_language"],
            "stance": cleaned["stance"],
            "given": {name: cleaned[name] for name in ("region", "age_band", "gender")},
        }
