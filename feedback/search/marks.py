"""The words that were found, marked in their text; and the piece of a long text that has most of them."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from feedback.search.words import stems, words_in

EXCERPT = 260
BLANKS = re.compile(r"[^\S\xa0\u202f]+")  # all but those that hold a number together


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    word: str


def found_words(text: str, wanted: frozenset[str]) -> list[Mark]:
    """Where `text` has a word with one of the stems `wanted` (or that very word)."""
    return [
        Mark(start, end, word)
        for word, start, end in words_in(text)
        if word in wanted or not wanted.isdisjoint(stems(word))
    ]


def marked(text: str, wanted: frozenset[str]) -> SafeString:
    """`text` as HTML with the words that were found in <mark>."""
    return _html(text, found_words(text, wanted), 0, len(text))


def excerpt(text: str, wanted: frozenset[str], length: int = EXCERPT) -> SafeString:
    """About `length` characters of `text` around the words that were found, as HTML with them marked."""
    text = BLANKS.sub(" ", text).strip()
    marks = found_words(text, wanted)
    if len(text) <= length:
        return _html(text, marks, 0, len(text))
    start = _richest(marks, length)
    start = 0 if start < length // 3 else max(0, start - length // 4)
    end = min(len(text), start + length)
    if start:
        start = text.find(" ", start, start + 40) + 1 or start
    if end < len(text):
        cut = text.rfind(" ", max(start, end - 40), end)
        end = cut if cut > start else end
    html = _html(text, [mark for mark in marks if start <= mark.start and mark.end <= end], start, end)
    return mark_safe(f"{'… ' if start else ''}{html}{' …' if end < len(text) else ''}")  # noqa: S308 - `html` is escaped piece by piece


def _richest(marks: list[Mark], length: int) -> int:
    """Where the stretch of `length` characters begins that has the most different words."""
    best, place = 0, 0
    for mark in marks:
        near = {other.word for other in marks if mark.start <= other.start < mark.start + length * 3 // 4}
        if len(near) > best:
            best, place = len(near), mark.start
    return place


def _html(text: str, marks: list[Mark], start: int, end: int) -> SafeString:
    pieces, place = [], start
    for mark in marks:
        pieces += [escape(text[place : mark.start]), "<mark>", escape(text[mark.start : mark.end]), "</mark>"]
        place = mark.end
    return mark_safe("".join([*pieces, escape(text[place:end])]))  # noqa: S308 - every piece is escaped
