"""Weighted results, beside the raw ones: raked to the population where enough people said who they are."""

from collections import defaultdict
from datetime import datetime

import numpy as np
from django.conf import settings

from feedback.ledger.releases import GROUP
from feedback.models import Margins, Tally, WeightedResult
from feedback.results.raking import NoWeights, effective_size, interval, rake
from feedback.results.story import Story, stories_of
from principles.models import Programme

DIMENSIONS = ("region", "age_band", "gender")
LEAST = 100  # people who gave all three
LEAST_EFFECTIVE = 50
Reason = WeightedResult.Reason


def cut_weighted(programme: Programme, now: datetime) -> int:
    """Weigh every tally that has been released since it was last weighed, or since the margins were loaded."""
    margins = Margins.objects.filter(country=settings.COUNTRY).first()
    if margins is None:
        return 0
    kept = {
        (row.question_id, row.edition_id): row for row in WeightedResult.objects.filter(question__programme=programme)
    }
    by_measure: dict[str, list[Tally]] = defaultdict(list)
    tallies = Tally.objects.filter(question__programme=programme).exclude(seq=None)
    for tally in tallies.select_related("question", "edition__measure").order_by("pk"):
        row = kept.get((tally.question_id, tally.edition_id))
        if row is None or row.looked_seq != tally.seq or row.looked_at < margins.loaded_at:
            by_measure[tally.edition.measure.slug].append(tally)
    cut = 0
    for measure, found in by_measure.items():
        stories = stories_of(measure, found)
        for tally in found:
            row = kept.get((tally.question_id, tally.edition_id)) or WeightedResult(
                question=tally.question, edition=tally.edition, cut_at=now, n=0
            )
            cut += _weigh(row, tally, stories[tally.pk], margins, now)
    return cut


def _weigh(row: WeightedResult, tally: Tally, story: Story, margins: Margins, now: datetime) -> int:
    state = story.at(tally.seq)
    groups, targets, complete = _grouped(story, margins)
    inside = complete & (state > 0)
    row.looked_seq, row.looked_at = tally.seq, now
    others = int(np.sum(~complete & (state > 0)))
    known = [one for one in row.history if one["log"] == tally.log]
    moved = [int(np.sum(complete & (story.at(one["seq"]) != state))) for one in known]
    if any(0 < number < GROUP for number in moved):
        row.save()
        return 0
    row.n, row.cut_at, row.seq = int(np.sum(inside)), now, tally.seq
    row.raw_positive = tally.share_positive
    row.positive = row.low = row.high = row.effective_n = row.design_effect = None
    row.reason = ""
    if row.n < LEAST:
        row.n, row.reason = 0, Reason.TOO_FEW
    elif 0 < others < GROUP:
        row.n, row.reason = 0, Reason.APART
    else:
        _fill(row, [group[inside] for group in groups], targets, state[inside])
    if not row.reason:
        row.history = [*row.history, {"log": tally.log, "seq": tally.seq}]
    row.save()
    return 0 if row.reason else 1


def _fill(row: WeightedResult, groups: list[np.ndarray], targets: list[np.ndarray], values: np.ndarray) -> None:
    try:
        weights = rake(groups, targets)
    except NoWeights:
        row.reason = Reason.MISSING
        return
    size = effective_size(weights)
    if size < LEAST_EFFECTIVE:
        row.reason = Reason.UNSTABLE
        return
    share = float(np.sum(weights * (values >= 4)) / np.sum(weights))
    low, high = interval(share, size)
    # Whole percents are shown and kept: finer ones would tell of single people.
    row.positive, row.low, row.high = (round(number, 2) for number in (share, low, high))
    row.effective_n, row.design_effect = round(size), round(row.n / size, 1)


def _grouped(story: Story, margins: Margins) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """By dimension each person's place among the margins' groups and the population of each; who is in all three."""
    groups, targets = [], []
    complete = np.ones(len(story.facts["region"]), dtype=bool)
    for dimension in DIMENSIONS:
        codes = list(margins.numbers[dimension])
        places = np.array([codes.index(code) if code in codes else -1 for code in story.groups[dimension]] or [-1])
        own = places[story.facts[dimension]] if len(story.facts[dimension]) else np.array([], dtype=int)
        complete &= own >= 0
        groups.append(own)
        targets.append(np.array([margins.numbers[dimension][code] for code in codes], dtype=float))
    return groups, targets, complete
