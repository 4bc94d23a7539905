"""What a person looks for, taken apart; and words that are nearly the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from feedback.search.stop_words import STOP_WORDS
from feedback.search.synonyms import SYNONYMS
from feedback.search.words import stems, words_in
from portal.plain_text import clean_text

LONGEST_QUERY = 200
MOST_TERMS = 10
SHORTEST, SHORTEST_BEGUN, SHORTEST_NEARLY, MOST_LETTERS_MORE = 4, 3, 6, 2
VOWELS = frozenset("аеиоуыэюяaeiouy")
CODE = re.compile(r"\d{1,3}(?:\.\d{1,3})+")


@dataclass(frozen=True)
class Term:
    """One word of a query: as folded, and every stem that stands for it."""

    word: str
    stems: frozenset[str]


@dataclass(frozen=True)
class Query:
    """The words that are looked for. `common` says how many words there were where none of them tells anything."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    code: str = ""  # of a measure, where the query is one
    common: int = 0

    def with_stems(self, more: dict[str, frozenset[str]]) -> "Query":
        """The query with further stems for some words: those that they may have been meant as."""
        terms = (replace(term, stems=term.stems | more.get(term.word, frozenset())) for term in self.terms)
        return replace(self, terms=tuple(terms))


def parse(text: str) -> Query:
    """What `text` looks for. Anything may be typed: quotes, operators and signs mean nothing."""
    text = " ".join(clean_text(text[: 2 * LONGEST_QUERY]).split())[:LONGEST_QUERY].strip()
    words = dict.fromkeys(word for word, _start, _end in words_in(text))
    terms = [Term(word, frozenset(stems(word))) for word in words if word not in STOP_WORDS][:MOST_TERMS]
    code = text if CODE.fullmatch(text) else ""
    return Query(text, tuple(terms), code, common=0 if terms else len(words))


def allowance(word: str) -> int:
    """How many letters of `word` may be wrong."""
    if len(word) < 4 or any(letter.isdecimal() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str, most: int) -> int | None:
    """Letters to insert, delete, replace or swap to make `other` of `one`; None where it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before, row = [], list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def nearest(term: Term, candidates: Iterable[str]) -> tuple[int, frozenset[str]]:
    """How many letters those of `candidates` differ that are nearest to the term, and them; none that is too far.

    Where two letters are wrong, the first one is not; nor in a short word, but for another vowel or a swap.
    """
    best, found = allowance(term.word), set()
    if not best:
        return 0, frozenset()
    forms = {term.word, *(stem for stem in term.stems if len(stem) >= 4)}
    for candidate in candidates:
        if len(candidate) < SHORTEST:
            continue
        near = [distance(form, candidate, min(best, allowance(form))) for form in forms]
        letters = min((number for number in near if number is not None), default=None)
        if letters is None or not _may_begin_as(candidate, term.word, letters):
            continue
        if letters < best:
            best, found = letters, set()
        found.add(candidate)
    return best, frozenset(found)


def _may_begin_as(candidate: str, word: str, letters: int) -> bool:
    """Whether `word` with so many wrong letters may be meant as `candidate`, by how they begin."""
    if candidate[0] == word[0]:
        return True
    if letters > 1:
        return False
    one, other = candidate[:2], word[:2]
    return (
        len(word) >= SHORTEST_NEARLY or one == other[::-1] or (set(one[0] + other[0]) <= VOWELS and one[1] == other[1])
    )


def begun_by(term: Term, candidates: Iterable[str]) -> frozenset[str]:
    """Those of `candidates` that the term is the beginning of: налог, налоговый."""
    stems = tuple(stem for stem in term.stems if len(stem) >= SHORTEST_BEGUN) if len(term.word) >= SHORTEST else ()
    return frozenset(word for word in candidates if word.startswith(stems)) if stems else frozenset()


def nearly_begun_by(term: Term, candidates: Iterable[str]) -> frozenset[str]:
    """Those of `candidates` that begin as the term but for one letter within: нологи, налоговый."""
    if len(term.word) < SHORTEST_NEARLY or not allowance(term.word):
        return frozenset()
    forms = [form for form in {term.word, *term.stems} if len(form) >= SHORTEST]
    return frozenset(
        word
        for word in candidates
        for form in forms
        if word[0] == form[0]
        and len(word) > len(form)
        and any(
            word[:length].endswith(form[-1]) and distance(form, word[:length], 1)
            for length in (len(form), len(form) + 1)
        )
    )


def standing_for(term: Term) -> frozenset[str]:
    """The stems of what people call by the term's word: ұстаз → мұғалім."""
    return frozenset().union(*(SYNONYMS.get(stem, ()) for stem in term.stems))


def beginning(term: Term, candidates: Iterable[str]) -> frozenset[str]:
    """Those of `candidates` that begin the term, but for a few letters: аким, акимат."""
    word = term.word
    return frozenset(
        each for each in candidates if SHORTEST <= len(each) >= len(word) - MOST_LETTERS_MORE and word.startswith(each)
    )
