"""Text that exists in some of kk, ru and en: which text to show, and in which language it is."""

import re
from typing import NamedTuple

from django.conf import settings
from django.db.models import Model
from django.utils.html import escape, format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# Where the person's language is missing: the language most readers of it also read comes first.
FALLBACKS = {"kk": ("kk", "ru", "en"), "ru": ("ru", "kk", "en"), "en": ("en", "ru", "kk")}


# 7 000 as people type it may break at the end of a line; with a no-break space it does not.
THOUSANDS, NO_BREAK = re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), "\xa0"


class Localized(NamedTuple):
    """A text, the language it is in, and whether that is another one than was asked for."""

    text: str
    language: str
    is_fallback: bool

    def __str__(self) -> str:
        return self.text

    @property
    def shown(self) -> str:
        """The text as HTML; one in another language carries its `lang` and a visible label that says so."""
        if not self.is_fallback:
            return escape(self.text)
        return format_html(
            '<span lang="{}">{}</span> <small class="fallback">({})</small>', self.language, self.text, self.label
        )

    @property
    def plain(self) -> str:
        """The text for where there is no mark-up; one in another language with the label that says so."""
        return f"{self.text} ({self.label})" if self.is_fallback else self.text

    @property
    def label(self) -> str:
        return {
            "kk": _("only in Kazakh so far"),
            "ru": _("only in Russian so far"),
            "en": _("only in English so far"),
        }[self.language]


def localized(row: Model, field: str, language: str | None = None) -> Localized:
    """The translated `field` of `row` in `language` (the active one by default), or in the next best one, to be shown.

    A text that exists in no language comes back empty, in the language asked for.
    """
    wanted = language or (get_language() or "en")[:2]
    for candidate in FALLBACKS.get(wanted, FALLBACKS["en"]):
        text = getattr(row, f"{field}_{candidate}")
        if text:
            return Localized(THOUSANDS.sub(NO_BREAK, text), candidate, candidate != wanted)
    return Localized("", wanted, False)
