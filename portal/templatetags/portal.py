"""Template tags that every page may use (they are built in, no `load` needed)."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.localized import localized as read_localized

register = template.Library()
TAG_OR_ONE_LETTER = re.compile(r"<[^>]*>|\b[^\W\d_]-\w+")


@register.simple_tag
def localized(row, field):
    """The text of `field`; one in another language carries its `lang` and a visible label that says so."""
    return read_localized(row, field).shown


@register.simple_tag
def localized_parts(row, field):
    """The text of `field` with its language (`portal.localized.Localized`), for texts of several paragraphs."""
    return read_localized(row, field)


@register.simple_tag
def localized_text(row, field):
    """The bare text of `field`, for titles and attributes."""
    return read_localized(row, field).text


@register.simple_tag(takes_context=True)
def page_in(context, language):
    """The address of this very page in `language`, query string included."""
    request = context.get("request")
    if request is None:
        return f"/{language}/"
    parts = request.path.split("/", 2)
    if len(parts) < 2 or parts[1] not in {"kk", "ru", "en"}:
        return f"/{language}/"
    rest = parts[2] if len(parts) > 2 else ""
    query = request.META.get("QUERY_STRING", "")
    return f"/{language}/{rest}" + (f"?{query}" if query and request.method == "GET" else "")


@register.filter
def unbroken(text):
    """`text` as HTML in which no line ends within “e-mail” or another word with one letter before its hyphen.

    What is HTML already keeps its tags.
    """
    html = TAG_OR_ONE_LETTER.sub(_held_together, conditional_escape(text))
    return mark_safe(html)  # noqa: S308 - escaped, but for what was HTML


def _held_together(found: re.Match) -> str:
    return found[0] if found[0].startswith("<") else f'<span class="unbroken">{found[0]}</span>'


@register.filter
def language_name(code):
    """The name of a language in the active language."""
    return {"kk": _("Kazakh"), "ru": _("Russian"), "en": _("English")}.get(code, code)


@register.simple_tag
def in_language(language, message):
    """`message` translated into `language`, whatever the active one is."""
    with override(language):
        return _(message)
