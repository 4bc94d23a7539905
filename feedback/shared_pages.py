"""Pages for people who are not signed in: made once, and sent to everybody until what they show has changed.

A page is kept by its address (which names the language), the parameters that its view knows, and the version of what
it shows. It is made for a request without cookies, so that nobody's data can get into it, and it is not kept if it
sets a cookie, holds a form's token, or says itself that it is private.
"""

import re
import time
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse, HttpResponseNotModified, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import cc_delim_re, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags

from feedback.versions import versions
from portal.page_store import KeptPage, PageStore

# The pages that are shared, by the names of their addresses, with the parameters that their views read.
CHOICE = frozenset({"sort", "language", "stance", "answered", "before"})
SHARED: dict[str, frozenset[str]] = {
    "home": frozenset(),
    "programme": frozenset(),
    "principle": frozenset(),
    "measure": CHOICE,
    "measure-answers": frozenset({"before"}),
    "answer": frozenset({"after"}),
    "edition": frozenset(),
    "comment": frozenset({"after"}),
    "comment-versions": frozenset(),
    "results": frozenset({"order"}),
    "programme-results": frozenset({"order"}),
    "programme-results-file": frozenset(),
    "measure-results": frozenset(),
    "measure-results-file": frozenset(),
    "search": frozenset({"q", "kind", "programme", "principle", "area", "language", "answered", "order", "page"}),
    "rules": frozenset({"rule", "action", "month", "before"}),
    "about": frozenset(),
    "privacy": frozenset(),
    "accessibility": frozenset(),
    "programme-feed": frozenset(),
    "measure-feed": frozenset(),
    "measure-widget": frozenset(),
    "measure-badge": frozenset(),
}
# Those that show one measure alone, by `slug`: what happens on others leaves them as they are.
OF_ONE_MEASURE = frozenset(name for name in SHARED if name.startswith(("measure", "comment", "edition")))

# Seconds: how old a page may be whatever its version says; how long the last one serves while the next is made, and
# while no page can be made at all; how long others wait for a page that is being made.
OLDEST, MEANWHILE, THROUGH_A_FAULT, PATIENCE = 5, 1, 60, 10
MOST_BYTES = 32 * 1024 * 1024
LONGEST_KEY, LARGEST_PAGE = 500, 2_000_000
# What is not kept of a response, and what of a request no page is made of.
NOT_KEPT = {"content-length", "etag", "date", "content-encoding", "set-cookie"}
OF_A_REQUEST = (
    "HTTP_COOKIE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_RANGE",
)
NONE_OF_IT = re.compile(r"q=0(\.0*)?")


@lru_cache(4096)
def route(path: str, urlconf: str) -> tuple[str, str | None] | None:
    """Name and measure of the shared page at `path`; None where there is none."""
    language = path[1:3]
    if path[:1] + path[3:4] != "//" or language not in dict(settings.LANGUAGES) or len(path) > LONGEST_KEY:
        return None
    try:
        with translation.override(language):
            match = resolve(path, urlconf)
    except Resolver404:
        return None
    if match.url_name not in SHARED:
        return None
    return match.url_name, match.kwargs["slug"] if match.url_name in OF_ONE_MEASURE else None


