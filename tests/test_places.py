"""The list of pages that axe and `script/screenshots` go through leaves none out."""

from django.urls import get_resolver

from tests.browser.no_pages import NO_PAGES
from tests.browser.pages import PLACES

OTHERS = {None, "error", "forms"}  # addresses without a name, and the tests' own way to errors


def names(patterns) -> set[str | None]:
    """The names of all addresses but those of the admin."""
    found = set()
    for pattern in patterns:
        if not hasattr(pattern, "url_patterns"):
            found.add(pattern.name)
        elif pattern.namespace is None:
            found |= names(pattern.url_patterns)
    return found


def test_every_address_is_on_the_list_of_pages_or_said_to_be_none():
    listed = {place.address for place in PLACES if ":" not in place.address}
    assert listed & set(NO_PAGES) == set()
    assert names(get_resolver().url_patterns) - OTHERS == (listed | set(NO_PAGES)) - OTHERS


def test_no_two_pages_share_a_name():
    assert len({place.name for place in PLACES}) == len(PLACES)
