"""How values are written: texts per language, times, addresses."""

from datetime import datetime

from django.conf import settings
from django.db.models import Model

from portal.localized import FALLBACKS, LANGUAGES


def moment(value: datetime | None) -> str | None:
    """UTC in ISO 8601 with `Z`, to the second."""
    return None if value is None else value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def texts(row: Model | dict, field: str, language: str | None = None) -> dict[str, str | None] | str | None:
    """A translated text as {"kk", "ru", "en"}, null where it is missing; with `language` the one text in it, or in
    the language that stands in for it."""
    read = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
    if language:
        return next((text for code in FALLBACKS[language] if (text := read(f"{field}_{code}"))), None)
    return {code: read(f"{field}_{code}") or None for code in LANGUAGES}


def columns(*names: str) -> list[str]:
    """The columns of translated fields."""
    return [f"{name}_{code}" for name in names for code in LANGUAGES]


def page(path: str, language: str = "kk") -> str:
    """The public address of a page of the portal."""
    return f"{settings.SITE_URL}/{language}/{path}"