class SharedPages:
    """Answer from memory what may be shared; mark as private what is one of these pages for somebody in particular."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.store = PageStore(MOST_BYTES)

    def __call__(self, request):
        found = None
        if settings.SHARED_PAGES and request.method in {"GET", "HEAD"}:
            found = is_ours(request) and route(request.path_info, settings.ROOT_URLCONF) or None
        if found is None:
            return self.get_response(request)
        name, measure = found
        query = known_query(request.META.get("QUERY_STRING", ""), SHARED[name])
        if query is None or is_personal(request):
            response = self.get_response(request)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, max_age=0)
            return response
        compressed = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        held = request.META.get("HTTP_IF_NONE_MATCH")
        request.META["QUERY_STRING"] = query
        page, response = self.page(request, (request.path_info, query), measure)
        return answer(page, held=held, compressed=compressed) if page else response

    def page(self, request, key: tuple, measure: str | None) -> tuple[KeptPage | None, HttpResponse | None]:
        """The page to send; or the response to this one request, where it may not be kept."""
        version = versions.of(measure)
        kept, now = self.store.find(key), time.monotonic()
        if kept and kept.version == version and now < kept.until:
            kept.confirmed = now
            return kept, None
        age = now - kept.confirmed if kept else THROUGH_A_FAULT
        if versions.is_blind and age < THROUGH_A_FAULT:
            return kept, None
        making, is_ours = self.store.begin(key, now)
        if is_ours:
            return self.make(request, key, version, kept if age < THROUGH_A_FAULT else None)
        if age < MEANWHILE:
            return kept, None
        making.done.wait(PATIENCE)
        return (making.page, None) if making.page else (None, self.get_response(request))

    def make(self, request, key: tuple, version: tuple, kept: KeptPage | None):
        """As `page`, made anew; `kept` is what serves in its place should that fail."""
        made, now, method = None, time.monotonic(), request.method
        try:
            response = self.get_response(blank(request))
            request.method = method
            if may_be_kept(request, response):
                made = KeptPage.of(response.content, headers_of(response), version, now, OLDEST)
                self.store.keep(key, made)
            elif response.status_code >= 500 and kept:
                return kept, None
            return made, response
        finally:
            self.store.end(key, made)


def is_ours(request) -> bool:
    """Whether the request names one of our hosts; what follows answers 400 to any other."""
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False


def known_query(text: str, known: frozenset[str]) -> str | None:
    """The part of a query that the page's view reads, in one order; None where the page is not to be shared."""
    if not text:
        return ""
    if len(text) > 4 * LONGEST_KEY or "%00" in text or "\x00" in text:
        return None
    given = QueryDict(text)
    query = QueryDict(mutable=True)
    for name in sorted(known & given.keys()):
        query[name] = given[name]
    text = query.urlencode()
    return text if len(text) <= LONGEST_KEY else None


def is_personal(request) -> bool:
    """Whether the request may be that of somebody in particular: a session, or a message that waits for them."""
    if "HTTP_AUTHORIZATION" in request.META:
        return True
    if "HTTP_COOKIE" not in request.META:
        return False
    return not request.COOKIES.keys().isdisjoint({settings.SESSION_COOKIE_NAME, settings.MESSAGE_COOKIE_NAME})


def blank(request):
    """The request as from a browser that nobody has used yet; it gets the page's bytes as they are."""
    for name in OF_A_REQUEST:
        request.META.pop(name, None)
    request.COOKIES = {}
    request.method = "GET"
    return request


def may_be_kept(request, response) -> bool:
    """Whether the response is a whole page that is the same for everybody."""
    if response.status_code != 200 or response.streaming or response.cookies or response.has_header("Set-Cookie"):
        return False
    caching = set(cc_delim_re.split(response.get("Cache-Control", "").lower()))
    if caching & {"private", "no-store"} or "nonce-" in response.get("Content-Security-Policy", ""):
        return False
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or request.session.modified or request.user.is_authenticated:
        return False
    return len(response.content) <= LARGEST_PAGE and b"csrfmiddlewaretoken" not in response.content


def headers_of(response) -> list[tuple[str, str]]:
    """What is kept of a response's headers, with what a browser and a proxy may do with the page.

    A browser asks each time, for its reader may have signed in meanwhile.
    """
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = f"public, max-age=0, s-maxage=1, stale-if-error={THROUGH_A_FAULT}"
    return [(name, value) for name, value in response.items() if name.lower() not in NOT_KEPT]


def answer(page: KeptPage, *, held: str | None, compressed: bool) -> HttpResponse:
    """The page, compressed or not; 304 where the browser says that it holds it already (If-None-Match, RFC 9110)."""
    if held and (held == page.etag or same_page(held, page.etag)):
        headers = {name: value for name, value in page.headers if name in {"Vary", "Cache-Control"}}
        return HttpResponseNotModified(headers=headers | {"ETag": page.etag})
    headers = dict(page.headers) | {"ETag": page.etag}
    if compressed:
        return HttpResponse(page.compressed, headers=headers | {"Content-Encoding": "gzip"})
    return HttpResponse(page.content, headers=headers)


def same_page(held: str, etag: str) -> bool:
    """Whether one of the tags in an If-None-Match is `etag`, by weak comparison; a proxy may have made it strong."""
    tags = parse_etags(held)
    return tags == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


def takes_gzip(accepted: str) -> bool:
    """Whether a browser that sends this Accept-Encoding takes gzip."""
    return any(
        coding.strip().lower() == "gzip" and not NONE_OF_IT.fullmatch(weight.strip())
        for coding, _, weight in (part.partition(";") for part in accepted.split(","))
    )
