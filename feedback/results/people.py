"""Breakdowns of a programme's people: how many took part, by what they said of themselves when they first did."""

from collections import Counter, defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min

from feedback.models import Breakdown, CountedParticipant, Dimension, Participant, Rating, Tally
from feedback.results.breakdowns import cut_of, show
from feedback.results.disclosure import table_of
from principles.models import Programme

AT_ONCE = 500


def cut_people(programme: Programme, now: datetime) -> int:
    """Count who has joined since the last night and bring the breakdowns of people up to date.

    A programme with a single tally has none: its tally's own breakdowns are about the same people, and two tables of
    different nights would say more than each.
    """
    if Tally.objects.filter(question__programme=programme).count() < 2:
        return 0
    kept = {row.dimension: row for row in Breakdown.objects.filter(programme=programme, question=None)}
    number = max((one["seq"] for row in kept.values() for one in row.history), default=0) + 1
    _count(programme, number)
    done = 0
    for dimension in Dimension.values:
        row = kept.get(dimension) or Breakdown(programme=programme, dimension=dimension, cut_at=now, n=0)
        done += _cut(row, dimension, number, now)
    return done


def _count(programme: Programme, number: int) -> None:
    """Take those in whose first rating has been released, as cut `number`; each once and for good."""
    counted = CountedParticipant.objects.filter(programme=programme, participant__isnull=False).values("participant")
    released = Rating.objects.filter(question__programme=programme, released_once=True, participant__isnull=False)
    new = list(released.exclude(participant__in=counted).order_by().values_list("participant", flat=True).distinct())
    for start in range(0, len(new), AT_ONCE):
        with transaction.atomic():
            # Whoever leaves at this moment waits, or has left already and has no ratings any more.
            chosen = new[start : start + AT_ONCE]
            list(Participant.objects.select_for_update(no_key=True).filter(pk__in=chosen).order_by("pk"))
            firsts = released.filter(participant__in=chosen).order_by().values("participant").annotate(first=Min("pk"))
            rows = Rating.objects.filter(pk__in=[one["first"] for one in firsts])
            CountedParticipant.objects.bulk_create(
                CountedParticipant(
                    programme=programme,
                    participant_id=rating.participant_id,
                    cut=number,
                    **{dimension: getattr(rating, dimension) for dimension in Dimension.values},
                )
                for rating in rows
            )


def _cut(row: Breakdown, dimension: str, number: int, now: datetime) -> int:
    joined: dict[int, Counter] = defaultdict(Counter)  # by cut: how many of each group came with it
    people = CountedParticipant.objects.filter(programme=row.programme).order_by()
    for cut, group, size in people.values_list("cut", dimension).annotate(size=Count("pk")):
        joined[cut][group] += size
    cells: Counter = sum(joined.values(), Counter())
    if not cells or (row.history and not any(cut > row.history[-1]["seq"] for cut in joined)):
        return 0
    past = [
        (
            cut_of(one),
            {
                group: {(0, 1): size}
                for group, size in sum((sizes for cut, sizes in joined.items() if cut > one["seq"]), Counter()).items()
            },
        )
        for one in row.history
    ]
    table = table_of({group: [size, 0, 0, 0, 0] for group, size in cells.items()}, past)
    if not table.cut.singles:
        return 0
    show(row, table, now, log="", seq=number)
    row.seq, row.n = None, cells.total()
    row.total = []
    row.save()
    return 1
