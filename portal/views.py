"""The shell's own pages: language choice, documents, health, and errors that help."""

import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from portal.accounts.documents import VERSIONS
from portal.faults import RETRY_AFTER, is_outage

DOCUMENTS = Path(__file__).resolve().parent / "documents"
log = logging.getLogger("portal.outage")
# Fields of a refused form that hold what a person wrote, as against what the page put there.
WRITTEN = ("text", "note")
LONGEST_KEPT = 300_000
LINKED = ("rules", "ledger", "account_signup", "home")  # addresses that a document names in braces


def choose_language(request):
    """Send `/` to the language that the person saved, else to the browser's."""
    language = translation.get_language_from_request(request)
    if request.user.is_authenticated:
        language = request.user.language
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def document(request, name, fill=None):
    """A text of the portal's own (`about`, `privacy`) in the page's language.

    `fill` is {name in the text: what gives its Markdown in the language of the page}.
    """
    ours = {
        "minimum_age": str(settings.MINIMUM_AGE),
        "contact": contact_words(),
        "version": VERSIONS.get(name, ""),
        **{link: reverse(link) for link in LINKED},
    }
    filled = ours | {key: make() for key, make in (fill or {}).items()}
    title, body = rendered_document(name, translation.get_language(), tuple(filled.items()))
    return render(request, "portal_document.html", {"title": title, "body": body})


def contact_words() -> str:
    """What follows "write to the operator" in a document: the address, or that none was given yet."""
    if settings.OPERATOR_EMAIL:
        return f": <{settings.OPERATOR_EMAIL}>"
    return " " + _("(no address has been given here yet)")


@cache
def rendered_document(name: str, language: str, filled: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Title and HTML of `documents/{name}.{language}.md`, with `filled` put in where the text names it in braces."""
    text = (DOCUMENTS / f"{name}.{language}.md").read_text(encoding="utf-8")
    for key, value in filled:
        text = text.replace(f"{{{key}}}", value)
    return text.splitlines()[0].lstrip("# "), mark_safe(MarkdownIt().render(text))  # noqa: S308 - our own files


def favicon(request):
    """The icon, for pages that name none and browsers that ask all the same."""
    return HttpResponseRedirect(static("favicon.svg"))


def security_txt(request):
    """Where to report a hole (RFC 9116); it names a way to the operator, be it only a page."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    contact = f"mailto:{settings.OPERATOR_EMAIL}" if settings.OPERATOR_EMAIL else f"{settings.SITE_URL}/en/about/"
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: kk, ru, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def healthz(request):
    """Whether this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request):
    """Whether the portal can serve: database, migrations, and a ledger that nothing has waited for over a minute."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return _not_ready("migrations are missing")
        with connection.cursor() as cursor:
            cursor.execute("SELECT refused_at FROM feedback_log ORDER BY id DESC LIMIT 1")
            if (cursor.fetchone() or [None])[0]:
                return _not_ready("the ledger stands still")
            cursor.execute("SELECT MIN(created_at) FROM feedback_outboxentry")
            if _is_late(cursor.fetchone()[0]):
                return _not_ready("the sequencer is late")
    except DatabaseError:
        return _not_ready("no database")
    return HttpResponse("ready\n", content_type="text/plain")


def _not_ready(reason: str) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER)}
    return HttpResponse(f"{reason}\n", status=503, content_type="text/plain", headers=headers)


def _is_late(oldest: datetime | str | None) -> bool:
    """Whether the oldest entry that waits is older than a minute (SQLite hands over text, in UTC)."""
    if isinstance(oldest, str):
        oldest = datetime.fromisoformat(oldest).replace(tzinfo=UTC)
    return oldest is not None and timezone.now() - oldest > timedelta(minutes=1)


def csrf_failure(request, reason=""):
    """A form whose token is stale: nothing was saved, and what was written comes back.

    The button to send again appears only where the form came from one of our own pages.
    """
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    context = kept_fields(request) | {"resend": urlsplit(source).netloc == request.get_host(), "back": request.path}
    return render(request, "403_csrf.html", context, status=403)


def kept_fields(request) -> dict:
    """What was typed into a form that was not taken: `kept` as [(name, value)], empty where nothing was written."""
    fields = typed_fields(request)
    return {
        "kept": list(fields.items()) if any(fields.get(name) for name in WRITTEN) else [],
        "shown_fields": WRITTEN,
    }


def typed_fields(request) -> dict[str, str]:
    """What a form brought, without its token and passwords."""
    return {
        name: value[:LONGEST_KEPT]
        for name, value in request.POST.items()
        if name != "csrfmiddlewaretoken" and "password" not in name
    }


def server_error(request):
    """The page of a fault of ours, or of an outage; it asks the database nothing."""
    if is_outage(sys.exc_info()[1]):
        return outage(request)
    language = translation.get_language() or settings.LANGUAGE_CODE
    return HttpResponse(render_to_string("500.html", {"language": language}), status=500)


def outage(request) -> HttpResponse:
    """503 while the database is away, busy or full: when to come back, and what was written, so that it is not lost."""
    log.error("out of service: %s", type(sys.exc_info()[1]).__name__)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        text = _("The portal cannot reach its data just now. Please try again soon.")
        body = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": text}
        return HttpResponse(json.dumps(body), status=503, content_type="application/problem+json", headers=headers)
    context = kept_fields(request) | {"language": translation.get_language() or settings.LANGUAGE_CODE}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)
