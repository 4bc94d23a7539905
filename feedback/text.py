"""What a text that people sent is: how long it may be, whether it says anything, and in which language."""

import re
import unicodedata
from functools import cache

import py3langid
from django.utils.translation import get_language

LONGEST_COMMENT = 5000
KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)


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
