"""Cutting the breakdowns anew: once a night, from released ratings alone, by the rules of `disclosure`."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from feedback.models import Breakdown, Dimension, Tally
from feedback.results.disclosure import Cut, Table, table_of
from feedback.results.story import Story, stories_of
from principles.models import Programme

log = logging.getLogger("feedback.results")


def cut_breakdowns(programme: Programme, now: datetime) -> int:
    """Bring the breakdowns of every tally of `programme` up to date; returns how many tables were cut."""
    cut = 0
    for measure, tallies in _outdated(programme):
        stories = stories_of(measure, tallies)
        kept = _kept(tallies)
        for tally in tallies:
            cut += _cut_tally(programme, tally, stories[tally.pk], kept, now)
    return cut


def _outdated(programme: Programme) -> Iterator[tuple[str, list[Tally]]]:
    """Measures with those of their tallies that have been released since their breakdowns were last looked at."""
    tallies = Tally.objects.filter(question__programme=programme).exclude(seq=None)
    by_measure: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies.select_related("question", "edition__measure").order_by("edition__measure", "pk"):
        by_measure[tally.edition.measure.slug].append(tally)
    seen = defaultdict(int)
    rows = Breakdown.objects.filter(programme=programme).exclude(question=None)
    for question, edition, name, looked in rows.values_list("question", "edition", "log", "looked_seq"):
        seen[question, edition, name, looked] += 1
    for measure, found in by_measure.items():
        outdated = [
            tally
            for tally in found
            if seen[tally.question_id, tally.edition_id, tally.log, tally.seq] < len(Dimension.values)
        ]
        if outdated:
            yield measure, outdated


def _kept(tallies: list[Tally]) -> dict[tuple[int, int, str], Breakdown]:
    rows = Breakdown.objects.filter(edition__in=[tally.edition_id for tally in tallies])
    return {(row.question_id, row.edition_id, row.dimension): row for row in rows}


def _cut_tally(programme: Programme, tally: Tally, story: Story, kept: dict, now: datetime) -> int:
    state = story.at(tally.seq)
    before = cache(story.at)
    cut = 0
    for dimension in Dimension.values:
        cells = story.cells(dimension, state)
        total = [sum(column) for column in zip(*cells.values(), strict=True)] or [0] * 5
        if total != tally.counts:
            # The ledger and the tally differ: `recount` says where. What is shown stays as it was.
            log.error("breakdowns of %s wait: the ledger has %s, the tally %s", tally, total, tally.counts)
            return cut
        row = kept.get((tally.question_id, tally.edition_id, dimension)) or Breakdown(
            programme=programme, question=tally.question, edition=tally.edition, dimension=dimension, cut_at=now, n=0
        )
        # A log that was opened anew counts its entries from one: older cuts cannot be told from it.
        past = [
            (cut_of(one), story.moves(dimension, before(one["seq"]), state))
            for one in row.history
            if one["log"] == tally.log
        ]
        table = table_of(cells, past)
        if table.cut.singles:
            show(row, table, now, log=tally.log, seq=tally.seq)
            row.total, row.n = total, sum(total)
            cut += 1
        row.log, row.looked_seq = tally.log, tally.seq
        row.save()
    return cut


def cut_of(one: dict) -> Cut:
    return Cut(frozenset(one["singles"]), frozenset(one["counted"]), tuple(tuple(run) for run in one["classes"]))


def show(row: Breakdown, table: Table, now: datetime, *, log: str, seq: int) -> None:
    """Put `table` into `row`; a group that has no row in it keeps the one that it had before."""
    at = now.isoformat(timespec="seconds")
    classes = [list(run) for run in table.cut.classes]
    earlier = {one["group"]: one for one in row.rows}
    fresh = {
        group: {
            "group": group,
            "n": n,
            "counts": counts,
            "classes": classes if counts is not None else [],
            "cut": at,
            "seq": seq,
        }
        for group, (n, counts) in table.rows.items()
    }
    # Counts of an earlier night say more than a mere number of people of this one.
    stays = {
        group: one
        for group, one in earlier.items()
        if group not in fresh or (one["counts"] is not None and fresh[group]["counts"] is None)
    }
    row.rows = [one for _group, one in sorted((fresh | stays).items())]
    row.rest = {"n": table.rest, "counts": table.rest_counts}
    row.classes, row.cut_at, row.seq = classes, now, seq
    row.history = [
        *row.history,
        {
            "log": log,
            "seq": seq,
            "singles": sorted(table.cut.singles),
            "counted": sorted(table.cut.counted),
            "classes": classes,
        },
    ]
