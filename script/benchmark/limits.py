"""The limits: the least that Django can do for the same answer, to be measured beside the portal's own views."""

import re
import uuid
from dataclasses import dataclass
from functools import cache

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.template import Context, Template
from django.test import Client
from django.urls import resolve
from django.utils import translation

from feedback.api.comments import COLUMNS
from feedback.models import Comment
from principles.models import Measure

ETAG = '"limit"'
# The API writes them too.
PLACE = ("measure__slug", "measure__principle__slug", "measure__principle__programme__slug")
VERSION = ("shown__text", "shown__salt", "shown__commitment")


@cache
def page(address: str, session: str = "") -> bytes:
    """The bytes of a page of the portal, read once; as somebody sees it who is signed in with `session`."""
    client = Client(headers={"host": "127.0.0.1"})
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client.get(address).content


def from_memory(request, address):
    """The limit of a page: its bytes, from memory."""
    return HttpResponse(page(f"/{address}"), headers={"ETag": ETAG})


def unchanged(request, address):
    """The limit of a page that the browser holds: the same view, answering 304."""
    if request.headers.get("If-None-Match") == ETAG:
        return HttpResponseNotModified(headers={"ETag": ETAG})
    return from_memory(request, address)


@cache
def template(address: str, session: str) -> Template:
    """The page as it was, with one variable in it."""
    text = page(address, session).decode().replace("{%", "{ %").replace("{{", "{ {")
    return Template(text.replace("</main>", "{{ person }} {{ measure }}</main>"))


def signed_in(request, address):
    """The limit of a page for somebody who is signed in: their session, one row by its primary key, and a template
    as large as the page."""
    measure = Measure.objects.get(pk=first_measure())
    session = request.COOKIES[settings.SESSION_COOKIE_NAME]
    context = Context({"person": request.user.display_name, "measure": measure.slug})
    return HttpResponse(template(f"/{address}", session).render(context))


@cache
def first_measure() -> int:
    return Measure.objects.order_by("pk").values_list("pk", flat=True)[0]


def comments(request):
    """The limit of a page of the API's comments: the rows of the same columns, as JSON."""
    rows = list(Comment.objects.public().order_by("-created_at", "-id").values(*COLUMNS, *PLACE, *VERSION)[:101])
    return HttpResponse(orjson.dumps({"results": rows}), content_type="application/json")


class Listener:
    """Keeps the statements that are run, savepoints apart."""

    def __init__(self):
        self.statements: list[tuple[str, tuple]] = []

    def __call__(self, execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)


@dataclass
class Write:
    """One write of one person as statements, to be run again with fresh keys for what it makes."""

    statements: list[tuple[str, tuple]]
    comment: Comment | None  # that it made, if any

    def run(self) -> None:
        fresh: dict = {}
        if self.comment:
            fresh[self.comment.pk] = uuid.uuid4()
            fresh[str(self.comment.pk)] = str(fresh[self.comment.pk])
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, [self.renewed(each, fresh) for each in params])
                rows = cursor.fetchall() if cursor.description else []
                if self.comment and sql.startswith('INSERT INTO "feedback_commentversion"'):
                    fresh[self.comment.latest_id] = rows[0][0]

    def renewed(self, value, fresh: dict):
        """`value`, or what stands for it this time; digests and salts are always new."""
        if isinstance(value, list):
            return [self.renewed(each, fresh) for each in value]
        if isinstance(value, str) and DIGEST.fullmatch(value):
            return uuid.uuid4().hex * 2
        return fresh.get(value, value) if isinstance(value, int | str | uuid.UUID) else value


DIGEST = re.compile("[0-9a-f]{64}")
WRITES: dict[tuple, Write] = {}


def write(request, address):
    """The limit of a write: a session, a form's token, and the SQL that the portal's own view runs.

    The first request of a person goes to that view and is listened to; the next ones run its statements again.
    """
    key = (address, request.user.pk)
    if key in WRITES:
        WRITES[key].run()
    else:
        WRITES[key] = listened_to(request, address)
    return HttpResponseRedirect(f"/{address}")


def listened_to(request, address: str) -> Write:
    """The portal's own answer to this request, as statements; those for session and user are left to the limit."""
    before = newest(request.user)
    listener = Listener()
    with translation.override("en"):
        match = request.resolver_match = resolve(f"/{address}", "portal.urls")
        with connection.execute_wrapper(listener):
            response = match.func(request, *match.args, **match.kwargs)
    if response.status_code != 302:
        raise RuntimeError(f"{address} answered {response.status_code}")
    after = newest(request.user)
    return Write(listener.statements, after if after != before else None)


def newest(user) -> Comment | None:
    return Comment.objects.filter(author__user=user).order_by("-created_at").first()
