"""Tags for what pages say about themselves to search engines, networks, feed readers and people who pass them on."""

from django import template
from django.utils.translation import get_language

from feedback.addresses import absolute, in_language, in_no_language
from feedback.views.sharing import sharing_of, social_meta_of
from portal.localized import LANGUAGES

register = template.Library()

# Pages that anybody may read and find; each exists once in every language.
READING = {"home", "programme", "principle", "measure", "edition", "comment", "comment-versions", "rules"}
READING |= {"answer", "measure-answers", "results", "programme-results", "measure-results"}
READING |= {"about", "privacy", "accessibility"}
# What makes a page of its own of a later part of a list; another order or choice of the same list is none.
PLACES = {"before", "after"}
CHOICES = {"sort", "language", "stance", "answered"}


@register.inclusion_tag("components/_reading_links.html", takes_context=True)
def reading_links(context):
    """The page's own address, those in the other languages, and its feed; nothing on forms and pages of errors."""
    request = context.get("request")
    match = request and request.resolver_match
    if not match or match.url_name not in READING or request.method not in {"GET", "HEAD"} or "exception" in context:
        return {}
    programme = context.get("programme")
    path = request.path
    if match.url_name == "home" and programme:
        path = programme.get_absolute_url()
    query = request.GET.copy()
    for name in set(query) - (PLACES if CHOICES.isdisjoint(query) else set()):
        del query[name]
    path += f"?{query.urlencode()}" if query else ""
    return {
        "canonical": absolute(path),
        "alternates": [(language, absolute(in_language(path, language))) for language in LANGUAGES],
        "default": absolute(in_no_language(path)),
        "programme_feed": programme if match.url_name in {"home", "programme"} else None,
        "measure_feed": context.get("measure") if match.url_name == "measure" else None,
    }


@register.inclusion_tag("components/_social_meta.html", takes_context=True)
def social_meta(context, measure, edition, results):
    meta = social_meta_of(measure, edition, results[0] if results else None)
    return meta | {"site_name": context["site_name"]}


@register.inclusion_tag("components/_share.html")
def share(measure, edition):
    return {"measure": measure, "edition": edition, "language": get_language(), "sharing": sharing_of(measure, edition)}
