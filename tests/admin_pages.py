"""Every address under `/admin/`, found by walking the portal's own table of addresses."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

APPS = re.compile(r"\(\?P<app_label>([^)]+)\)")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def admin_routes() -> dict[str, str]:
    """{name: address} of every page under `/admin/`, with `<argument>` where an address names a row.

    The list of an app's models counts once for each app. The admin's own catch-all and its old form of a row's
    address, which leads on, have no names and are left out.
    """
    routes = {}
    for route, name in _routes(get_resolver().url_patterns):
        if not name or not route.startswith("admin/"):
            continue
        if alternatives := APPS.search(route):
            routes |= {f"{name}_{app}": f"/admin/{app}/" for app in alternatives[1].split("|")}
        else:
            routes[name] = "/" + ARGUMENT.sub(r"<\1>", route)
    return routes


def admin_pages() -> dict[str, str]:
    """The same with a number for every argument, which no row has."""
    return {name: ARGUMENT.sub("999999", address) for name, address in admin_routes().items()}


def _routes(patterns, before: str = "") -> Iterator[tuple[str, str | None]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name
        else:
            yield from _routes(pattern.url_patterns, route)
