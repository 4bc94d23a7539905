"""The plural forms of a unit, held against the categories that CLDR gives each language."""

from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from principles.models import LANGUAGES
from principles.spelling import strange_character

FORM_LIMIT = 100


@cache
def categories(language: str) -> frozenset[str]:
    """The plural categories of `language`: {"one", "other"} in English."""
    return frozenset(Locale.parse(language).plural_form.tags | {"other"})


def missing_categories(language: str, named: set[str]) -> list[str]:
    """The categories that are still needed beside `named`; `other` alone is enough for what never changes."""
    return [] if named == {"other"} else sorted(categories(language) - named)


def form_fault(form: str) -> str:
    """Why `form` can be no plural form, or nothing."""
    rest = form.replace("{n}", "")
    if rest == form:
        return "has no {n} for the number to stand in"
    if "{" in rest or "}" in rest:
        return "has a brace other than {n}"
    return ""


def check_forms(forms: object) -> dict[str, dict[str, str]]:
    """`forms`, if it is {language: {category: form}} for every language; ValidationError otherwise."""
    if not isinstance(forms, dict) or set(forms) != set(LANGUAGES):
        raise ValidationError(_("Give the plural forms in kk, ru and en."))
    for language, texts in forms.items():
        if not isinstance(texts, dict) or not set(texts) <= categories(language):
            raise ValidationError(
                _("Plural forms in %(language)s can be: %(categories)s"),
                params={"language": language, "categories": ", ".join(sorted(categories(language)))},
            )
        if missing := missing_categories(language, set(texts)):
            raise ValidationError(
                _("Plural forms are missing in %(language)s: %(categories)s"),
                params={"language": language, "categories": ", ".join(missing)},
            )
        for text in texts.values():
            if not isinstance(text, str) or len(text) > FORM_LIMIT or "\n" in text or form_fault(text):
                raise ValidationError(_("A plural form is a text with {n} where the number goes."))
            if found := strange_character(text):
                raise ValidationError(_("A text cannot hold the character %(code)s."), params={"code": found})
    return forms
