"""Text that exists in some of kk, ru and en: which text to show, and in which language it is."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
# Where the person's language is missing: the language most readers of it also read comes first.
FALLBACKS = {"kk": ("kk", "ru", "en"), "ru": ("ru", "kk", "en"), "en": ("en", "ru", "kk")}


class Localized(NamedTuple):
    """A text, the language it is in, and whether that is another one than was asked for."""

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


def localized(row: Model, field: str, language: str | None = None) -> Localized:
    """The translated `field` of `row` in `language` (the active one by default), or in the next best one.

    A text that exists in no language comes back empty, in the language asked for.
    """
    wanted = language or (get_language() or "en")[:2]
    for candidate in FALLBACKS.get(wanted, FALLBACKS["en"]):
        text = getattr(row, f"{field}_{candidate}")
        if text:
            return Localized(text, candidate, candidate != wanted)
    return Localized("", wanted, False)
