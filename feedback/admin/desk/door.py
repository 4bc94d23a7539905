"""Who may come to the desk, and what all of its pages show."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from feedback.actions.moderation import UNDO_WITHIN
from feedback.actions.transitions import UNDOABLE
from feedback.models import Decision
from feedback.signals.detect import mask

SHOWN_OF_TEXT = 60


def on_the_desk(view):
    """A page of the admin for those who decide about comments."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("feedback.decide"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)


def desk_context(request, title: str) -> dict:
    """What every page of the desk has: the admin's own, a title, and the decision that can still be undone."""
    return admin.site.each_context(request) | {"title": title, "undoable": undoable(request.user)}


def undoable(user) -> dict | None:
    """The decision that `user` has just made, what it was about, and for how many seconds it can be taken back."""
    now = timezone.now()
    recent = Decision.objects.filter(created_at__gte=now - UNDO_WITHIN, by__user=user)
    decision = recent.select_related("comment__latest").order_by("-created_at", "-pk").first()
    if decision is None or decision.action not in UNDOABLE:
        return None
    latest = decision.comment.latest
    return {
        "decision": decision,
        "text": mask(latest.text)[:SHOWN_OF_TEXT] if latest else "",
        "language": latest.language if latest else "",
        "seconds": max(1, round((decision.created_at + UNDO_WITHIN - now).total_seconds())),
    }
