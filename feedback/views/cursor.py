"""Places in lists of comments: what a page's address carries instead of a page number."""

import uuid
from datetime import UTC, datetime

from django.http import Http404

from feedback.models import Comment


def place_of(comment: Comment) -> str:
    """The place right after `comment`, as an address carries it."""
    return f"{comment.created_at.isoformat()}~{comment.pk}"


def cursor(text: str | None) -> tuple[datetime, uuid.UUID] | None:
    """The place in a list of comments by time that an address names; a 404 where it names none."""
    if text is None:
        return None
    moment, _tilde, key = text.partition("~")
    try:
        created_at = datetime.fromisoformat(moment)
        if created_at.tzinfo is None:
            raise Http404
        return created_at.astimezone(UTC), key_of(key)
    except (ValueError, OverflowError):  # no time, or none within the calendar
        raise Http404 from None


def key_of(text: str) -> uuid.UUID:
    """The id of a comment that an address names; a 404 where it names none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
