"""Writing, with a token or a session: the same actions, rules and limits as on the pages."""

from collections.abc import Callable

import orjson
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from feedback.actions.access import participant_of
from feedback.actions.submissions import AlreadyDone, body_digest, claim
from feedback.api.comments import COLUMNS, comment_body, completed
from feedback.api.limits import count_write
from feedback.api.problems import Problem, bad
from feedback.api.signing_in import writer_of
from feedback.api.view import View
from feedback.ledger.receipts import comment_receipt
from feedback.models import Comment

LONGEST_KEY = 255
PATIENCE = 5  # seconds that a repeated key waits for the first request


class Writing(View):
    """A view some of whose methods write. A write counts towards its writer's limit, is not cached, and is made once
    per `Idempotency-Key`. `takes` says of each method that writes what it takes."""

    takes: dict[str, dict] = {}

    def initial(self, request, *args, **kwargs):
        """A write is counted when its writer is known, and reads no parameters; what reads does as it would anyway."""
        if request.method in self.takes:
            View.initial(self, request, *args, **kwargs)
            if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
                # WSGI tells no length of such a body, and without one it would pass for an empty one.
                raise Problem(411, _("The body needs a Content-Length: it cannot be sent in chunks."))
        else:
            super().initial(request, *args, **kwargs)

    def write(self, request, route: str, body: dict, action: Callable, answer: Callable) -> HttpResponse:
        """Do `action()`, which gives (status, resource id), once; `answer(status, resource)` writes what came of it.

        With a key that was used for the same body: the earlier answer again. For another body: 422. While the first
        request is still at work after five seconds: 409.
        """
        key = self.key_of(request)
        if not key:
            status, resource = action()
            return answer(status, resource)
        try:
            with transaction.atomic():
                _wait_at_most(PATIENCE)
                submission = claim(self.participant, route=route, key=key, body=body)
                submission.status, submission.resource = action()
                submission.save(update_fields=["status", "resource"])
        except AlreadyDone as earlier:
            submission = earlier.submission
            if submission.digest != body_digest(body):
                raise Problem(422, _("This Idempotency-Key was used for another body.")) from None
        except OperationalError as fault:
            if not _is_timeout(fault):
                raise
            raise Problem(
                409,
                _("A request with this Idempotency-Key is still at work. Please try again."),
                headers={"Retry-After": "2"},
            ) from fault
        return answer(submission.status, submission.resource)

    def sign_in(self, request) -> None:
        """Know the writer, and count the write."""
        self.user = writer_of(request)
        self.limit = count_write(self.user)
        self.participant = participant_of(self.user)

    @staticmethod
    def key_of(request) -> str:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
        if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise bad("Idempotency-Key", _("it is at most 255 printable ASCII characters"))
        return key

    def say(self, status: int, body: dict | None, **headers: str) -> HttpResponse:
        content = b"" if body is None else orjson.dumps(body) + b"\n"
        response = HttpResponse(content, status=status, content_type="application/json", headers=headers)
        response["Cache-Control"] = "no-store"
        return response

    def say_with_receipt(self, status: int, key: str) -> HttpResponse:
        """The comment as its writer sees it, with the receipt for what was written."""
        comment = Comment.objects.select_related("latest", "author").get(pk=key)
        return self.say_comment(status, key, receipt=comment_receipt(comment))

    def say_comment(self, status: int, key: str, **more: dict | None) -> HttpResponse:
        """The comment as its writer sees it."""
        row = Comment.objects.filter(pk=key).values(*COLUMNS).get()
        own = row["author_id"] == self.participant.pk
        body = comment_body(*completed([row]), own=own) | more
        headers = {"Location": f"{settings.SITE_URL}/api/v1/comments/{key}/"} if status == 201 else {}
        return self.say(status, body, **headers)


def _wait_at_most(seconds: int) -> None:
    """For this transaction, wait for others' locks no longer; PostgreSQL alone, SQLite waits for its one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{int(seconds)}s'")


def _is_timeout(fault: OperationalError) -> bool:
    text = str(fault)
    return "lock timeout" in text or "database is locked" in text
