"""Builders of codebooks."""

from feedback.actions.themes import write_theme
from feedback.models import Theme
from principles.models import LANGUAGES, Programme
from tests.builders import make_moderator


def wording(name: str) -> dict[str, str]:
    return {f"name_{language}": f"{name} ({language})" for language in LANGUAGES}


def make_theme(programme: Programme, code: str = "roads", name: str = "Roads", **fields) -> Theme:
    fields = {"wording": wording(name)} | fields
    return write_theme(None, by=make_moderator(), programme=programme, code=code, **fields)
