"""The tables of a dump and where their rows come from: the same rows, in the same bodies, as the API's lists."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from feedback.api.answers import Answers
from feedback.api.comments import Comments
from feedback.api.labels import moment, texts
from feedback.api.moderation import Decisions, Rules
from feedback.api.programme import Measures, Principles, Programmes, Questions, Targets
from feedback.api.reading import List
from feedback.api.tallies import Tallies
from feedback.dumps.dictionary import COLUMNS, Column
from feedback.models import LedgerEntry
from principles.models import Edition

CHUNK = 2000  # rows in memory at a time
Batches = Iterator[list[dict]]


@dataclass(frozen=True)
class Table:
    """One table: `batches()` reads its rows from the database, bodies in lists of at most CHUNK.

    `key` are the columns that name a row; `only_json` are fields of the body that are a table of their own elsewhere.
    """

    name: str
    title: str
    key: tuple[str, ...]
    batches: Callable[[], Batches]
    only_json: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS[self.name]


def batched(rows) -> Iterator[list]:
    """Rows of a query in lists, read by a cursor of the database's and never all at once."""
    rows = rows.iterator(chunk_size=CHUNK)
    while batch := list(islice(rows, CHUNK)):
        yield batch


def listed(view_class: type[List], ordering: str | None = None) -> Callable[[], Batches]:
    """What a list of the API has on all its pages."""

    def batches() -> Batches:
        view = view_class()
        view.values = {}
        order = view.orders[ordering or next(iter(view.orders))]
        for rows in batched(order.sort(view.rows(), backwards=False)):
            yield view.present(rows)

    return batches


def editions() -> Batches:
    rows = Edition.objects.select_related("measure", "sequenced").order_by("measure_id", "number")
    for batch in batched(rows):
        yield [
            {
                "measure": row.measure.slug,
                "edition": row.number,
                "substantive_edition": row.series,
                "substantive": row.substantive,
                "title": texts(row, "title"),
                "summary": texts(row, "summary"),
                "note": row.note or None,
                "created": moment(row.created_at),
                "seq": row.sequenced.seq if hasattr(row, "sequenced") else None,
            }
            for row in batch
        ]


def readings() -> Batches:
    for targets in listed(Targets)():
        yield [{"target": target["slug"], **reading} for target in targets for reading in target["readings"]]


def _leaves(*kinds: str) -> Iterator[list[dict]]:
    """Leaves of these kinds with their seq, in the ledger's order."""
    entries = LedgerEntry.objects.filter(kind__in=kinds).order_by("seq").values_list("seq", "leaf")
    for batch in batched(entries):
        yield [{"seq": seq, **json.loads(leaf)} for seq, leaf in batch]


def ratings() -> Batches:
    names = [column.name for column in COLUMNS["ratings"]]
    for leaves in _leaves("rating", "rating_withdrawn"):
        yield [{name: leaf.get(name) for name in names} for leaf in leaves]


def tallies_over_time() -> Batches:
    for leaves in _leaves("tally_released"):
        yield [
            {name: leaf[name] for name in ("seq", "hour", "measure", "question", "edition", "pool")}
            | {f"c{value}": count for value, count in enumerate(leaf["counts"], 1)}
            for leaf in leaves
        ]


def ledger() -> Batches:
    """Every leaf, last in its line as the very bytes that were hashed: its keys stand in the order of RFC 8785."""
    entries = LedgerEntry.objects.order_by("seq").values_list("seq", "leaf_hash", "leaf")
    for batch in batched(entries):
        rows = [(seq, bytes(hash_).hex(), json.loads(leaf)) for seq, hash_, leaf in batch]
        yield [
            {"seq": seq, "kind": leaf["kind"], "measure": leaf["measure"], "leaf_hash": hash_, "leaf": leaf}
            for seq, hash_, leaf in rows
        ]


TABLES = (
    Table("programmes", "Programmes put to consultation", ("slug",), listed(Programmes)),
    Table("principles", "Principles of the programmes", ("slug",), listed(Principles)),
    Table("measures", "Measures with the wording of their current edition", ("slug",), listed(Measures)),
    Table("editions", "Every wording that a measure has had", ("measure", "edition"), editions),
    Table("questions", "What is asked of each measure", ("programme", "slug"), listed(Questions)),
    Table(
        "targets",
        "Figures that the current editions promise",
        ("slug",),
        listed(Targets),
        {"readings": "Its rows of the table readings, oldest first."},
    ),
    Table("readings", "Dated, sourced values of the targets", ("target", "voice", "date"), readings),
    Table("comments", "Comments and replies, oldest first", ("id",), listed(Comments, "created")),
    Table("ratings", "Released ratings and those taken back, in the ledger's order", ("seq",), ratings),
    Table("tallies", "Counts per value as they stand", ("measure", "question", "edition"), listed(Tallies)),
    Table("tallies_over_time", "Counts per value after each release", ("seq",), tallies_over_time),
    Table("answers", "Official answers, oldest first", ("code",), listed(Answers, "published")),
    Table(
        "ledger",
        "Every entry of the ledger, in its order",
        ("seq",),
        ledger,
        {"leaf": "The entry itself; docs/ledger.md has the fields of each kind."},
    ),
    Table("rules", "Rules of participation", ("code",), listed(Rules)),
    Table("decisions", "Decisions of the staff about comments, oldest first", ("id",), listed(Decisions, "decided")),
)
