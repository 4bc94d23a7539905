"""Writes that must not happen twice: the key is claimed in the write's own transaction."""

import hashlib
import hmac
import json

from django.conf import settings
from django.db import IntegrityError, transaction

from feedback.models import Participant, Submission


class AlreadyDone(Exception):
    """The key was used before; `submission` says what came of it."""

    def __init__(self, submission: Submission):
        self.submission = submission
        super().__init__(submission.resource)


def body_digest(body: dict) -> str:
    """A keyed digest of a request's body, so that the stored row gives nothing of it away; 64 hex digits."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=True, default=str)
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def claim(participant: Participant, *, route: str, key: str, body: dict) -> Submission:
    """Claim `key` for this write, or raise `AlreadyDone` with what the earlier write made.

    Two requests with one key meet in the unique constraint: the second waits for the first's transaction.
    """
    digest = body_digest(body)
    try:
        with transaction.atomic():
            return Submission.objects.create(participant=participant, route=route, key=key, digest=digest)
    except IntegrityError:
        raise AlreadyDone(Submission.objects.get(participant=participant, route=route, key=key)) from None


def page_key(token: str, body: dict) -> str:
    """The key of a page's form: its token and what was typed, so that the same form sent with other words counts."""
    return hashlib.sha256(f"{token}\n{body_digest(body)}".encode()).hexdigest()
