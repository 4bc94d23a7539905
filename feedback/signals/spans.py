"""Where something stands in a text, and the text as it is read for that."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

UNUSUAL = re.compile("[^\x00-\x7f\u0400-\u04ff]")
OTHER_FORMS = {"\uff20": "@", "\uff0e": ".", "\uff0b": "+", "\uff08": "(", "\uff09": ")", "\u2212": "-"}


class Span(NamedTuple):
    """A stretch of a text, in characters; `end` is exclusive."""

    start: int
    end: int


class Taken:
    """Which characters of a text belong to something already."""

    def __init__(self, text: str, spans: Iterable[Span] = ()):
        self._marks = bytearray(len(text))
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        self._marks[span.start : span.end] = b"\1" * (span.end - span.start)

    def has(self, span: Span) -> bool:
        """Whether any character of `span` is taken."""
        return 1 in self._marks[span.start : span.end]


def plain(text: str) -> str:
    """`text`, as long as it was, with digits of every script as 0-9, and blanks and dashes of every kind as two.

    Marks that nobody sees count as dashes. So ８７０１ is found where 8701 is.
    """
    return UNUSUAL.sub(lambda found: _plain_character(found[0]), text)


@lru_cache(maxsize=2000)
def _plain_character(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in {"Zs", "Pd", "Cf"}:
        return " " if category == "Zs" else "-"
    return OTHER_FORMS.get(character, character)
