"""Telling people: one notice per thing and person, in the profile and by mail."""

from datetime import timedelta

from django.utils import timezone

from feedback.models import Appeal, Comment, Decision, Notice, Participant, Sanction
from feedback.models.notice import NoticeQuerySet

# A decision is told once it can no longer be undone.
UNDO_IS_OVER = timedelta(seconds=36)
# What the author is told of; a first publication, where nothing was in question, is seen on the page.
TOLD = {
    Decision.Action.HIDE,
    Decision.Action.REDACT,
    Decision.Action.ASK,
    Decision.Action.DEMAND,
    Decision.Action.PUBLISH,
}


def tell_decision(decision: Decision, comment: Comment) -> None:
    """Tell the author of a decision about their comment, where there is an account to tell."""
    author = comment.author
    if decision.action not in TOLD or author is None or author.user_id is None:
        return
    Notice.objects.create(
        participant=author,
        kind=Notice.Kind.DECISION,
        comment=comment,
        decision=decision,
        due_at=timezone.now() + UNDO_IS_OVER,
    )


def untell_decision(decision: Decision) -> None:
    """Take back the notice of a decision that was undone before anybody was told."""
    Notice.objects.filter(decision=decision, mailed_at=None).delete()


def tell_ruling(appeal: Appeal) -> None:
    _tell(appeal.participant, Notice.Kind.RULING, appeal=appeal)


def tell_sanction(sanction: Sanction) -> None:
    _tell(sanction.participant, Notice.Kind.SANCTION, sanction=sanction)


def _tell(participant: Participant, kind: str, **about) -> None:
    if participant.user_id is not None:
        Notice.objects.create(participant=participant, kind=kind, **about)


def notices_of(participant: Participant) -> NoticeQuerySet:
    """What the profile shows: the newest first."""
    return Notice.objects.of(participant).ready().order_by("-pk")
