"""From text to the words that are searched by: folded, without stop words, and stemmed.

Folding makes alike what people type alike: case, ё and е, and the Kazakh letters of a Russian keyboard.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from feedback.search import kazakh
from feedback.search.stop_words import STOP_WORDS

LONGEST_WORD = 40
FOLDED = str.maketrans("ёәғқңөұүһіҗӘҒҚҢӨҰҮҺІ", "еагкноуухижагкноуухи")
# Latin letters that stand among Cyrillic ones: і typed as i, and the like.
LOOKALIKES = str.maketrans("aceiopxyh", "асеиорхун")
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u00ad][^\W_]*)*")
CYRILLIC, LATIN, KAZAKH = re.compile("[а-я]"), re.compile("[a-z]"), re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
# 7 000 and 7 000 000 are one number each.
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?![\d]|[.,]\d)")
# Russian roots that gain a vowel where no ending follows: проверка, проверок; кружка, кружок.
FLEETING = re.compile(r"(?<=[а-я][а-я][бвгджзклмнпрстфхцчшщ])[ео](?=[кц]$)")
IGNORED_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f]")

_snowball = {language: snowballstemmer.stemmer(name) for language, name in (("ru", "russian"), ("en", "english"))}
_one_at_a_time = threading.Lock()  # a stemmer keeps the word in hand in itself


def fold(word: str) -> str:
    """`word` as it is compared: ЁЛКА → елка, Қазақ → казак."""
    word = unicodedata.normalize("NFC", word).casefold().translate(FOLDED)
    if LATIN.search(word):
        word = unicodedata.normalize("NFD", word)  # naïve → naive; й keeps its mark
    word = unicodedata.normalize("NFC", IGNORED_MARKS.sub("", word))
    if LATIN.search(word) and CYRILLIC.search(word):
        word = word.translate(LOOKALIKES)
    return word[:LONGEST_WORD]


def words_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of `text`, folded, with where it starts and ends there; thousands are one word."""
    place = 0
    for number in THOUSANDS.finditer(text):
        yield from _plain_words(text, place, number.start())
        yield "".join(filter(str.isdecimal, number[0])), number.start(), number.end()
        place = number.end()
    yield from _plain_words(text, place, len(text))


def _plain_words(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in WORD.finditer(text, start, end):
        folded = fold(match[0])
        if folded:
            yield folded, match.start(), match.end()


@lru_cache(maxsize=100_000)
def stems(word: str, language: str = "") -> tuple[str, ...]:
    """The stems of a folded word in a text of `language`; in every language that it may be of, where that is "".

    Latin words are stemmed as English. Cyrillic ones of a Russian text as Russian; of any other as Russian and as
    Kazakh, because people mix the two.
    """
    if LATIN.search(word):
        return (_snowball_stem(word, "en"),)
    if not CYRILLIC.search(word):
        return (word,)
    russian = FLEETING.sub("", _snowball_stem(word, "ru"))
    if language == "ru":
        return (russian,)
    native = kazakh.stem(word)
    return (native,) if native == russian else (native, russian)


def _snowball_stem(word: str, language: str) -> str:
    with _one_at_a_time:
        return _snowball[language].stemWord(word)


def stems_in(text: str, language: str = "") -> list[str]:
    """The stems of `text` in order, stop words left out: what the index holds."""
    found = []
    for start, end, word in ((start, end, word) for word, start, end in words_in(text)):
        if word in STOP_WORDS:
            continue
        # A Kazakh word within a Russian text is stemmed as Kazakh, too.
        found += stems(word, "" if language == "ru" and KAZAKH.search(text, start, end) else language)
    return found
