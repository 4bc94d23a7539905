"""PostgreSQL is lost with its machine, and brought back by a base backup and the archived log as docs/deploy.md says.

Keys, the ledger's last checkpoint and the journal of erasures survive, as they do where that page is followed.
"""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from script.tortures.machinery import ROOT, ArchivedCluster, Figure, Portal, command_of

PEOPLE = 60
# One stage: people who rate and comment, one more who leaves later, and the deletion of the one before.
WRITE = """
from tests.builders import make_comment, make_participant, rate_as
from feedback.actions.departure import delete_account
from principles.models import Measure
from portal.accounts.models import User
measures, stage = list(Measure.objects.order_by("pk")[:5]), {stage}
for number in range({people}):
    person = make_participant(email=f"p{{stage}}-{{number}}@example.org")
    for measure in measures:
        rate_as(person, measure, number % 5 + 1)
    make_comment(measures[number % 5], by=person, text=f"Stage {{stage}}, number {{number}}.")
leaving = make_participant(email=f"leaving{{stage}}@example.org", display_name=f"Qname {{stage}}")
make_comment(measures[0], by=leaving, text=f"Qcanary of {{stage}}.")
for user in User.objects.filter(email="leaving{before}@example.org"):
    delete_account(user, erase_comments=True)
"""
CANARIES = """
import json
from feedback.models import CommentVersion
from portal.accounts.models import User
words = CommentVersion.objects.filter(text__startswith="Qcanary").values_list("text", flat=True)
names = User.objects.filter(display_name__startswith="Qname").values_list("display_name", flat=True)
print(json.dumps(sorted([*words, *names])))
"""
REOPENED = """
import json
from feedback.ledger.checkpoints import check_all
from feedback.models import LedgerEntry
check_all()
print(LedgerEntry.objects.filter(kind="log_reopened").values_list("leaf", flat=True).get())
"""


class Loss:
    """A portal on PostgreSQL with its archive, and what it held at three moments."""

    def __init__(self, people: int):
        self.people = people
        self.files = Path(tempfile.mkdtemp(prefix="portal-archive-"))
        self.cluster = ArchivedCluster()
        own = {"LEDGER_DIR": "ledger", "RECEIPT_KEY": "receipts.pem", "ERASURES_FILE": "erasures", "DUMPS_DIR": "dumps"}
        self.portal = Portal(self.cluster.url, **{name: str(self.files / place) for name, place in own.items()})

    def happen(self) -> None:
        """Three stages after the base backup: up to a moment, up to the archive's end, and in no archive."""
        self.portal.fill()
        self.write(1)
        made = self.cluster.script("portal-base-backup", self.cluster.folder / "base", self.archive)
        self.base = Path(made.stdout.strip())
        self.write(2)
        self.moment, self.then = self.cluster.ask("SELECT clock_timestamp()"), self.state()
        self.write(3)
        self.waited = self.wait_for_archive()
        archived = set(self.archive.iterdir())
        self.archived = self.state()
        self.write(4)
        self.signed = self.state()["ledger"]["head"]
        self.cluster.destroy()
        # However long the last stage took: what was archived of it was not yet copied off the server.
        for file in set(self.archive.iterdir()) - archived:
            file.unlink()

    @property
    def archive(self) -> Path:
        return self.cluster.folder / "wal"

    def write(self, stage: int) -> None:
        self.portal.python(WRITE.format(stage=stage, people=self.people, before=stage - 1))
        self.portal.manage("sequence_ledger")

    def state(self) -> dict:
        return json.loads(self.portal.manage("tell_state"))

    def canaries(self) -> list[str]:
        return json.loads(self.portal.python(CANARIES))

    def wait_for_archive(self) -> float:
        """Seconds until what was written is in the archive, by `archive_timeout` alone."""
        began = time.monotonic()
        file = self.archive / self.cluster.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
        while not file.exists() and time.monotonic() - began < 180:
            time.sleep(0.2)
        return time.monotonic() - began

    def recover(self, name: str, expected: dict, signed: int, *arguments: str) -> list[Figure]:
        """Bring PostgreSQL back, then do as the page says; `signed` is how many entries the ledger had signed."""
        portal, began = self.portal, time.monotonic()
        self.cluster.recover(self.base, *arguments)
        now, before = self.state(), self.canaries()
        unlike = [part for part in expected if now[part] != expected[part]]
        portal.manage("recount")
        portal.manage("replay_erasures")
        canaries = self.canaries()
        refused = self.status_of_sequencer()
        portal.manage("reopen_ledger")
        portal.manage("recount")
        portal.start("web", "worker", "sequencer")
        took = time.monotonic() - began
        portal.stop()
        leaf = json.loads(portal.python(REOPENED))
        kept, lost = expected["ledger"]["head"], [expected["ledger"]["head"] + 1, signed]
        said = [leaf["kept"], leaf["lost"]]
        return [
            Figure(f"{name}: counts, tallies, root unlike then", unlike or 0, "0", not unlike),
            Figure(f"{name}: words and names that came back of the erased", len(before), "2", len(before) == 2),
            Figure(f"{name}: the same after the journal was replayed", len(canaries), "0", canaries == []),
            Figure(f"{name}: the sequencer ended with", refused, "3", refused == 3),
            Figure(f"{name}: kept and lost in log_reopened", said, str([kept, lost]), said == [kept, lost]),
            Figure(f"{name}: seconds until the portal was ready", round(took, 1), "for information", True),
        ]

    def status_of_sequencer(self) -> int:
        ran = subprocess.run(
            command_of("sequencer"), cwd=ROOT, env=self.portal.environment, timeout=300, capture_output=True
        )
        return ran.returncode


def figures(size: float = 1.0) -> list[Figure]:
    """At size 1: four stages of 60 people, with five ratings and a comment each."""
    loss = Loss(max(12, int(PEOPLE * size)))
    try:
        loss.happen()
        rows = [Figure("seconds until the last write was archived", round(loss.waited, 1), "≤ 65", loss.waited <= 65)]
        kept = loss.files / "kept"
        shutil.copytree(loss.files / "ledger", kept)
        rows += loss.recover("to the end", loss.archived, loss.signed)
        loss.cluster.destroy()
        # As if it were the first try: with the checkpoint of the loss.
        shutil.rmtree(loss.files / "ledger")
        shutil.copytree(kept, loss.files / "ledger")
        rows += loss.recover("to a moment", loss.then, loss.signed, "--until", loss.moment, "--timeline", "current")
        return rows
    finally:
        loss.portal.stop()
        loss.cluster.remove()
        shutil.rmtree(loss.files, ignore_errors=True)
