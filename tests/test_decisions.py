"""Decisions about a comment: who may make which, about what they saw, and what the table of transitions says."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from feedback.actions.comments import edit_comment
from feedback.actions.decisions import DecidedMeanwhile, NotAllowed, VersionChanged
from feedback.actions.moderation import (
    ask_to_edit,
    escalate_comment,
    hide_comment,
    hide_on_demand,
    keep_comment,
    publish_comment,
    redact_comment,
)
from feedback.actions.refusals import Invalid, NotPossibleNow
from feedback.actions.transitions import MODERATORS, SENIORS, TRANSITIONS, possible
from feedback.ledger import triggers
from feedback.ledger.recount import recount
from feedback.models import Appeal, Comment, Decision, DeskItem
from tests.builders import hide, make_comment, make_moderator, make_rule, seen
from tests.decisions import TEXT, act, appealed, make_pending, redacted_comment, with_an_edit
from tests.desk import chain, make_staff
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "moderation.md"


SITUATIONS = {
    "pending": lambda: make_pending(text=TEXT),
    "published": lambda: make_comment(make_measure(), text=TEXT),
    "published, an edit waits": lambda: with_an_edit(),
    "published, an appeal is open": lambda: appealed(redacted_comment()),
    "hidden": lambda: hide(make_comment(make_measure(), text=TEXT)),
    "hidden, an appeal is open": lambda: appealed(hide(make_comment(make_measure(), text=TEXT))),
}


def documented() -> list[tuple]:
    rows = re.findall(r"^\| (\w+) \| (\w+) \| ([\w ]+) \| (\w+) \| ([\w ]*)\|$", DOCUMENT.read_text(), re.MULTILINE)
    return [(start, action, by, end, only.strip()) for start, action, by, end, only in rows[1:]]


def test_the_document_lists_every_transition_and_no_other():
    names = {MODERATORS: "moderator", SENIORS: "senior moderator"}
    assert documented() == [(row.start, row.action, names[row.by], row.end, row.only) for row in TRANSITIONS]


@pytest.mark.parametrize("role", ["moderator", "senior-moderator", "editor"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_role_decides_what_the_table_says_and_nothing_else(situation, role):
    state, _comma, condition = situation.partition(", ")
    facts = {"an edit waits": condition == "an edit waits", "an appeal is open": condition == "an appeal is open"}
    facts |= {"no edit waits": not facts["an edit waits"], "no appeal is open": not facts["an appeal is open"]}
    allowed = {
        row.action: row.end
        for row in TRANSITIONS
        if row.start == state and role in row.by and facts.get(row.only, not row.only)
    }
    staff, done = make_staff(role), {}
    for action in [action for action in Decision.Action.values if action != "undo"]:
        comment = SITUATIONS[situation]()
        try:
            done[action] = act(action, comment, staff).to_state
        except (NotAllowed, NotPossibleNow, Appeal.DoesNotExist):
            assert Comment.objects.get(pk=comment.pk).moderation == state
        Appeal.objects.all().delete()
    assert done == allowed


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_desk_offers_what_the_actions_take(situation):
    comment, appeal = SITUATIONS[situation](), situation.endswith("an appeal is open")
    offered = possible(comment.moderation, "senior-moderator", edit_waits=comment.has_waiting_edit, appealed=appeal)
    for action in offered:
        fresh = SITUATIONS[situation]()
        assert act(action, fresh, make_staff("senior-moderator")).action == action


def test_a_decision_about_an_older_version_is_refused():
    comment = make_comment(make_measure())
    what = seen(comment)
    edit_comment(comment, by=comment.author, text="Something else.", language="en")
    with pytest.raises(VersionChanged):
        hide_comment(comment, by=make_moderator(), rule=make_rule(), explanation="Why.", **what)
    assert chain(comment) == []


def test_a_decision_after_another_one_is_refused_and_names_who_decided_what():
    comment = make_comment(make_measure())
    what = seen(comment)
    keep_comment(comment, by=make_moderator(display_name="Saule"), **what)
    with pytest.raises(DecidedMeanwhile, match=r"Saule has decided meanwhile, at .+: leave as it is\."):
        hide_comment(comment, by=make_moderator(), rule=make_rule(), explanation="Why.", **what)
    assert chain(comment) == [("keep", "published", "published")]


def test_hiding_and_redacting_need_a_rule_in_force_and_an_explanation():
    comment, staff = make_comment(make_measure(), text=TEXT), make_moderator()
    rule = make_rule()
    retired = make_rule("old")
    retired.retired = True
    for given in ({"rule": None}, {"rule": retired}, {"explanation": " "}, {"explanation": "x" * 2001}):
        what = {"rule": rule, "explanation": "Why.", **seen(comment)} | given
        with pytest.raises(Invalid):
            hide_comment(comment, by=staff, **what)
        with pytest.raises(Invalid):
            redact_comment(comment, by=staff, spans=[(0, 3)], **what)
    assert chain(comment) == []


def test_what_was_passed_on_is_decided_by_a_senior_moderator_alone():
    comment, moderator = make_pending(), make_staff("moderator")
    escalate_comment(comment, by=moderator, **seen(comment))
    assert DeskItem.objects.get().escalated
    with pytest.raises(NotAllowed):
        publish_comment(comment, by=moderator, **seen(comment))
    publish_comment(comment, by=make_staff("senior-moderator"), **seen(comment))
    assert [action for action, _start, _end in chain(comment)] == ["escalate", "publish"]


def test_a_demand_names_its_authority_and_is_a_senior_moderator_s():
    comment, senior = make_comment(make_measure()), make_staff("senior-moderator")
    with pytest.raises(NotAllowed):
        act("demand", comment, make_staff("moderator"))
    with pytest.raises(Invalid, match="Name the authority"):
        hide_on_demand(comment, by=senior, authority="  ", explanation="Why.", **seen(comment))
    act("demand", comment, senior)
    comment.refresh_from_db()
    assert (comment.state, comment.hiding_decision.authority) == ("hidden", "The court")


def test_whoever_is_asked_to_edit_has_a_week_and_their_edit_comes_back_to_the_desk():
    comment = make_pending()
    ask_to_edit(comment, by=make_moderator(), explanation="Please name no names.", **seen(comment))
    assert DeskItem.objects.waiting().count() == 0
    assert DeskItem.objects.waiting(timezone.now() + timedelta(days=7, minutes=1)).count() == 1
    edit_comment(comment, by=comment.author, text="No names any more.", language="en")
    assert DeskItem.objects.waiting().count() == 1


def test_recount_replays_decisions_and_finds_what_they_do_not_lead_to():
    comment = hide(make_comment(make_measure()))
    publish_comment(comment, by=make_moderator(), **seen(comment))
    other = make_comment(make_measure())
    assert recount() == []
    first, second = comment.decisions.order_by("pk")
    triggers.lift(connection)
    Decision.objects.filter(pk=first.pk).update(to_state="published")
    Comment.objects.filter(pk=comment.pk).update(moderation="pending")
    Comment.objects.filter(pk=other.pk).update(moderation="hidden", hiding_decision=first)
    triggers.install(connection)
    faults = [fault for fault in recount() if fault.startswith("comment ")]
    assert sorted(faults) == sorted(
        [
            f"comment {comment.pk}: decision {second.pk} starts from hidden, the one before it led to published",
            f"comment {comment.pk}: pending is kept, its decisions lead to published",
            f"comment {other.pk}: hidden is kept, and nobody decided it",
        ]
    )
