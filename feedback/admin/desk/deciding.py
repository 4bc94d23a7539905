"""From the desk's form to the one action that decides."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from feedback.actions.appeals import rule_on_appeal
from feedback.actions.decisions import VersionChanged
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
from feedback.actions.refusals import NotPossibleNow
from feedback.actions.transitions import SENIORS, possible
from feedback.admin.desk.forms import DecisionForm
from feedback.models import Appeal, Comment, Decision
from feedback.models.comment import State
from feedback.signals.detect import mask
from principles.wording_diff import Piece, word_diff

Action = Decision.Action
ACTIONS = {
    Action.PUBLISH: publish_comment,
    Action.HIDE: hide_comment,
    Action.REDACT: redact_comment,
    Action.KEEP: keep_comment,
    Action.ASK: ask_to_edit,
    Action.ESCALATE: escalate_comment,
    Action.DEMAND: hide_on_demand,
}
# The name on each button, and the key that presses it: of the physical keyboard, so that layouts do not matter.
BUTTONS = {
    Action.PUBLISH: (_("Publish"), "P"),
    Action.KEEP: (_("Leave as it is"), "K"),
    Action.HIDE: (_("Hide"), "H"),
    Action.REDACT: (_("Remove a part"), "R"),
    Action.ASK: (_("Ask the author to edit"), "A"),
    Action.ESCALATE: (_("Pass on"), "E"),
    Action.DEMAND: (_("Hide at an authority's demand"), "D"),
    Action.UPHOLD: (_("Uphold the decision"), "U"),
    Action.REVERSE: (_("Reverse the decision"), "V"),
}


@dataclass(frozen=True)
class Options:
    """What somebody may do about a comment now, in the order of the buttons, and why nothing where it is so."""

    actions: tuple[str, ...]
    hint: str = ""

    @property
    def buttons(self) -> list[tuple[str, str, str]]:
        """(action, name, key) of each button."""
        return [(action, *BUTTONS[action]) for action in BUTTONS if action in self.actions]


def options_for(comment: Comment, *, last: Decision | None, appeal: Appeal | None, user, role: str) -> Options:
    """What `user` with `role` may decide about `comment`, whose last decision and open appeal these are."""
    if comment.state in {State.WITHDRAWN, State.ERASED}:
        return Options((), _("Its author took it back: there is nothing to decide any more."))
    if last and last.action == Action.ESCALATE and role not in SENIORS:
        return Options((), _("It was passed on: a senior moderator decides."))
    actions = possible(comment.moderation, role, edit_waits=comment.has_waiting_edit, appealed=appeal is not None)
    hint = ""
    if appeal is not None:
        if role not in SENIORS:
            hint = _("A senior moderator rules on the appeal.")
        elif appeal.decision.by.user_id == user.pk:
            hint = _("You made the decision: somebody else rules on the appeal.")
        else:
            actions += [Action.UPHOLD, Action.REVERSE]
    elif not actions:
        hint = _("A senior moderator may publish it again.")
    return Options(tuple(actions), hint)


def carry_out(comment: Comment, form: DecisionForm, *, by) -> Decision:
    """Make the decision of a valid form, or refuse as the action does."""
    values = form.cleaned_data
    action = values["act"]
    seen = {"version": values["version"], "after": values["after"]}
    if action in {Action.UPHOLD, Action.REVERSE}:
        appeal = Appeal.objects.open().filter(decision__comment=comment).select_related("decision__comment").first()
        if appeal is None:
            raise NotPossibleNow
        reverse, explanation = action == Action.REVERSE, values["explanation"]
        return rule_on_appeal(appeal, by=by, reverse=reverse, explanation=explanation, **seen).ruling
    further = {}
    if action == Action.REDACT:
        # What the phrases are looked up in is the text that was seen; another one is refused by its number.
        judged = comment.versions.filter(number=values["version"]).first()
        if judged is None:
            raise VersionChanged
        further["spans"] = spans_to_remove(judged.text, form)
    elif action == Action.DEMAND:
        further["authority"] = values["authority"]
    return ACTIONS[action](comment, by=by, rule=values["rule"], explanation=values["explanation"], **seen, **further)


def spans_to_remove(text: str, form: DecisionForm) -> list[tuple[int, int]]:
    """What a valid form marks in `text`; `Invalid` names a phrase that does not stand there."""
    return [*spans_of(text, form.lines()), *(personal_spans(text) if form.cleaned_data["personal"] else [])]


def personal_spans(text: str) -> list[tuple[int, int]]:
    """Where `mask` hides something, as spans; a few characters between two stars belong to the same number."""
    hidden = [place for place, (plain, masked) in enumerate(zip(text, mask(text), strict=True)) if plain != masked]
    if not hidden:
        return []
    gaps = [(one, other) for one, other in pairwise(hidden) if text[one + 1 : other].strip(" ()-.@_+/")]
    starts = [hidden[0], *(other for _one, other in gaps)]
    starts = [start - 1 if start and text[start - 1] in "+(" else start for start in starts]
    ends = [*(one for one, _other in gaps), hidden[-1]]
    return [(start, end + 1) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class Change:
    """What happened to a comment after a moderator opened it: who decided what, and how the text was edited."""

    decisions: list[Decision]
    diff: list[Piece]


def change_since(comment: Comment, *, version: int | None, after: int | None) -> Change:
    """The decisions after the key `after`, and the latest text against `version`."""
    decisions = comment.decisions.select_related("rule_version", "by__user").filter(pk__gt=after or 0)
    seen = comment.versions.filter(number=version).first()
    latest = comment.latest
    edited = seen is not None and latest is not None and seen.pk != latest.pk
    return Change(list(decisions), word_diff(mask(seen.text), mask(latest.text)) if edited else [])
