"""The work on decisions about many comments: a few at a time, taken up where it stopped, nothing twice."""

import os
import signal
import subprocess

import pytest
from django.utils import timezone

from feedback.actions.bulk import BATCH, FORGOTTEN_AFTER, STALLED_AFTER, advance_bulk, progress_of, resume_bulks
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import BulkDecision, Comment, Decision
from tests.builders import make_moderator
from tests.processes import manage, wait_until
from tests.test_bulk import make_comments, outcomes, preview


@pytest.mark.django_db
def test_work_goes_on_a_few_at_a_time_where_it_stopped():
    bulk = underway(make_comments(5))
    assert (advance_bulk(bulk.pk, most=2), outcomes(bulk)) == (True, {"waiting": 3, "done": 2})
    assert (advance_bulk(bulk.pk, most=3), outcomes(bulk)) == (False, {"done": 5})
    finished = BulkDecision.objects.get().finished_at
    assert (advance_bulk(bulk.pk), BulkDecision.objects.get().finished_at) == (False, finished)
    assert Decision.objects.count() == 5


@pytest.mark.django_db
def test_what_stopped_is_taken_up_by_the_due_work_and_what_moves_is_left_alone():
    bulk = underway(make_comments(2))
    resume_bulks()
    assert outcomes(bulk) == {"waiting": 2}
    resume_bulks(timezone.now() + STALLED_AFTER * 1.1)
    assert outcomes(bulk) == {"done": 2}


@pytest.mark.django_db
def test_a_preview_that_nobody_confirms_is_forgotten():
    moderator = make_moderator()
    make_comments(1)
    preview(by=moderator)
    BulkDecision.objects.update(created_at=timezone.now() - FORGOTTEN_AFTER * 2)
    latest = preview(by=moderator)
    assert list(BulkDecision.objects.all()) == [latest]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_nothing_half_done_and_nothing_is_done_twice():
    comments = make_comments(60)
    bulk = underway(comments)
    worker = worker_on(bulk)
    try:
        wait_until(lambda: progress_of(bulk)["done"] >= 5)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    done = progress_of(bulk)["done"]
    assert 0 < done < 60
    assert Decision.objects.count() == done
    assert set(Decision.objects.values_list("comment", flat=True)) == {
        target.comment_id for target in bulk.targets.filter(outcome="done")
    }
    while advance_bulk(bulk.pk):
        pass
    assert (outcomes(bulk), Decision.objects.count()) == ({"done": 60}, 60)
    sequence()
    assert recount() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_decide_about_each_comment_once():
    bulk = underway(make_comments(30))
    workers = [worker_on(bulk), worker_on(bulk)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    assert (outcomes(bulk), Decision.objects.count()) == ({"done": 30}, 30)


@pytest.mark.django_db
def test_a_batch_asks_the_same_of_the_database_for_each_comment(django_assert_max_num_queries):
    bulk = underway(make_comments(BATCH))
    with django_assert_max_num_queries(26 * BATCH + 6):
        advance_bulk(bulk.pk)


def underway(comments: list[Comment]) -> BulkDecision:
    """A confirmed decision to keep `comments`, of which nothing is done yet."""
    bulk = preview(by=make_moderator(), comments=Comment.objects.filter(pk__in=[comment.pk for comment in comments]))
    BulkDecision.objects.update(action="keep", confirmed_at=timezone.now(), moved_at=timezone.now())
    return bulk


def worker_on(bulk: BulkDecision) -> subprocess.Popen:
    """Another process that works on `bulk` until nothing waits, on the tests' database."""
    work = f"from feedback.actions.bulk import advance_bulk\nwhile advance_bulk({bulk.pk}, most=3): pass"
    return manage("shell", "-v", "0", "-c", work)
