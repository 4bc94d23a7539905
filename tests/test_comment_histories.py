"""Random histories of comments: whatever authors, readers and staff do, in any order, every promise is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from feedback.actions.appeals import appeal_decision, rule_on_appeal
from feedback.actions.comments import edit_comment, submit_comment, withdraw_comment
from feedback.actions.desk import refresh_desk
from feedback.actions.moderation import (
    ask_to_edit,
    escalate_comment,
    hide_comment,
    hide_on_demand,
    keep_comment,
    publish_comment,
    redact_comment,
    undo_decision,
)
from feedback.actions.reactions import report_comment, vote_on_comment
from feedback.actions.refusals import Refused
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Appeal, Comment, Decision, DeskItem
from tests.builders import make_moderator, make_participant, make_rule, seen
from tests.programme_builders import make_measure, make_programme

DECISIONS = {
    "publish": publish_comment,
    "hide": hide_comment,
    "redact": redact_comment,
    "keep": keep_comment,
    "ask": ask_to_edit,
    "escalate": escalate_comment,
    "demand": hide_on_demand,
}


class History(RuleBasedStateMachine):
    """Random histories of two comments and a reply; kept numbers equal recounts, and decisions give the state."""

    moderation = "after"

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.measure = make_measure(make_programme(measures=0, moderation=self.moderation))
        self.people = [make_participant() for _ in range(3)]
        self.moderators = [make_moderator(), make_moderator()]
        self.rule = make_rule()
        self.comments = []

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def do(self, action, *args, **kwargs):
        """An action either does its work or refuses; it never breaks."""
        try:
            with transaction.atomic():
                return action(*args, **kwargs)
        except Refused:
            return None

    def comment(self, index):
        comment = self.comments[index % len(self.comments)]
        comment.refresh_from_db()
        return comment

    @precondition(lambda self: len(self.comments) < 6)
    @rule(person=st.integers(0, 2), reply=st.booleans(), index=st.integers(0, 5))
    def submit(self, person, reply, index):
        parent = self.comment(index) if reply and self.comments else None
        made = self.do(
            submit_comment,
            self.people[person],
            measure=self.measure.slug,
            edition=1,
            text=f"Text {len(self.comments)}",
            language="en",
            parent=parent,
        )
        if made:
            self.comments.append(made)

    @precondition(lambda self: self.comments)
    @rule(index=st.integers(0, 5), person=st.integers(0, 2), minutes=st.sampled_from([0, 20]))
    def edit(self, index, person, minutes):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            self.do(
                edit_comment, self.comment(index), by=self.people[person], text=f"Edit {timezone.now()}", language="en"
            )

    @precondition(lambda self: self.comments)
    @rule(index=st.integers(0, 5), person=st.integers(0, 2))
    def withdraw(self, index, person):
        self.do(withdraw_comment, self.comment(index), by=self.people[person])

    @precondition(lambda self: self.comments)
    @rule(index=st.integers(0, 5), by=st.integers(0, 1), action=st.sampled_from(sorted(DECISIONS)))
    def decide(self, index, by, action):
        comment = self.comment(index)
        further = {"redact": {"spans": [(0, 2)]}, "demand": {"authority": "The court of Almaty"}}.get(action, {})
        self.do(
            DECISIONS[action],
            comment,
            by=self.moderators[by],
            rule=self.rule,
            explanation="Why.",
            **seen(comment),
            **further,
        )

    @precondition(lambda self: self.comments)
    @rule(index=st.integers(0, 5), by=st.integers(0, 1))
    def undo(self, index, by):
        comment = self.comment(index)
        self.do(undo_decision, comment, by=self.moderators[by], after=seen(comment)["after"])

    @precondition(lambda self: Decision.objects.exists())
    @rule(back=st.integers(0, 5), person=st.integers(0, 2))
    def appeal(self, back, person):
        decision = Decision.objects.order_by("-pk")[back : back + 1].first()
        if decision:
            self.do(appeal_decision, decision, by=self.people[person], text="I object.")

    @precondition(lambda self: Appeal.objects.exists())
    @rule(index=st.integers(0, 5), by=st.integers(0, 1), reverse=st.booleans())
    def rule_on(self, index, by, reverse):
        appeal = Appeal.objects.order_by("pk")[index : index + 1].first()
        if appeal:
            comment = appeal.decision.comment
            self.do(
                rule_on_appeal,
                appeal,
                by=self.moderators[by],
                reverse=reverse,
                explanation="Because.",
                **seen(comment),
            )

    @precondition(lambda self: self.comments)
    @rule(index=st.integers(0, 5), person=st.integers(0, 2))
    def report(self, index, person):
        self.do(report_comment, self.comment(index), by=self.people[person], rule=self.rule)

    @precondition(lambda self: self.comments)
    @rule(index=st.integers(0, 5), person=st.integers(0, 2), value=st.sampled_from([1, -1, 0]))
    def vote(self, index, person, value):
        self.do(vote_on_comment, self.comment(index), by=self.people[person], value=value)

    @rule()
    def run_sequencer(self):
        sequence()

    @invariant()
    def kept_numbers_equal_recounts(self):
        assert recount() == []

    @invariant()
    def decisions_replayed_give_the_moderation(self):
        for comment in Comment.objects.all():
            state = "pending" if self.moderation == "before" else "published"
            for decision in comment.decisions.order_by("pk"):
                assert decision.from_state == state
                state = decision.to_state
            assert comment.moderation == state
            assert (comment.state == "published") == (state == "published" and not comment.withdrawn_at)

    @invariant()
    def what_readers_see_was_never_judged_unfit(self):
        for comment in Comment.objects.visible().select_related("shown"):
            last = comment.decisions.order_by("-pk").first()
            assert comment.shown is not None
            if last and last.action in {"hide", "demand"}:
                assert comment.shown.number > last.version

    @invariant()
    def readers_look_up_only_versions_that_were_shown_and_not_judged_unfit(self):
        for decision in Decision.objects.filter(action="redact", followed_by=None).select_related("comment"):
            assert not decision.comment.versions.filter(number=decision.version, public=True).exists()

    @invariant()
    def the_desk_holds_what_the_facts_say(self):
        before = {item["comment_id"]: item for item in DeskItem.objects.values()}
        for comment in Comment.objects.all():
            refresh_desk(comment)
        assert {item["comment_id"]: item for item in DeskItem.objects.values()} == before


class ModeratesFirst(History):
    moderation = "before"


@pytest.mark.django_db
@pytest.mark.parametrize("history", [History, ModeratesFirst])
def test_random_histories_keep_every_promise(history):
    run_state_machine_as_test(history, settings=settings(max_examples=10, stateful_step_count=30))
