"""Comments in every situation, and what staff do about them by the actions themselves."""

from itertools import count

from feedback.actions.appeals import appeal_decision, rule_on_appeal
from feedback.actions.comments import edit_comment
from feedback.actions.moderation import (
    ask_to_edit,
    escalate_comment,
    hide_comment,
    hide_on_demand,
    keep_comment,
    publish_comment,
    redact_comment,
    spans_of,
)
from feedback.models import Appeal, Comment, Decision
from tests.builders import make_comment, make_moderator, make_rule, seen
from tests.programme_builders import make_measure, make_programme

numbers = count(1)
TEXT = "Ask Daulet about the shop, he sells shoes."


def make_pending(**fields) -> Comment:
    programme = make_programme(f"deciding-{next(numbers)}", measures=0, moderation="before")
    return make_comment(make_measure(programme), **fields)


def with_an_edit() -> Comment:
    comment = make_pending(text=TEXT)
    publish_comment(comment, by=make_moderator(), **seen(comment))
    return edit_comment(comment, by=comment.author, text="Ask anybody about the shop.", language="en")


def appealed(comment: Comment) -> Comment:
    appeal_decision(comment.decisions.get(), by=comment.author, text="It was right.")
    comment.refresh_from_db()
    return comment


def redact(comment: Comment, *phrases: str, by=None, explanation: str = "A name.") -> Decision:
    comment.refresh_from_db()
    spans = spans_of(comment.latest.text, list(phrases))
    rule = make_rule("privacy")
    return redact_comment(
        comment, by=by or make_moderator(), rule=rule, explanation=explanation, spans=spans, **seen(comment)
    )


def redacted_comment() -> Comment:
    comment = make_comment(make_measure(), text=TEXT)
    redact(comment, "Daulet")
    comment.refresh_from_db()
    return comment


def act(action: str, comment: Comment, by) -> Decision:
    """Any decision of the table, with everything that it asks for."""
    rule, what = make_rule(), {"by": by, "explanation": "Why.", **seen(comment)}
    if action in {"uphold", "reverse"}:
        return rule_on_appeal(Appeal.objects.get(), reverse=action == "reverse", **what).ruling
    return {
        "publish": lambda: publish_comment(comment, **what),
        "hide": lambda: hide_comment(comment, rule=rule, **what),
        "redact": lambda: redact_comment(comment, rule=rule, spans=[(0, 3)], **what),
        "keep": lambda: keep_comment(comment, **what),
        "ask": lambda: ask_to_edit(comment, **what),
        "escalate": lambda: escalate_comment(comment, **what),
        "demand": lambda: hide_on_demand(comment, authority="The court", **what),
    }[action]()
