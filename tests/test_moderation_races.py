"""Opposing decisions at the same moment, on both engines: one wins, the other is told, and nothing is overwritten.

`PAIRS` is how many pairs race in the suite; `script/torture` lets 500 race.
"""

import os
import re

import pytest

from feedback.actions.decisions import DecidedMeanwhile
from feedback.actions.desk import claim_item
from feedback.actions.moderation import hide_comment, publish_comment
from feedback.actions.refusals import Refused
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Decision, DeskItem, StaffMember
from tests.builders import make_comment, make_moderator, make_participant, make_rule, seen, staff_client
from tests.desk import chain, decide, make_staff
from tests.programme_builders import make_measure, make_programme
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
PAIRS = int(os.environ.get("PAIRS", "40"))


def make_waiting(number: int) -> list[Comment]:
    measure = make_measure(make_programme(measures=0, moderation="before"))
    author = make_participant()
    return [make_comment(measure, by=author, text=f"Number {each}.") for each in range(number)]


def test_of_opposing_decisions_one_wins_the_other_is_refused_and_none_is_overwritten():
    comments, rule = make_waiting(PAIRS), make_rule()
    first, second = make_moderator(), make_moderator()
    tasks = []
    for comment in comments:
        what = seen(comment)
        tasks += [
            lambda comment=comment, what=what: publish_comment(comment, by=first, **what),
            lambda comment=comment, what=what: hide_comment(
                comment, by=second, rule=rule, explanation="It advertises.", **what
            ),
        ]
    outcomes = at_once(tasks)
    winners = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, DecidedMeanwhile)]
    assert (len(winners), len(conflicts), Decision.objects.count()) == (PAIRS, PAIRS, PAIRS)
    for comment, pair in zip(comments, zip(outcomes[::2], outcomes[1::2], strict=True), strict=True):
        won = next(outcome for outcome in pair if isinstance(outcome, Decision))
        lost = next(outcome for outcome in pair if isinstance(outcome, Refused))
        comment.refresh_from_db()
        assert (lost.decision, lost.status, comment.moderation) == (won, 409, won.to_state)
    sequence()
    assert recount() == []


def test_of_opposing_decisions_on_the_desk_s_page_one_wins_and_the_other_sees_why():
    comments, rule = make_waiting(8), make_rule()
    staff = [make_staff(), make_staff()]
    browsers = [[staff_client(member) for member in staff] for _ in comments]
    tasks = []
    for comment, (one, other) in zip(comments, browsers, strict=True):
        what = {name: value or "" for name, value in seen(comment).items()}
        tasks += [
            lambda one=one, comment=comment, what=what: decide(one, comment, "publish", **what),
            lambda other=other, comment=comment, what=what: decide(
                other, comment, "hide", rule=rule.code, explanation="Typed with care.", **what
            ),
        ]
    answers = at_once(tasks)
    pairs = list(zip(answers[::2], answers[1::2], strict=True))
    assert {tuple(sorted(answer.status_code for answer in pair)) for pair in pairs} == {(302, 409)}
    assert [len(chain(comment)) for comment in comments] == [1] * len(comments)
    for publish, hide in pairs:
        refused = publish if publish.status_code == 409 else hide
        assert re.search("has decided meanwhile|holds this item until", refused.content.decode())
    sequence()
    assert recount() == []


def test_of_many_who_open_an_item_at_once_one_holds_it():
    [comment] = make_waiting(1)
    staff = [make_moderator() for _ in range(8)]
    holders = at_once([lambda member=member: claim_item(DeskItem(pk=comment.pk), by=member).pk for member in staff])
    assert set(holders) == {DeskItem.objects.get().claimed_by_id}
    assert StaffMember.objects.count() == 8
