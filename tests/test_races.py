"""Real threads against the same rows, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import hide_comment, publish_comment
from feedback.actions.reactions import report_comment, vote_on_comment
from feedback.actions.refusals import Refused
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Decision, LedgerEntry, Participant, Rating, Report, Tally
from tests.builders import (
    make_comment,
    make_moderator,
    make_participant,
    make_rule,
    make_user,
    rate_as,
    seen,
    signed_in,
)
from tests.programme_builders import make_measure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
THREADS = 8


def at_once(tasks: list) -> list:
    """Run every task in a thread of its own, all let loose together; their results in order."""
    gate = Barrier(min(len(tasks), THREADS))

    def run(index_and_task):
        index, task = index_and_task
        if index < gate.parties:
            gate.wait()
        try:
            return task()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, enumerate(tasks)))


def test_two_hundred_parallel_ratings_of_one_participant_leave_one_rating_and_a_right_tally():
    measure = make_measure()
    participant = make_participant()
    client_values = [number % 5 + 1 for number in range(200)]
    at_once([lambda value=value: rate_as(participant, measure, value) for value in client_values])
    sequence()
    assert Rating.objects.count() == 1
    assert Rating.objects.get().value in client_values
    assert Tally.objects.get().n == 1
    assert recount() == []


def test_parallel_ratings_through_the_page_answer_no_error():
    measure = make_measure()
    participant = make_participant()
    page = f"/en/measures/{measure.slug}/ratings/support/"
    clients = [signed_in(participant) for _ in range(4)]
    answers = at_once(
        [
            lambda number=number: clients[number % 4].post(page, {"value": number % 5 + 1, "edition": 1}).status_code
            for number in range(60)
        ]
    )
    assert (set(answers), Rating.objects.count()) == ({302}, 1)


def test_ratings_released_while_people_change_theirs_are_counted_right():
    measure = make_measure()
    people = [make_participant() for _ in range(24)]
    for person in people:
        rate_as(person, measure, 3)
    changes = [
        lambda person=person, value=value: rate_as(person, measure, value) for value in (1, 5) for person in people
    ]
    at_once([*changes[:24], sequence, *changes[24:], sequence])
    sequence()
    assert recount() == []
    assert Tally.objects.get().n == 24


def test_one_key_sent_in_parallel_makes_one_comment():
    measure = make_measure()
    participant = make_participant()
    made = at_once([lambda: make_comment(measure, by=participant, key="one key") for _ in range(20)])
    assert ({comment.pk for comment in made}, Comment.objects.count()) == ({made[0].pk}, 1)


def test_a_first_contribution_sent_in_parallel_makes_one_participant():
    measure = make_measure()
    user = make_user()
    page = f"/en/measures/{measure.slug}/comments/"
    clients = [signed_in(Participant(user=user)) for _ in range(8)]
    answers = at_once(
        [
            lambda client=client: client.post(page, {"text": "The same text.", "edition": 1, "token": "t"}).status_code
            for client in clients
        ]
    )
    assert (set(answers), Participant.objects.count(), Comment.objects.count()) == ({302}, 1, 1)


def test_parallel_votes_are_all_counted():
    comment = make_comment(make_measure())
    voters = [make_participant() for _ in range(30)]
    at_once([lambda voter=voter: vote_on_comment(comment, by=voter, value=1) for voter in voters for _ in range(2)])
    comment.refresh_from_db()
    assert comment.agree_count == 30
    assert recount() == []


def test_parallel_reports_of_one_person_are_one():
    comment = make_comment(make_measure())
    reader = make_participant()
    rule = make_rule()
    at_once([lambda: report_comment(comment, by=reader, rule=rule) for _ in range(16)])
    assert Report.objects.count() == 1


def test_opposing_decisions_have_one_winner_each_and_the_other_is_told():
    comment = make_comment(make_measure())
    rule = make_rule()
    staff = [make_moderator() for _ in range(2)]
    for _ in range(10):
        comment.refresh_from_db()
        decisions = Decision.objects.count()
        what = seen(comment)
        outcomes = at_once(
            [
                lambda member=member, what=what: (publish_comment if comment.moderation == "hidden" else hide_comment)(
                    comment, by=member, rule=rule, explanation="Why.", **what
                )
                for member in staff
            ]
        )
        assert sorted(isinstance(outcome, Decision) for outcome in outcomes) == [False, True]
        assert Decision.objects.count() == decisions + 1
    sequence()
    assert recount() == []


def test_edits_withdrawals_and_decisions_at_once_leave_a_state_that_recounts():
    measure = make_measure()
    rule = make_rule()
    moderator = make_moderator()
    for _ in range(5):
        author = make_participant()
        comment = make_comment(measure, by=author)
        at_once([*everything_to(comment, author, moderator, rule), sequence])
    sequence()
    assert recount() == []


def everything_to(comment, author, moderator, rule) -> list:
    """An edit, a withdrawal, a hiding and a reply, ready to be let loose on one comment."""
    return [
        lambda: edit_comment(comment, by=author, text="Changed.", language="en"),
        lambda: withdraw_comment(comment, by=author),
        lambda: hide_comment(comment, by=moderator, version=1, after=None, rule=rule, explanation="Why."),
        lambda: make_comment(comment.measure, parent=comment),
    ]


def test_two_sequencers_at_once_number_without_gap_or_double():
    measure = make_measure()
    sequence()
    for _ in range(5):
        for _ in range(6):
            make_comment(measure)
        at_once([sequence, sequence, lambda: make_comment(measure)])
    sequence()
    seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert LedgerEntry.objects.filter(kind="comment").count() == 35
    assert recount() == []


@pytest.mark.postgresql
def test_a_slow_transaction_is_sequenced_after_what_was_acknowledged_before_it_began():
    measure = make_measure()
    sequence()

    def slow():
        try:
            with transaction.atomic():
                make_comment(measure, text="slow")
                make_comment(measure, text="slow too")
                fast.wait()
                sequenced.wait()
        finally:
            connections.close_all()

    fast, sequenced = Barrier(2), Barrier(2)
    before = make_comment(measure, text="before")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        fast.wait()
        after = make_comment(measure, text="fast")
        sequence()
        sequenced.wait()
        running.result()
    sequence()
    keys = list(LedgerEntry.objects.filter(kind="comment").order_by("seq").values_list("key", flat=True))
    assert keys[:2] == [str(before.pk), str(after.pk)]
    assert len(keys) == 4


def test_people_who_leave_while_others_act_on_the_same_comments_wait_for_nobody_in_a_circle():
    measure = make_measure()
    rule, moderator = make_rule(), make_moderator()
    for _ in range(4):
        people = [make_participant() for _ in range(6)]
        top = [make_comment(measure, by=person) for person in people[:3]]
        replies = [make_comment(measure, by=person, parent=parent) for person in people for parent in top]
        for person in people[3:]:
            for comment in (*top, *replies):
                if comment.author_id != person.pk:
                    vote_on_comment(comment, by=person, value=1)
            report_comment(top[0], by=person, rule=rule)
        acts = [task for comment in (*replies, *top) for task in acts_on(comment, people[0], moderator, rule)]
        leave = [lambda user=person.user: delete_account(user, erase_comments=True) for person in people[1:]]
        at_once([task for number, act in enumerate(acts) for task in (act, *leave[number : number + 1])])
    sequence()
    assert recount() == []


def acts_on(comment, person, moderator, rule) -> list:
    """A hiding, a vote and a withdrawal of one comment."""
    return [
        lambda: hide_comment(comment, by=moderator, version=1, after=None, rule=rule, explanation="Why."),
        lambda: vote_on_comment(comment, by=person, value=1),
        lambda: withdraw_comment(comment, by=person),
    ]
