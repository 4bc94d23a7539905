"""Search over measures: their wording in three languages, their codes, and the names of area and principle.

Measures are as many as programmes have, not as people write: they are read whole, in one query, and compared in
memory, so that an edition, a renamed area or a moved measure is found under its new words at once.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import QuerySet

from feedback.search.query import Query, Term, nearest
from feedback.search.stop_words import STOP_WORDS
from feedback.search.words import stems_in, words_in
from principles.models import LANGUAGES, Measure

FIELDS = {  # field of the measure's words → how much a word in it counts
    "current_edition__title": 4.0,
    "area__name": 1.5,
    "current_edition__summary": 2.0,
    "principle__title": 1.0,
}
AS_WRITTEN = 1.3  # the very word rather than another form of it
OTHER_PLACES = 0.25
BY_TYPO = {0: 1.0, 1: 0.6, 2: 0.4}
MOST_MEASURES = 5_000


@dataclass(frozen=True)
class MeasureHit:
    """A measure that was found: in which language it matches best, and the stems to mark."""

    pk: int
    score: float
    words: int  # how many of the query's words it has
    language: str
    stems: frozenset[str]


@dataclass
class Found:
    """Measures, best first, and what a comment's search may learn from them: words that were meant."""

    hits: list[MeasureHit] = field(default_factory=list)
    complete: bool = True  # each has all the words
    meant: dict[str, frozenset[str]] = field(default_factory=dict)


@lru_cache(maxsize=20_000)
def _analysed(text: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of `text`, and its words as they stand, folded."""
    words = frozenset(word for word, _start, _end in words_in(text) if word not in STOP_WORDS)
    return frozenset(stems_in(text, language)), words


def search_measures(query: Query, measures: QuerySet[Measure], languages: Iterable[str] = LANGUAGES) -> Found:
    """The ones of `measures` with the words of `query` in one of `languages`; where none has all, those with most."""
    languages = tuple(languages)
    names = [f"{name}_{language}" for name in FIELDS for language in languages]
    rows = list(measures.values_list("pk", "code", *names)[:MOST_MEASURES])
    texts = {
        pk: {
            language: [
                (weight, *_analysed(values[place * len(languages) + number] or "", language))
                for place, weight in enumerate(FIELDS.values())
            ]
            for number, language in enumerate(languages)
        }
        for pk, _code, *values in rows
    }
    codes = {pk: code for pk, code, *_values in rows}
    meant, wrong = _typos(query, texts)
    frequency = Counter(
        term.word
        for by_language in texts.values()
        for term in query.terms
        if any(_weight(term.word, term.stems | meant.get(term.word, set()), found) for found in by_language.values())
    )
    hits = []
    for pk, by_language in texts.items():
        hit = _hit(pk, query.terms, by_language, meant, wrong, frequency, len(texts))
        if query.code and codes[pk] == query.code:
            hit = MeasureHit(pk, 1000.0, len(query.terms), languages[0], frozenset())
        if hit:
            hits.append(hit)
    most = max((hit.words for hit in hits), default=0)
    hits = sorted((hit for hit in hits if hit.words == most), key=lambda hit: -hit.score)
    return Found(hits, most == len(query.terms), meant)


def _typos(query: Query, texts) -> tuple[dict[str, frozenset[str]], dict[str, int]]:
    """For each word that no measure has: the nearest that some measure has, and how many letters differ."""
    known: set[str] = set()
    for by_language in texts.values():
        for found in by_language.values():
            for _, stems, words in found:
                known |= stems
                known |= words
    meant, wrong = {}, {}
    for term in query.terms:
        if term.word in known or term.stems & known:
            continue
        letters, words = nearest(term, known)
        if words:
            stems = frozenset(stem for word in words for stem in stems_in(word) or [word])
            meant[term.word], wrong[term.word] = words | stems, letters
    return meant, wrong


def _weight(word: str, stems, found) -> float:
    """How much a word counts in the fields of one language: its best place and a little of the others; 0 if nowhere."""
    places = []
    for weight, has_stems, has_words in found:
        if word in has_words:
            places.append(weight * AS_WRITTEN)
        elif not has_stems.isdisjoint(stems):
            places.append(weight)
    return max(places) + OTHER_PLACES * (sum(places) - max(places)) if places else 0.0


def _hit(pk, terms: tuple[Term, ...], by_language, meant, wrong, frequency, total) -> MeasureHit | None:
    scores, words, stems = Counter(), set(), set()
    best = Counter()
    for term in terms:
        wanted = term.stems | meant.get(term.word, frozenset())
        rarity = math.log(1 + total / max(frequency[term.word], 1)) * BY_TYPO[wrong.get(term.word, 0)]
        for language, found in by_language.items():
            score = _weight(term.word, wanted, found) * rarity
            if score:
                scores[language] += score
                best[term.word] = max(best[term.word], score)
                words.add(term.word)
                stems |= wanted
    if not words:
        return None
    language = max(by_language, key=lambda language: scores[language])
    return MeasureHit(pk, sum(best.values()), len(words), language, frozenset(stems))
