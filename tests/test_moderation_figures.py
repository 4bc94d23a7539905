"""What the sequencer counts of decisions, and the wait until one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.actions.appeals import appeal_decision
from feedback.actions.moderation import hide_comment, keep_comment, undo_decision
from feedback.actions.reactions import report_comment
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Decision, DecisionTime, DeskItem, ModerationFigure
from feedback.moderation_figures import Line, figures_of
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen
from tests.programme_builders import make_measure
from tests.test_public_moderation import figures, hide_under, rule_on

pytestmark = pytest.mark.django_db


def test_decisions_count_once_under_their_rule_and_language():
    hide_under("spam")
    hide_under("spam", language="ru")
    hide_under("hatred")
    assert figures() == []
    sequence()
    assert figures() == [("hide", "hatred", "en", 1), ("hide", "spam", "en", 1), ("hide", "spam", "ru", 1)]
    hide_under("spam")
    sequence()
    assert ("hide", "spam", "en", 2) in figures()
    assert recount() == []


def test_a_decision_that_was_undone_counts_as_if_it_had_not_been_made():
    comment, keeper = make_comment(make_measure()), make_moderator()
    decision = hide_comment(comment, by=keeper, rule=make_rule(), explanation="No.", **seen(comment))
    sequence()
    undo_decision(comment, by=keeper, after=decision.pk)
    sequence()
    assert figures() == [("hide", "spam", "en", 0)]
    assert recount() == []


def test_appeals_and_rulings_count_under_the_rule_of_the_decision_they_are_about():
    rule_on(hide_under("spam"), reverse=True)
    rule_on(hide_under("spam"), reverse=False)
    appeal_decision(decision := hide_under("hatred"), by=decision.comment.author, text="Why?")
    sequence()
    assert figures() == [
        ("appeal", "hatred", "en", 1),
        ("appeal", "spam", "en", 2),
        ("hide", "hatred", "en", 1),
        ("hide", "spam", "en", 2),
        ("reverse", "spam", "en", 1),
        ("uphold", "spam", "en", 1),
    ]
    assert recount() == []


def test_recount_finds_a_number_that_is_wrong_and_counts_not_what_still_waits():
    hide_under("spam")
    sequence()
    hide_under("spam")
    assert recount() == []
    ModerationFigure.objects.update(number=5)
    month = f"{timezone.now():%Y-%m}-01"
    assert recount() == [f"moderation {month} hide spam en: 5 are kept, 1 are there"]


def test_the_wait_is_counted_from_when_the_comment_came_to_the_staff():
    comment = make_comment(make_measure())
    report_comment(comment, by=make_participant(), rule=make_rule())
    came = timezone.now() - timedelta(hours=3)
    DeskItem.objects.update(since=came)
    keep_comment(comment, by=make_moderator(), **seen(comment))
    hide(comment)
    assert list(Decision.objects.values_list("action", "since")) == [("keep", came), ("hide", None)]
    sequence()
    assert DecisionTime.objects.get().number == 1
    median = figures_of([]).total.median
    assert abs(median - timedelta(hours=3)) < timedelta(hours=3) * 0.05
    assert recount() == []


@pytest.mark.parametrize(
    ("lengths", "class_of_median"), [([0], 0), ([0, 9], 0), ([0, 9, 9], 9), ([3, 4, 90], 4), ([1, 2, 3, 4], 2)]
)
def test_the_median_is_the_lower_one(lengths, class_of_median):
    line = Line()
    for length in lengths:
        line.times[length] += 1
    alone = Line()
    alone.times[class_of_median] = 1
    assert line.median == alone.median
    assert Line().median is None
