"""Which decision is possible from which state, by whom, and where it leads: the one table that actions obey.

`docs/moderation.md` shows it, and a test holds the page against this module.
"""

from dataclasses import dataclass

from feedback.models import Decision
from feedback.models.comment import Moderation

Action = Decision.Action
MODERATORS = ("moderator", "senior-moderator", "administrator")
SENIORS = ("senior-moderator", "administrator")
EDITORS = ("editor", "administrator")
PENDING, PUBLISHED, HIDDEN = Moderation.PENDING, Moderation.PUBLISHED, Moderation.HIDDEN


@dataclass(frozen=True)
class Transition:
    """From `start`, `action` by one of `by` leads to `end`, where `only` (in words) holds as well."""

    start: str
    action: str
    by: tuple[str, ...]
    end: str
    only: str = ""


TRANSITIONS = (
    Transition(PENDING, Action.PUBLISH, MODERATORS, PUBLISHED),
    Transition(PENDING, Action.HIDE, MODERATORS, HIDDEN),
    Transition(PENDING, Action.REDACT, MODERATORS, PUBLISHED),
    Transition(PENDING, Action.ASK, MODERATORS, PENDING),
    Transition(PENDING, Action.ESCALATE, MODERATORS, PENDING),
    Transition(PENDING, Action.DEMAND, SENIORS, HIDDEN),
    Transition(PUBLISHED, Action.PUBLISH, MODERATORS, PUBLISHED, only="an edit waits"),
    Transition(PUBLISHED, Action.HIDE, MODERATORS, HIDDEN),
    Transition(PUBLISHED, Action.REDACT, MODERATORS, PUBLISHED),
    Transition(PUBLISHED, Action.KEEP, MODERATORS, PUBLISHED, only="no edit waits"),
    Transition(PUBLISHED, Action.ASK, MODERATORS, PUBLISHED),
    Transition(PUBLISHED, Action.ESCALATE, MODERATORS, PUBLISHED),
    Transition(PUBLISHED, Action.DEMAND, SENIORS, HIDDEN),
    Transition(HIDDEN, Action.PUBLISH, SENIORS, PUBLISHED, only="no appeal is open"),
    Transition(HIDDEN, Action.UPHOLD, SENIORS, HIDDEN, only="an appeal is open"),
    Transition(HIDDEN, Action.REVERSE, SENIORS, PUBLISHED, only="an appeal is open"),
    Transition(PUBLISHED, Action.UPHOLD, SENIORS, PUBLISHED, only="an appeal is open"),
    Transition(PUBLISHED, Action.REVERSE, SENIORS, PUBLISHED, only="an appeal is open"),
)
# Undoing, by whoever decided and within 30 seconds, leads back to where the undone decision started.
UNDOABLE = (Action.PUBLISH, Action.HIDE, Action.REDACT, Action.KEEP, Action.ASK, Action.ESCALATE, Action.DEMAND)
APPEALABLE = (Action.HIDE, Action.REDACT, Action.DEMAND)
NEEDS_RULE = (Action.HIDE, Action.REDACT)
NEEDS_EXPLANATION = (Action.HIDE, Action.REDACT, Action.ASK, Action.DEMAND, Action.UPHOLD, Action.REVERSE)


def transition(start: str, action: str) -> Transition | None:
    """The transition that `action` makes from `start`, or None where there is none."""
    return next((row for row in TRANSITIONS if (row.start, row.action) == (start, action)), None)


def possible(start: str, role: str, *, edit_waits: bool, appealed: bool = False) -> list[str]:
    """What somebody with `role` may decide about a comment in `start`, appeals and undoing apart, in the table's
    order."""
    appeals = {Action.UPHOLD, Action.REVERSE}
    return [
        row.action
        for row in TRANSITIONS
        if row.start == start
        and role in row.by
        and row.action not in appeals
        and holds(row, edit_waits=edit_waits, appealed=appealed)
    ]


def holds(row: Transition, *, edit_waits: bool, appealed: bool) -> bool:
    """Whether the further condition of a transition is met."""
    conditions = {
        "": True,
        "an edit waits": edit_waits,
        "no edit waits": not edit_waits,
        "an appeal is open": appealed,
        "no appeal is open": not appealed,
    }
    return conditions[row.only]
