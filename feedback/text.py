"""Plain text as people send it, made safe to keep and to show, without changing what it says."""

import re
import unicodedata
from functools import cache

import py3langid
from django.utils.translation import get_language

LONGEST_COMMENT = 5000
MOST_COMBINING_MARKS = 4
# Overrides and isolates that turn the direction of what follows (UTR 36), and marks that show nothing at all.
INVISIBLE = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0\u2800]"
)
# Tag characters show nothing, but spell the flags of England, Scotland and Wales behind a black flag.
TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)
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


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter, a digit, or a symbol such as an emoji."""
    return any(unicodedata.category(character)[0] in "LNS" for character in text)


@cache
def _identifier():
    identifier = py3langid.langid.LanguageIdentifier.from_model_file(py3langid.langid.MODEL_FILE)
    identifier.set_languages(["kk", "ru", "en"])
    return identifier


def detect_language(text: str) -> str:
    """kk, ru or en: the language `text` is most likely in; the page's own where there is nothing to go by."""
    if sum(character.isalpha() for character in text) < 3:
        return (get_language() or "kk")[:2]
    return _identifier().classify(text)[0]


def language_of_name(name: str) -> str:
    """kk or en where the letters of a name, too short to be classified, tell it; else blank."""
    if KAZAKH_LETTERS.search(name):
        return "kk"
    letters = [character for character in name if character.isalpha()]
    return "en" if letters and " " in name.strip() and all(letter.isascii() for letter in letters) else ""
