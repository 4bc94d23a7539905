"""Reading a dump's files as a stranger would, with the standard library."""

import csv
import gzip
import hashlib
import io
import json
import re
from pathlib import Path

from django.conf import settings

from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.dumps.making import make_dump
from feedback.ledger.sequencer import sequence
from feedback.models import CommentVersion
from principles.models import Reading, Target
from tests.answers import make_answer
from tests.builders import hide, make_comment, make_participant, rate_by_many
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme

NASTY = [
    '=HYPERLINK("http://example.org";"free")',
    "+7 701, and -1",
    '-5 %\r\nnext line\nand one more, with “quotes” and "plain ones"',
    "@SUM(A1:A9)",
    "\tindented, 'quoted'",
    "\rreturned",
    "'=already marked",
    "'plain apostrophe",
    "＝wide",
    "Ә, ғ; қ - 😀🇰🇿\u202ereversed\u2028separated\u0085 e\u0301",
    '"',
    ",",
    "\\N NULL null",
]


def made() -> Path:
    """The folder of a new dump."""
    return Path(settings.DUMPS_DIR) / make_dump().name


def described(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_bytes())


def lines(folder: Path, table: str) -> list[bytes]:
    return gzip.decompress((folder / f"{table}.jsonl.gz").read_bytes()).splitlines(keepends=True)


def bodies(folder: Path, table: str) -> list[dict]:
    return [json.loads(line) for line in lines(folder, table)]


def cells(folder: Path, table: str) -> list[dict[str, str]]:
    """Rows of a CSV file as they stand, strictly read."""
    text = gzip.decompress((folder / f"{table}.csv.gz").read_bytes()).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def unmarked(cell: str) -> str:
    """The text of a cell, as the data dictionary says."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell) else cell


def checksums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def everything_written(folder: Path) -> bytes:
    """The contents of every file, unpacked."""
    return b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in folder.iterdir()
    )


def busy_portal():
    """Something of everything, with what nobody may read marked CANARY; returns the measure that most is about."""
    programme = load_fair_kazakhstan()
    target = Target.objects.select_related("measure").first()
    measure = target.measure
    Reading.objects.create(
        target=target,
        read_on="2026-03-01",
        value="-7.5000",
        source_name="=Bureau, of “statistics”",
        source_url="https://example.org/",
        voice="independent",
    )
    question = programme.questions.first().slug
    rate_by_many(measure, [1, 2, 3, 4, 4, 5, 5, 5, 5, 5], question)
    sequence()
    rate_by_many(measure, [1, 2], question)  # these wait
    first = make_comment(measure, text="A first one.", language="kk", stance="for")
    make_comment(measure, text="A reply.", parent=first)
    for text in NASTY:
        # Past the form, which would tidy some of them up.
        comment = make_comment(measure, text="x")
        CommentVersion.objects.filter(comment=comment).update(text=text)
    hide(make_comment(measure, text="CANARY hidden"), explanation="CANARY explanation")
    author, leaver, former = make_participant(), make_participant(display_name="CANARY"), make_participant()
    withdraw_comment(make_comment(measure, by=author, text="CANARY withdrawn"), by=author)
    make_comment(measure, by=leaver, text="CANARY erased")
    delete_account(leaver.user, erase_comments=True)
    make_comment(measure, by=former, text="By somebody who left.")
    delete_account(former.user, erase_comments=False)
    careful = make_programme(measures=0, slug="careful", moderation="before")
    make_comment(make_measure(careful), text="CANARY pending")
    make_answer(measure, first)
    sequence()
    return measure
