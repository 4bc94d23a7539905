"""The released ratings of one tally through time, as the ledger tells them: who had which value at which entry."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from feedback.models import LedgerEntry, Rating, Tally
from feedback.results.disclosure import Moves

KINDS = ("rating", "rating_withdrawn")
FACTS = ("region", "age_band", "gender", "channel")
VALUES = 6  # 0 "not in it", and 1 to 5


@dataclass
class Story:
    """`seqs` and `values` are the releases in order, of the rating at `places`; `facts` say of each rating, by
    dimension, which of `groups` it belongs to."""

    seqs: np.ndarray
    places: np.ndarray
    values: np.ndarray
    facts: dict[str, np.ndarray]
    groups: dict[str, list[str]]

    def at(self, seq: int) -> np.ndarray:
        """The released value of each rating when the ledger's last entry was `seq`; 0 where none."""
        until = int(np.searchsorted(self.seqs, seq, side="right"))
        size = len(next(iter(self.facts.values())))
        state = np.zeros(size, dtype=np.int64)
        # A rating that was released more than once has its last value: the first one from behind.
        places, first = np.unique(self.places[:until][::-1], return_index=True)
        state[places] = self.values[:until][::-1][first]
        return state

    def cells(self, dimension: str, state: np.ndarray) -> dict[str, list[int]]:
        """Group → people per value 1-5."""
        groups = self.groups[dimension]
        table = np.bincount(self.facts[dimension] * VALUES + state, minlength=len(groups) * VALUES)
        table = table.reshape(len(groups), VALUES)[:, 1:]
        return {group: [int(number) for number in row] for group, row in zip(groups, table, strict=True)}

    def moves(self, dimension: str, before: np.ndarray, now: np.ndarray) -> Moves:
        """How many people of each group went from which value to which other one."""
        changed = before != now
        key = (self.facts[dimension] * VALUES + before) * VALUES + now
        found: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
        for code, number in zip(*np.unique(key[changed], return_counts=True), strict=True):
            rest, value = divmod(int(code), VALUES)
            place, earlier = divmod(rest, VALUES)
            found[self.groups[dimension][place]][earlier, value] = int(number)
        return found


def stories_of(measure: str, tallies: Sequence[Tally]) -> dict[int, Story]:
    """By key of the tally: the stories of `tallies`, all of the measure with this slug, up to their own entries."""
    wanted = {(tally.question.slug, tally.edition.number): tally for tally in tallies}
    released: dict[int, list[tuple[int, str, int]]] = {tally.pk: [] for tally in tallies}
    last = max(tally.seq for tally in tallies)
    entries = LedgerEntry.objects.filter(measure=measure, kind__in=KINDS, seq__lte=last).order_by("seq")
    for seq, who, leaf in entries.values_list("seq", "key", "leaf").iterator(chunk_size=5000):
        said = orjson.loads(leaf)
        tally = wanted.get((said["question"], said["edition"]))
        if tally and seq <= tally.seq:
            released[tally.pk].append((seq, who, said.get("value", 0)))
    return {tally.pk: _story(tally, released[tally.pk]) for tally in tallies}


def _story(tally: Tally, released: Iterable[tuple[int, str, int]]) -> Story:
    rows = Rating.objects.filter(question=tally.question_id, edition=tally.edition_id, released_once=True)
    places: dict[str, int] = {}
    facts: dict[str, list[int]] = {name: [] for name in FACTS}
    codes: dict[str, dict[str, int]] = {name: {} for name in FACTS}
    for who, *given in rows.values_list("who", *FACTS).iterator(chunk_size=5000):
        places[who.hex] = len(places)
        for name, group in zip(FACTS, given, strict=True):
            facts[name].append(codes[name].setdefault(group, len(codes[name])))
    known = [(seq, places[who], value) for seq, who, value in released if who in places]
    seqs, where, values = zip(*known, strict=True) if known else ((), (), ())
    return Story(
        np.array(seqs, dtype=np.int64),
        np.array(where, dtype=np.int64),
        np.array(values, dtype=np.int64),
        {name: np.array(numbers, dtype=np.int64) for name, numbers in facts.items()},
        {name: list(found) for name, found in codes.items()},
    )
