"""A ledger that is refused stands still: it says so, everything else goes on, and it goes on once it is mended."""

import subprocess

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.ledger import checkpoints, triggers
from feedback.ledger.checkpoints import LogFault, Walk, publish
from feedback.ledger.sequencer import sequence
from feedback.management.commands.run_sequencer import REFUSED
from feedback.models import Checkpoint, Comment, LedgerEntry, Log, OutboxEntry, TreeNode
from tests.builders import make_comment
from tests.processes import manage
from tests.programme_builders import make_measure


def signed_ledger(comments: int = 40) -> None:
    measure = make_measure()
    for _ in range(comments):
        make_comment(measure)
    sequence()
    publish()


def doctor(change):
    """What only somebody with the database in hand can do; gives what `change` gave."""
    triggers.lift(connection)
    given = change()
    triggers.install(connection)
    return given


def edit_an_entry(seq: int = 10) -> str:
    """Change an entry in the middle; what it said before."""
    before = LedgerEntry.objects.get(seq=seq).leaf
    doctor(lambda: LedgerEntry.objects.filter(seq=seq).update(leaf=before.replace("web", "api")))
    return before


def walk_to_the_end(step: int) -> int:
    """How many steps a walk took."""
    walk, steps = Walk(), 1
    while not walk.step(step):
        steps += 1
    return steps


@pytest.mark.django_db
def test_a_walk_looks_at_every_entry_in_steps():
    signed_ledger()
    size = Checkpoint.objects.get().size
    assert walk_to_the_end(1) == size
    assert walk_to_the_end(16) == -(-size // 16)
    assert walk_to_the_end(10_000) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        edit_an_entry,
        lambda: doctor(lambda: LedgerEntry.objects.filter(seq=11).delete()),
        lambda: doctor(lambda: LedgerEntry.objects.filter(seq=12).update(leaf_hash=bytes(32))),
        lambda: TreeNode.objects.filter(place=4 << 48).update(hash=bytes(32)),
        lambda: TreeNode.objects.filter(place=(4 << 48) + 1).delete(),
    ],
    ids=["edited", "gone", "another hash", "another node", "no node"],
)
def test_a_walk_finds_what_was_changed_in_the_middle(change):
    signed_ledger()
    change()
    with pytest.raises(LogFault, match="not those that were signed"):
        walk_to_the_end(7)


@pytest.mark.django_db
def test_the_start_reads_no_more_of_a_ledger_the_longer_it_is():
    counts = []
    for _ in range(2):
        signed_ledger(60)
        with CaptureQueriesContext(connection) as queries:
            checkpoints.begin()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert not [query for query in queries if '"leaf"' in query["sql"]]


@pytest.mark.django_db
def test_a_refused_ledger_says_so_on_its_page_and_is_not_ready_and_is_read_and_written_as_before(client):
    signed_ledger()
    assert b"stands still" not in client.get("/en/ledger/").content
    whole = edit_an_entry()
    Log.objects.update(refused_at=timezone.now())
    make_comment(make_measure(), text="Said while it stood still.")
    with pytest.raises(CommandError, match="not those that were signed"):
        call_command("sequence_ledger")
    assert b"The ledger stands still since" in client.get("/en/ledger/").content
    assert (client.get("/readyz").status_code, client.get("/readyz").content) == (503, b"the ledger stands still\n")
    assert client.get("/api/v1/ledger/checkpoint").content.decode() == Checkpoint.objects.get().note
    assert OutboxEntry.objects.filter(kind="comment").count() == 1
    doctor(lambda: LedgerEntry.objects.filter(seq=10).update(leaf=whole))
    call_command("sequence_ledger", verbosity=0)
    assert b"stands still" not in client.get("/en/ledger/").content
    assert client.get("/readyz").status_code == 200
    assert LedgerEntry.objects.filter(key=str(Comment.objects.order_by("created_at").last().pk)).count() == 1


@pytest.mark.django_db
def test_a_ledger_that_was_refused_is_not_written_to_before_every_entry_was_looked_at():
    signed_ledger()
    edit_an_entry()
    checkpoints.check()
    checkpoints.stand_still()
    since = Log.objects.get().refused_at
    checkpoints.stand_still()
    assert Log.objects.get().refused_at == since
    make_comment(make_measure())
    before = LedgerEntry.objects.count()
    with pytest.raises(CommandError):
        call_command("sequence_ledger")
    assert LedgerEntry.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_the_sequencers_process_ends_with_the_status_that_the_server_knows(settings):
    signed_ledger()
    edit_an_entry()
    process = manage("run_sequencer", "--interval", "0.01", LEDGER_DIR=settings.LEDGER_DIR, PORTAL_PROCESS="")
    try:
        assert process.wait(90) == REFUSED == 3
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert Log.objects.get().refused_at is not None
