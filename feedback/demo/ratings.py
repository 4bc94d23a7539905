"""What people rate: one pool per measure and question, released in groups of ten as the sequencer would."""

import math
import random
import uuid
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from heapq import heappop, heappush
from typing import NamedTuple

from feedback.demo.leaves import Line, rating_line, tally_line
from feedback.demo.people import Person
from feedback.demo.rhythm import Rhythm, hour, moment
from feedback.ledger.releases import GROUP
from feedback.models import Rating, Tally
from feedback.models.rating import VALUES

CHANGING = 0.08  # of those released come back to it
WITHDRAWING = 0.1  # of those who come back
DAYS_UNTIL_CHANGED = 6
# How a band of the year of birth leans, per step of a measure's own slope.
AGE_STEP = {"-1959": -2.0, "1960-1969": -1.2, "1970-1979": -0.4, "1980-1989": 0.4, "1990-1999": 1.2, "2000-": 2.0}


class Event(NamedTuple):
    """Entries that join the ledger together at `at` (a Unix time); `tally` learns the place of the last one."""

    at: float
    lines: list[Line]
    tally: Tally | None = None


@dataclass
class Mood:
    """How a pool's ratings fall: around a mean, narrow or wide, split or not, leaning by region and age."""

    mean: float
    width: float
    split: float
    by_age: float
    by_region: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, chance: random.Random, *, appeal: float, about_support: bool, regions: list[str]) -> "Mood":
        return cls(
            mean=3.7 + appeal if about_support else 2.6 + 0.6 * appeal,
            width=chance.uniform(0.9, 1.4),
            split=chance.uniform(0, 0.35) if about_support else chance.uniform(0, 0.1),
            by_age=chance.uniform(-0.25, 0.25),
            by_region={region: chance.gauss(0, 0.35) for region in sorted(regions)},
        )

    def weights(self, region: str, age_band: str) -> list[float]:
        """Weights of the values 1 … 5, cumulative."""
        mean = self.mean + self.by_region.get(region, 0) + self.by_age * AGE_STEP.get(age_band, 0)
        reached, weights = 0.0, []
        for value in VALUES:
            weight = math.exp(-((value - mean) ** 2) / (2 * self.width**2))
            reached += weight + (self.split if value in (1, 5) else 0)
            weights.append(reached)
        return weights


@dataclass
class Pool:
    """Everybody's ratings of one question of one measure, and the tally they come to."""

    programme: str
    measure: str
    question: str
    edition: int
    tally: Tally
    size: int
    mood: Mood
    chance: random.Random

    def events(self, people: list[Person], rhythm: Rhythm, add: Callable[[Rating], None]) -> Iterator[Event]:
        """Releases in order of time; each rating is handed to `add` once, in its final form."""
        chance = self.chance
        draw = cache(self.mood.weights)
        waiting: list[Rating] = []
        returning: list[tuple[float, int, Rating]] = []  # a heap: when, and which rating is then changed
        changed: list[Rating] = []
        counts = [0] * 5
        raters = array("L", chance.sample(range(len(people)), self.size))
        for number, index in enumerate(raters):
            at = rhythm.at((number + chance.random()) / self.size)
            while returning and returning[0][0] <= at:
                yield from self._return(returning, changed, counts, add)
            person = people[index]
            value = chance.choices(VALUES, cum_weights=draw(person.region, person.age_band))[0]
            given = moment(at)
            waiting.append(
                Rating(
                    participant_id=person.pk,
                    question_id=self.tally.question_id,
                    edition_id=self.tally.edition_id,
                    who=uuid.UUID(int=chance.getrandbits(128), version=4),
                    value=value,
                    channel="api" if chance.random() < 0.03 else "web",
                    region=person.region,
                    age_band=person.age_band,
                    gender=person.gender,
                    created_at=given,
                    changed_at=given,
                )
            )
            if len(waiting) == GROUP:
                yield self._release(waiting, counts, at, "first")
                for place, rating in enumerate(waiting):
                    back = at + chance.expovariate(1 / (DAYS_UNTIL_CHANGED * 86400))
                    if chance.random() < CHANGING and back < rhythm.until:
                        heappush(returning, (back, number * GROUP + place, rating))
                    else:
                        add(rating)
                waiting.clear()
        while returning:
            yield from self._return(returning, changed, counts, add)
        for rating in waiting + changed:
            add(rating)
        self.tally.counts = counts
        self.tally.n = sum(counts) + len(waiting)

    def _return(self, returning, changed, counts, add) -> Iterator[Event]:
        """The next participant changes a rating or takes it back; ten of them are released."""
        at, _number, rating = heappop(returning)
        others = [value for value in VALUES if value != rating.value and abs(value - rating.value) < 3]
        rating.value = None if self.chance.random() < WITHDRAWING else self.chance.choice(others)
        rating.changed_at = moment(at)
        changed.append(rating)
        if len(changed) == GROUP:
            yield self._release(changed, counts, at, "change")
            for done in changed:
                done.counted_as_change = True
                add(done)
            changed.clear()

    def _release(self, ratings: list[Rating], counts: list[int], at: float, pool: str) -> Event:
        """Bring ten ratings into the counts, in random order."""
        self.chance.shuffle(ratings)
        names = {
            "programme": self.programme,
            "measure": self.measure,
            "question": self.question,
            "edition": self.edition,
            "hour": hour(at),
        }
        lines = []
        for rating in ratings:
            if rating.released_value is not None:
                counts[rating.released_value - 1] -= 1
            if rating.value is not None:
                counts[rating.value - 1] += 1
            rating.released_value, rating.released_once = rating.value, True
            lines.append(rating_line(who=rating.who.hex, value=rating.value, **names))
        lines.append(tally_line(pool=pool, counts=counts, **names))
        return Event(at, lines, self.tally)


def share_out(total: int, weights: list[float], *, most: int) -> list[int]:
    """`total` in whole parts by weight, none above `most`; what does not fit goes to the others."""
    parts = [0] * len(weights)
    while (left := total - sum(parts)) > 0:
        free = [place for place, part in enumerate(parts) if part < most]
        weight = sum(weights[place] for place in free)
        grown = 0
        for place in free:
            more = min(most - parts[place], int(left * weights[place] / weight))
            parts[place] += more
            grown += more
        if not grown:  # fewer than one each: the first ones get one more
            for place in free[:left]:
                parts[place] += 1
    return parts
