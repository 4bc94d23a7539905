"""What somebody said in one language alone: marked with it, and labelled where it is not the reader's."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.text import detect_language, language_of_name

register = template.Library()


@register.filter
def language_of(text: str) -> str:
    """The language of a text of some length."""
    return detect_language(text)


@register.simple_tag
def language_label(language: str) -> SafeString:
    """ "(in Kazakh)" beside a text in another language than the page's; nothing beside any other."""
    names = {"kk": _("in Kazakh"), "ru": _("in Russian"), "en": _("in English")}
    if language == (get_language() or "en")[:2] or language not in names:
        return SafeString("")
    return format_html(' <small class="fallback">({})</small>', names[language])


@register.simple_tag
def said_name(name: str) -> SafeString:
    """A name as somebody typed it, with its language where its letters tell that."""
    language = language_of_name(name)
    if not language:
        return format_html("{}", name)
    return format_html('<span lang="{}">{}</span>{}', language, name, language_label(language))
