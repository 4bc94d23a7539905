"""Decisions that are undone within thirty seconds, and those that are ruled on when their author appeals."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from feedback.actions.appeals import appeal_decision, rule_on_appeal
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.decisions import DecidedMeanwhile, NotAllowed
from feedback.actions.moderation import (
    publish_comment,
    undo_decision,
)
from feedback.actions.reactions import report_comment
from feedback.actions.refusals import NotPossibleNow, Refused
from feedback.actions.transitions import APPEALABLE, UNDOABLE
from feedback.ledger.recount import recount
from feedback.models import Appeal, Comment, DeskItem, Notice
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen
from tests.decisions import TEXT, act, appealed, redact, with_an_edit
from tests.desk import chain, last_key, make_staff
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db


def snapshot(comment: Comment) -> dict:
    """What a decision may change, apart from what it adds."""
    comment.refresh_from_db()
    fields = ("moderation", "shown_id", "latest_id", "language", "stance", "edited_at", "hiding_decision_id")
    kept = {field: getattr(comment, field) for field in fields}
    item = DeskItem.objects.filter(comment=comment).values("pending", "edited", "reports", "risk", "since").first()
    public = list(comment.versions.filter(public=True).values_list("number", flat=True))
    return kept | {"item": item, "public": public, "reports": comment.reports.filter(handled_at=None).count()}


@pytest.mark.parametrize("action", UNDOABLE)
def test_undoing_leads_back_to_everything_as_it_was(action):
    comment = with_an_edit() if action == "publish" else make_comment(make_measure(), text=TEXT)
    report_comment(comment, by=make_participant(), rule=make_rule())
    staff = make_staff("senior-moderator")
    before = snapshot(comment)
    decision = act(action, comment, staff)
    undo_decision(comment, by=staff, after=decision.pk)
    assert snapshot(comment) == before
    assert chain(comment)[-2:] == [(action, "published", decision.to_state), ("undo", decision.to_state, "published")]
    assert Notice.objects.filter(decision=decision).count() == 0
    assert recount() == []


def test_undoing_comes_too_late_after_thirty_seconds_and_the_way_of_the_answer():
    comment, staff = make_comment(make_measure()), make_moderator()
    hide(comment, by=staff)
    for seconds, possible_still in ((40, False), (34, True)):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
            if possible_still:
                undo_decision(comment, by=staff, after=last_key(comment))
            else:
                with pytest.raises(NotPossibleNow, match="can no longer be undone"):
                    undo_decision(comment, by=staff, after=last_key(comment))
    assert [action for action, _start, _end in chain(comment)] == ["hide", "undo"]


def test_nobody_undoes_anothers_decision_nor_an_undoing():
    comment, staff, other = make_comment(make_measure()), make_moderator(), make_moderator()
    hide(comment, by=staff)
    with pytest.raises(NotPossibleNow):
        undo_decision(comment, by=other, after=last_key(comment))
    hidden = last_key(comment)
    undo_decision(comment, by=staff, after=hidden)
    with pytest.raises(DecidedMeanwhile):
        undo_decision(comment, by=staff, after=hidden)
    with pytest.raises(NotPossibleNow):
        undo_decision(comment, by=staff, after=last_key(comment))


@pytest.mark.parametrize("happened", ["edited", "appealed"])
def test_what_the_author_has_answered_is_not_undone(happened):
    comment, staff = make_comment(make_measure(), text=TEXT), make_moderator()
    decision = redact(comment, "Daulet", by=staff)
    comment.refresh_from_db()
    if happened == "edited":
        edit_comment(comment, by=comment.author, text="Another text.", language="en")
    else:
        appeal_decision(decision, by=comment.author, text="He agreed to it.")
    with pytest.raises(NotPossibleNow):
        undo_decision(comment, by=staff, after=decision.pk)


@pytest.mark.parametrize("reverse", [True, False])
@pytest.mark.parametrize("action", APPEALABLE)
def test_an_appeal_is_ruled_on_by_somebody_else_and_says_where_it_leads(action, reverse):
    comment, first = make_comment(make_measure(), text=TEXT), make_staff("senior-moderator")
    decision = act(action, comment, first)
    appeal = appeal_decision(decision, by=comment.author, text="It was right.")
    ruling = {"reverse": reverse, "explanation": "I read it again."}
    with pytest.raises(NotAllowed, match="somebody who did not make the decision"):
        rule_on_appeal(appeal, by=first, **ruling, **seen(comment))
    with pytest.raises(NotAllowed):
        rule_on_appeal(appeal, by=make_staff("moderator"), **ruling, **seen(comment))
    rule_on_appeal(appeal, by=make_staff("senior-moderator"), **ruling, **seen(comment))
    comment.refresh_from_db()
    appeal.refresh_from_db()
    assert appeal.outcome == ("reversed" if reverse else "upheld")
    assert (comment.state, comment.shown.text) == (
        ("published", TEXT) if reverse else (decision.to_state, comment.shown.text)
    )
    assert comment.decisions.last().about_id == decision.pk
    assert DeskItem.objects.count() == 0
    assert recount() == []


def test_a_second_ruling_is_refused():
    comment = appealed(hide(make_comment(make_measure())))
    appeal, what = Appeal.objects.get(), seen(comment)
    rule_on_appeal(appeal, by=make_moderator(), reverse=True, explanation="Right.", **what)
    for further in (what, seen(comment)):
        with pytest.raises(Refused):
            rule_on_appeal(appeal, by=make_moderator(), reverse=False, explanation="Wrong.", **further)
    assert [action for action, _start, _end in chain(comment)] == ["hide", "reverse"]


def test_withdrawing_closes_an_appeal_and_ends_all_deciding():
    comment = appealed(hide(make_comment(make_measure())))
    withdraw_comment(comment, by=comment.author)
    appeal = Appeal.objects.get()
    assert (appeal.outcome, DeskItem.objects.count()) == ("closed", 0)
    with pytest.raises(NotPossibleNow):
        rule_on_appeal(appeal, by=make_moderator(), reverse=True, explanation="Right.", **seen(comment))
    with pytest.raises(NotPossibleNow):
        publish_comment(comment, by=make_moderator(), **seen(comment))
