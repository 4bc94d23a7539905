"""Undoing once more what a restored backup brought back: accounts that were erased, and sessions that had ended."""

from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from feedback.actions.departure import delete_account
from feedback.erasures import erasures, journal


def replay_erasures(path: Path | None = None) -> tuple[int, bool]:
    """Delete each account that the journal names and that is there: (how many, whether there is no journal).

    Everybody has to sign in anew: which session was ended since, by a new password perhaps, is written nowhere else.
    An account counts as the same one by its key and the moment it was made: after a restore, keys are given anew.
    """
    path = path or journal()
    Session.objects.all().delete()
    if not path.exists():
        return 0, True
    number = 0
    for line in list(erasures(path)):
        joined = datetime.fromisoformat(line["joined"])
        user = get_user_model().objects.filter(pk=line["user"], date_joined=joined).first()
        if user:
            delete_account(user, erase_comments=line["erase_comments"])
            number += 1
    return number, False
