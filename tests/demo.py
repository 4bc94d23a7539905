"""A small demo consultation."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from feedback.models import Comment
from principles.models import Measure

UNTIL = "2026-11-23T07:00:00Z"


def until() -> datetime:
    """An end that is past on every machine's clock."""
    return min(datetime.fromisoformat(UNTIL), timezone.now() - timedelta(hours=1)).astimezone(UTC)


def make_demo(**options) -> str:
    """What the command printed."""
    out = StringIO()
    small = {"participants": 30, "comments": 60, "ratings": 300, "seed": 1, "until": until(), "stderr": StringIO()}
    call_command("make_demo", stdout=out, **small | options)
    return out.getvalue()


def hot_measure() -> Measure:
    """The one that most is said about."""
    return Counter(comment.measure for comment in Comment.objects.select_related("measure")).most_common(1)[0][0]
