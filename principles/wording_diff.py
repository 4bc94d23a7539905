"""What changed between two editions, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.localized import LANGUAGES, localized
from principles.models import Edition

# At least this part of the shorter text's words must have stayed for the change to be told word by word.
ENOUGH = 0.5
WORDS = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed ("same"), went ("gone") or came ("new")."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """`after` against `before` in whole words; the pieces that stayed or came, joined, are `after`.

    Where little stayed, words of the one between words of the other are not readable: then the whole of `before`
    went and the whole of `after` came.
    """
    old, new = WORDS.findall(before), WORDS.findall(after)
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    stayed = sum(_words(old[start:end]) for kind, start, end, _from, _to in codes if kind == "equal")
    if stayed < ENOUGH * min(_words(old), _words(new)):
        return [piece for piece in (Piece("gone", before), Piece("new", after)) if piece.text]
    pieces = []
    for kind, old_from, old_to, new_from, new_to in codes:
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece("gone", "".join(old[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece("new", "".join(new[new_from:new_to])))
    return pieces


def _words(pieces: list[str]) -> int:
    """How many of `pieces` are words, not blanks and signs between them."""
    return sum(piece[0].isalnum() for piece in pieces)


def edition_diff(before: Edition, after: Edition) -> dict:
    """Title and summary of `after` against `before`, in the active language or the next best of `after`.

    {"language", "title", "summary", "in_words", "elsewhere"}; a text that did not change, or that `before` lacks in
    that language, is None. `in_words` is whether one of them is told word by word; `elsewhere` has the languages in
    which the wording did change where it did not in this one.
    """
    language = localized(after, "summary").language
    diffs = {"language": language}
    for field in ("title", "summary"):
        old, new = (getattr(edition, f"{field}_{language}") or "" for edition in (before, after))
        diffs[field] = word_diff(old, new) if old and old != new else None
    shown = list(filter(None, (diffs["title"], diffs["summary"])))
    diffs["in_words"] = any(any(piece.kind == "same" for piece in pieces) for pieces in shown)
    diffs["elsewhere"] = [] if shown else [code for code in LANGUAGES if _changed(before, after, code)]
    return diffs


def _changed(before: Edition, after: Edition, language: str) -> bool:
    fields = (f"{field}_{language}" for field in ("title", "summary"))
    return any((getattr(before, field) or "") != (getattr(after, field) or "") for field in fields)
