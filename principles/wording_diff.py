"""What changed between two editions, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.localized import localized
from principles.models import Edition

WORDS = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed ("same"), went ("gone") or came ("new")."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """`after` against `before` in whole words; the pieces that stayed or came, joined, are `after`."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece("gone", "".join(old[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece("new", "".join(new[new_from:new_to])))
    return pieces


def edition_diff(before: Edition, after: Edition) -> dict:
    """Title and summary of `after` against `before`, in the active language or the next best of `after`.

    {"language", "title", "summary"}; a text that did not change, or that `before` lacks in that language, is None.
    """
    language = localized(after, "summary").language
    diffs = {"language": language}
    for field in ("title", "summary"):
        old, new = (getattr(edition, f"{field}_{language}") or "" for edition in (before, after))
        diffs[field] = word_diff(old, new) if old and old != new else None
    return diffs
