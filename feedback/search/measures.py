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

from feedback.search.query import Query, Term, beginning, begun_by, nearest, nearly_begun_by, standing_for
from feedback.search.stop_words import STOP_WORDS
from feedback.search.words import stems_in, words_in
from principles.models import LANGUAGES, Measure

FIELDS = {  # field of the measure's words → how much a word in it counts
    "current_edition__title": 4.0,
    "area__name": 1.5,
    "current_edition__summary": 2.0,
    "principle__title": 1.0,
}
SLUGS = ("slug", "area__slug")  # English words of their own
AS_WRITTEN = 1.3  # the very word rather than another form of it
OTHER_PLACES = 0.25
SYNONYM, BEGUN, BY_LETTERS = 0.9, 0.7, {0: 1.0, 1: 0.6, 2: 0.4}
MOST_MEASURES = 2_000
ENOUGH = 5  # below this many, measures with some of the words follow those with all
HALF, NOT_ALL = 0.49, 0.99  # half of the words, but for rounding; less than all


@dataclass(frozen=True)
class MeasureHit:
    """A measure that was found: in which language most of the words are, and the stems to mark."""

    pk: int
    score: float
    share: float  # of the query's words, rarer ones counting more; 1 for all of them
    language: str
    stems: frozenset[str]


@dataclass
class Found:
    """Measures, best first, and what a comment's search may learn from them: words that were meant."""

    hits: list[MeasureHit] = field(default_factory=list)
    complete: bool = True  # the first of them has all the words
    meant: dict[str, frozenset[str]] = field(default_factory=dict)


@lru_cache(maxsize=32_768)  # every field of MOST_MEASURES
def _analysed(text: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of `text`, and its words as they stand, folded."""
    words = frozenset(word for word, _start, _end in words_in(text) if word not in STOP_WORDS)
    return frozenset(stems_in(text, language)), words


def search_measures(query: Query, measures: QuerySet[Measure], languages: Iterable[str] = LANGUAGES) -> Found:
    """The ones of `measures` that have the words of `query`; where few have all, those with at least half as well."""
    languages = tuple(languages)
    names = [f"{name}_{language}" for name in FIELDS for language in languages]
    rows = list(measures.values_list("pk", "code", *SLUGS, *names)[:MOST_MEASURES])
    texts = {
        pk: _fields(values, slugs, languages)
        for pk, _code, *slugs_and_values in rows
        for slugs, values in [(slugs_and_values[:2], slugs_and_values[2:])]
    }
    codes = {pk: code for pk, code, *_rest in rows}
    meant, worth = _meant(query, texts)
    frequency = Counter(
        term.word
        for by_language in texts.values()
        for term in query.terms
        if any(_weight(term.word, term.stems | meant.get(term.word, set()), found) for found in by_language.values())
    )
    hits = []
    for pk, by_language in texts.items():
        hit = _hit(pk, query.terms, by_language, meant, worth, frequency, len(texts))
        if query.code and codes[pk] == query.code:
            hit = MeasureHit(pk, math.inf, 1.0, languages[0], frozenset())
        if hit:
            hits.append(hit)
    full = sorted((hit for hit in hits if hit.share >= 1), key=lambda hit: -hit.score)
    part = sorted((hit for hit in hits if HALF <= hit.share < 1), key=lambda hit: (-hit.share, -hit.score))
    return Found(full if len(full) >= ENOUGH else full + part, bool(full), meant)


def _fields(values: list[str | None], slugs: list[str | None], languages: tuple[str, ...]) -> dict[str, list[tuple]]:
    """For each language: the weight, stems and words of each field."""
    fields = {
        language: [
            _weighed(weight, *_analysed(values[place * len(languages) + number] or "", language))
            for place, weight in enumerate(FIELDS.values())
        ]
        for number, language in enumerate(languages)
    }
    if "en" in fields:
        fields["en"].append((1.0, *_analysed(" ".join(filter(None, slugs)).replace("-", " "), "en")))
    return fields


def _weighed(weight: float, stems: frozenset[str], words: frozenset[str]) -> tuple:
    """A field with its weight: in a short one a word counts a little more."""
    return weight * (1 + 1 / max(len(stems), 1)), stems, words


def _meant(query: Query, texts) -> tuple[dict[str, frozenset[str]], dict[str, float]]:
    """For each word that no measure has, what it may stand for, and what that is worth.

    That is another word for it; or else words that it begins; or else those that are like it.
    """
    known_stems: set[str] = set()
    known_words: set[str] = set()
    for by_language in texts.values():
        for found in by_language.values():
            for _, stems, words in found:
                known_stems |= stems
                known_words |= words
    meant, worth = {}, {}
    for term in query.terms:
        if term.word in known_words or term.stems & known_stems:
            continue
        words, worth[term.word] = standing_for(term) & known_stems, SYNONYM
        if not words:
            words, worth[term.word] = begun_by(term, known_stems), BEGUN
        if not words:
            letters, words = nearest(term, known_stems | known_words)
            worth[term.word] = BY_LETTERS[letters]
            words |= beginning(term, known_stems)
        if not words:
            words, worth[term.word] = nearly_begun_by(term, known_stems), BY_LETTERS[2]
        if words:
            meant[term.word] = words | frozenset(stem for word in words for stem in stems_in(word))
    return meant, worth


def _weight(word: str, stems, found) -> float:
    """How much a word counts in the fields of one language: its best place and a little of the others; 0 if nowhere."""
    places = []
    for weight, has_stems, has_words in found:
        if word in has_words:
            places.append(weight * AS_WRITTEN)
        elif not has_stems.isdisjoint(stems):
            places.append(weight)
    return max(places) + OTHER_PLACES * (sum(places) - max(places)) if places else 0.0


def _hit(pk, terms: tuple[Term, ...], by_language, meant, worth, frequency, total) -> MeasureHit | None:
    met, best, stems = Counter(), Counter(), set()  # `met`: how many of the terms each language has
    rarity = {term.word: math.log(1 + total / max(frequency[term.word], 1)) for term in terms}
    for term in terms:
        wanted = term.stems | meant.get(term.word, frozenset())
        for language, found in by_language.items():
            score = _weight(term.word, wanted, found) * rarity[term.word] * worth.get(term.word, 1.0)
            if score:
                met[language] += 1
                best[term.word] = max(best[term.word], score)
                stems |= wanted
    if not best:
        return None
    known = sum(rarity[term.word] for term in terms if frequency[term.word])
    share = 1.0 if len(best) == len(terms) else NOT_ALL * sum(rarity[word] for word in best) / known
    language = max(by_language, key=lambda language: met[language])  # of equals the first, which is the reader's
    return MeasureHit(pk, sum(best.values()), share, language, frozenset(stems))
