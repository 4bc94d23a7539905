"""The sequencer's process killed outright while it works: gapless, nothing lost, no fork.

`KILLS` is how often; `script/torture` does it. In the suite, `test_ledger_reopening` stops it at each step instead.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from django.db import connection

from feedback.ledger import store
from feedback.ledger.checkpoints import check_all, publish
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Checkpoint, LedgerEntry, OutboxEntry
from tests.builders import make_comment, make_participant, rate_as
from tests.programme_builders import make_measure
from tests.verifying import Portal, fault_of

ROOT = Path(__file__).resolve().parent.parent
KILLS = int(os.environ.get("KILLS", "0"))


def environment(settings) -> dict[str, str]:
    """What a sequencer on the test's database and folder needs."""
    at = connection.settings_dict
    url = f"sqlite:///{at['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    own = {"DATABASE_URL": url, "LEDGER_DIR": settings.LEDGER_DIR, "DUMPS_DIR": settings.DUMPS_DIR}
    return os.environ | own | {"SECRET_KEY": "of-the-tests-alone", "DEBUG": "true"}


@pytest.mark.skipif(not KILLS, reason="takes half a minute a kill: script/torture does it")
@pytest.mark.django_db(transaction=True)
def test_a_sequencer_that_is_killed_while_it_works_goes_on_without_gap_loss_or_fork(settings):
    chance, measure, author = Random(9), make_measure(), make_participant()
    raters = [make_participant() for _ in range(20)]
    written = []
    for turn in range(KILLS):
        command = [sys.executable, "manage.py", "run_sequencer", "--interval", "0.01"]
        before = store.head()
        process = subprocess.Popen(command, cwd=ROOT, env=environment(settings), stderr=subprocess.PIPE)
        try:
            for place in range(40):
                written.append(str(make_comment(measure, by=author, text=f"Comment {turn} {place}.").pk))
                rate_as(raters[place % 20], measure, (turn + place) % 5 + 1)
                if place == 20:
                    deadline = time.monotonic() + 60
                    while store.head() == before and time.monotonic() < deadline:
                        time.sleep(0.01)
            assert store.head() > before, process.stderr.read1() if process.poll() is not None else "no entries"
            time.sleep(chance.random() / 5)
        finally:
            process.kill()
            process.communicate()
    check_all()
    kept = [(str(row.size), row.note) for row in Checkpoint.objects.order_by("pk")]
    sequence()
    publish()
    assert OutboxEntry.objects.count() == 0
    assert list(LedgerEntry.objects.filter(kind="comment").order_by("seq").values_list("key", flat=True)) == written
    assert recount() == []
    assert fault_of(Portal(), earlier=kept) is None
