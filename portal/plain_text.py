"""Text as people send it, made safe to keep and to show, without changing what it says."""

import re
import unicodedata

MOST_COMBINING_MARKS = 4
# Overrides and isolates that turn the direction of what follows (UTR 36), and marks that show nothing at all.
INVISIBLE = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0\u2800]"
)
# Tag characters show nothing, but spell the flags of England, Scotland and Wales behind a black flag.
TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")
BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(text: str) -> str:
    """`text` in NFC with line feeds, without control and direction-turning characters, stacked marks limited.

    Lone surrogates become U+FFFD. More than one blank line becomes one; blanks at both ends go.
    """
    text = SURROGATE.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = TAGS.sub(lambda found: found[1] or "", INVISIBLE.sub("", CONTROL.sub("", text)))
    return BLANK_LINES.sub("\n\n", _limit_marks(text)).strip()


def _limit_marks(text: str) -> str:
    """Keep the first few of combining marks that stack on one letter, and drop the rest."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MOST_COMBINING_MARKS:
            kept.append(character)
    return "".join(kept)
