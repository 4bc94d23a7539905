"""Addresses as the world outside sees them: absolute, in one language or in none."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from portal.localized import LANGUAGES


def absolute(path: str) -> str:
    """The public address of `path`, under SITE_URL whatever host was asked."""
    return f"{settings.SITE_URL}{path}"


def in_language(address: str, language: str) -> str:
    """An address of ours, whole or only a path, in `language`."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{language}{_bare(parts.path)}"))


def in_no_language(address: str) -> str:
    """The address without its language: it leads each reader to the language of their browser."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=_bare(parts.path)))


def _bare(path: str) -> str:
    first, _slash, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if first in LANGUAGES else path
