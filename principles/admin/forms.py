"""What the forms of this app's admin have in common."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator, validate_slug
from django.forms.fields import InvalidJSONInput
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator

from portal.admin_words import keep_plain
from portal.plain_text import clean_text
from principles.models import LANGUAGES
from principles.plural_forms import check_forms
from principles.spelling import CODE, SLUG, strange_character

CODE_TAKEN = _("This code is taken by another measure of the principle.")


def check_slug(value):
    if not SLUG.fullmatch(value):
        raise ValidationError(_("Use small Latin letters, digits and single hyphens."), code="slug")


def check_code(value):
    if not CODE.fullmatch(value):
        raise ValidationError(_("A code is made of letters, digits, points and hyphens."), code="code")


def check_text(value):
    """A text of any number of lines; a browser sends their breaks as CR LF."""
    if found := strange_character(value.replace("\r\n", "\n")):
        raise ValidationError(_("A text cannot hold the character %(code)s."), code="text", params={"code": found})


def check_line(value):
    if "\n" in value:
        raise ValidationError(_("Write it on one line."), code="line")
    check_text(value)


class PlainText:
    """A form whose slugs, codes and texts are written as in a programme's file (docs/programme-format.md)."""

    spelled = {"slug": check_slug, "target": check_slug, "code": check_code}
    replaced = (validate_slug, ProhibitNullCharactersValidator())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and not isinstance(field, forms.JSONField):
                usual = self.spelled.get(name, check_text if isinstance(field.widget, forms.Textarea) else check_line)
                field.validators = [one for one in field.validators if one not in self.replaced] + [usual]

    def clean(self):
        super().clean()
        keep_plain(self, clean_text)
        return self.cleaned_data

    def fix(self, name):
        """Keep a field as it is in the database."""
        self.fields[name].disabled = True
        self.fields[name].validators = []


class PlainForm(PlainText, forms.ModelForm):
    pass


class ProgrammePartForm(PlainForm):
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
                self.fix(name)

    def translated(self) -> list[str]:
        """The names of the translated fields that are on the form."""
        names = translator.get_options_for_model(self._meta.model).all_fields
        return [name for name in names if all(f"{name}_{language}" in self.fields for language in LANGUAGES)]

    def clean(self):
        cleaned = super().clean()
        for name in self.translated():
            texts = [cleaned.get(f"{name}_{language}") for language in LANGUAGES]
            typed = any(f"{name}_{language}" in self.errors for language in LANGUAGES)
            if not any(texts) and not typed and not self._meta.model._meta.get_field(name).blank:
                self.add_error(f"{name}_{LANGUAGES[0]}", _("Write it in at least one language."))
        return cleaned


class PluralFormsField(forms.JSONField):
    """JSON that is checked as plural forms and, where it is refused, shown again as it was typed."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):  # nested too deep, or a number too long
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from None

    def bound_data(self, data, initial):
        # Read and written anew, an escaped lone surrogate would stand in the page, which no encoding can hold.
        return initial if self.disabled else InvalidJSONInput(data or "")


class UnitForm(PlainForm):
    """A unit with its plural forms as JSON."""

    forms = PluralFormsField(label=capfirst(_("plural forms")))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forms"].widget.attrs["aria-label"] = self.fields["forms"].label
        if self.instance.pk and "slug" in self.fields:
            self.fix("slug")

    def clean_forms(self):
        return check_forms(self.cleaned_data["forms"])
