"""What the forms of this app's admin have in common."""

from django import forms
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator

from principles.models import LANGUAGES
from principles.plural_forms import check_forms


class ProgrammePartForm(forms.ModelForm):
    """A form whose translated fields need one language, not every one, and whose slug and programme stay.

    Addresses, the API and the ledger name things by their slugs.
    """

    fixed = ("slug", "programme")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.translated():
            for language in LANGUAGES:
                self.fields[f"{name}_{language}"].required = False
                self.fields[f"{name}_{language}"].widget.attrs["lang"] = language
        for name in self.fixed:
            if self.instance.pk and name in self.fields:
                self.fields[name].disabled = True

    def translated(self) -> list[str]:
        """The names of the translated fields that are on the form."""
        names = translator.get_options_for_model(self._meta.model).all_fields
        return [name for name in names if all(f"{name}_{language}" in self.fields for language in LANGUAGES)]

    def clean(self):
        cleaned = super().clean()
        for name in self.translated():
            texts = [cleaned.get(f"{name}_{language}") for language in LANGUAGES]
            if not any(texts) and not self._meta.model._meta.get_field(name).blank:
                self.add_error(f"{name}_{LANGUAGES[0]}", _("Write it in at least one language."))
        return cleaned


class UnitForm(forms.ModelForm):
    """A unit with its plural forms as JSON."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].disabled = True

    def clean_forms(self):
        return check_forms(self.cleaned_data["forms"])
