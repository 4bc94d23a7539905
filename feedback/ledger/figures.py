"""Keeping the numbers of moderation: moved by the sequencer with what it appends, recounted from the rows."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from math import floor, log

from django.db.models import F, Model

from feedback.models import Appeal, Decision, DecisionTime, ModerationFigure, OutboxEntry
from feedback.models.figure import APPEAL

Action = Decision.Action
# What ends a wait: not what passes it on, and not what follows up on another decision.
SETTLING = {Action.PUBLISH, Action.HIDE, Action.REDACT, Action.KEEP, Action.ASK, Action.DEMAND}
DECIDED = ("comment_moderated", "comment_redacted")
COLUMNS = ("action", "rule__code", "language", "created_at", "since")
LONGEST = 200  # classes of length: the last one is centuries
CHUNK = 2000  # rows in memory at a time


class Sums:
    """What some decisions and appeals add to the kept numbers, by the columns that name each number."""

    def __init__(self):
        self.figures: Counter[tuple[date, str, str, str]] = Counter()
        self.times: Counter[tuple[date, int]] = Counter()

    def add_decisions(self, decisions) -> "Sums":
        """Add the rows of a queryset; one that was undone is taken out again by its undoing."""
        columns = [*COLUMNS, *(f"about__{column}" for column in COLUMNS)]
        for row in decisions.order_by("pk").values_list(*columns).iterator(chunk_size=CHUNK):
            decided, about = row[: len(COLUMNS)], row[len(COLUMNS) :]
            if decided[0] == Action.UNDO:
                self._count(*about, by=-1)
            else:
                self._count(*decided)
        return self

    def add_appeals(self, appeals) -> "Sums":
        rows = appeals.values_list("created_at", "decision__rule__code", "decision__language")
        for created_at, rule, language in rows.iterator(chunk_size=CHUNK):
            self.figures[month_of(created_at), APPEAL, rule or "", language] += 1
        return self

    def _count(self, action: str, rule: str | None, language: str, at: datetime, since: datetime | None, by=1) -> None:
        self.figures[month_of(at), action, rule or "", language] += by
        if since and action in SETTLING:
            self.times[month_of(at), length_of((at - since).total_seconds())] += by

    def keep(self) -> None:
        """Move the kept numbers; the caller holds the ledger, so nobody else does at the same time."""
        for (month, action, rule, language), number in sorted(self.figures.items()):
            _move(ModerationFigure, number, month=month, action=action, rule=rule, language=language)
        for (month, length), number in sorted(self.times.items()):
            _move(DecisionTime, number, month=month, length=length)


def month_of(at: datetime) -> date:
    """The first day of the month of `at` in UTC, as the ledger's hours are."""
    return at.astimezone(UTC).date().replace(day=1)


def length_of(seconds: float) -> int:
    """The class of a wait, as `DecisionTime` has it."""
    minutes = seconds / 60
    return 0 if minutes < 1 else min(1 + floor(log(minutes, DecisionTime.GROWTH)), LONGEST)


def count_moderation(outbox: list[OutboxEntry]) -> None:
    """Move the kept numbers by what a batch of the outbox says."""
    decided = [_decision_of(row) for row in outbox if row.kind in DECIDED]
    appealed = [_decision_of(row) for row in outbox if row.kind == "appeal"]
    if decided or appealed:
        sums = Sums().add_decisions(Decision.objects.filter(pk__in=decided))
        sums.add_appeals(Appeal.objects.filter(decision__in=appealed)).keep()


def figure_faults() -> Iterator[str]:
    """Kept numbers, against a recount of all decisions and appeals but those that still wait in the outbox."""
    outbox = OutboxEntry.objects.filter(kind__in=[*DECIDED, "appeal"])
    waiting: dict[bool, list[int]] = {True: [], False: []}
    for row in outbox.iterator(chunk_size=CHUNK):
        waiting[row.kind == "appeal"].append(_decision_of(row))
    sums = Sums().add_decisions(Decision.objects.exclude(pk__in=waiting[False]))
    sums.add_appeals(Appeal.objects.exclude(decision=None).exclude(decision__in=waiting[True]))
    yield from _differences(ModerationFigure, ("month", "action", "rule", "language"), sums.figures)
    yield from _differences(DecisionTime, ("month", "length"), sums.times)


def _differences(model: type[Model], key: Iterable[str], counted: Counter) -> Iterator[str]:
    kept = {row[:-1]: row[-1] for row in model.objects.values_list(*key, "number")}
    for names in sorted(kept.keys() | counted.keys()):
        if kept.get(names, 0) != counted.get(names, 0):
            said = " ".join(str(name) for name in names if name != "")
            yield f"moderation {said}: {kept.get(names, 0)} are kept, {counted.get(names, 0)} are there"


def _decision_of(row: OutboxEntry) -> int:
    return json.loads(row.leaf)["decision"]


def _move(model: type[Model], number: int, **names) -> None:
    if number and not model.objects.filter(**names).update(number=F("number") + number):
        model.objects.create(**names, number=number)
