"""What staff decide about one comment: under what was seen, by the right people, and never lost."""

import re
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from feedback.actions.appeals import appeal_decision, rule_on_appeal
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.decisions import DecidedMeanwhile, NotAllowed, VersionChanged
from feedback.actions.moderation import (
    ask_to_edit,
    escalate_comment,
    hide_comment,
    hide_on_demand,
    keep_comment,
    publish_comment,
    redact_comment,
    spans_of,
    undo_decision,
)
from feedback.actions.reactions import report_comment
from feedback.actions.refusals import Invalid, NotPossibleNow, Refused
from feedback.actions.transitions import APPEALABLE, MODERATORS, SENIORS, TRANSITIONS, UNDOABLE, possible
from feedback.ledger import triggers
from feedback.ledger.recount import recount
from feedback.models import Appeal, Comment, Decision, DeskItem, Notice
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen
from tests.desk import chain, last_key, make_staff
from tests.programme_builders import make_measure, make_programme

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "moderation.md"
numbers = count(1)
TEXT = "Ask Daulet about the shop, he sells shoes."


def make_pending(**fields) -> Comment:
    programme = make_programme(f"programme-{next(numbers)}", measures=0, moderation="before")
    return make_comment(make_measure(programme), **fields)


def redact(comment: Comment, *phrases: str, by=None, explanation: str = "A name.") -> Decision:
    comment.refresh_from_db()
    spans = spans_of(comment.latest.text, list(phrases))
    rule = make_rule("privacy")
    return redact_comment(
        comment, by=by or make_moderator(), rule=rule, explanation=explanation, spans=spans, **seen(comment)
    )


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


SITUATIONS = {
    "pending": lambda: make_pending(text=TEXT),
    "published": lambda: make_comment(make_measure(), text=TEXT),
    "published, an edit waits": lambda: with_an_edit(),
    "published, an appeal is open": lambda: appealed(redacted_comment()),
    "hidden": lambda: hide(make_comment(make_measure(), text=TEXT)),
    "hidden, an appeal is open": lambda: appealed(hide(make_comment(make_measure(), text=TEXT))),
}


def with_an_edit() -> Comment:
    comment = make_pending(text=TEXT)
    publish_comment(comment, by=make_moderator(), **seen(comment))
    return edit_comment(comment, by=comment.author, text="Ask anybody about the shop.", language="en")


def redacted_comment() -> Comment:
    comment = make_comment(make_measure(), text=TEXT)
    redact(comment, "Daulet")
    comment.refresh_from_db()
    return comment


def appealed(comment: Comment) -> Comment:
    appeal_decision(comment.decisions.get(), by=comment.author, text="It was right.")
    comment.refresh_from_db()
    return comment


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


def test_a_redaction_shows_the_rest_and_keeps_the_original_for_staff():
    comment = redacted_comment()
    versions = list(comment.versions.order_by("number").values_list("number", "text", "public"))
    assert versions == [(1, TEXT, False), (2, "Ask ▮▮▮ about the shop, he sells shoes.", True)]
    assert (comment.state, comment.shown.redaction.action, comment.edited_at) == ("published", "redact", None)
    assert recount() == []


def test_what_touches_or_overlaps_becomes_one_mark():
    comment = make_comment(make_measure(), text="one two three four")
    redact(comment, "one two", "two", " three")
    comment.refresh_from_db()
    assert comment.shown.text == "▮▮▮ four"


def test_a_phrase_that_stands_nowhere_is_named_and_a_text_is_not_removed_whole():
    comment = make_comment(make_measure(), text=TEXT)
    with pytest.raises(Invalid, match="“Aigul” does not stand in the comment"):
        redact(comment, "Daulet", "Aigul")
    with pytest.raises(Invalid, match="Nothing would be left to read"):
        redact(comment, TEXT)
    assert comment.versions.count() == 1


def test_an_edit_of_a_redacted_comment_waits_and_is_compared_at_the_desk():
    comment = redacted_comment()
    edit_comment(comment, by=comment.author, text=TEXT, language="en")
    comment.refresh_from_db()
    assert (comment.shown.number, comment.has_waiting_edit) == (2, True)
    assert DeskItem.objects.get().edited


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


def snapshot(comment: Comment) -> dict:
    """What a decision may change, apart from what it adds."""
    comment.refresh_from_db()
    fields = ("moderation", "shown_id", "latest_id", "language", "stance", "edited_at", "hiding_decision_id")
    kept = {field: getattr(comment, field) for field in fields}
    item = DeskItem.objects.filter(comment=comment).values("pending", "edited", "reports", "risk", "since").first()
    public = list(comment.versions.filter(public=True).values_list("number", flat=True))
    return kept | {"item": item, "public": public, "reports": comment.reports.filter(handled_at=None).count()}


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
