"""Words that staff want to be told of, found in all their endings."""

from collections.abc import Callable, Iterable

from feedback.models import WatchWord
from feedback.search import kazakh
from feedback.search.words import stems, words_in

# A word of the list is stemmed in its own language, and looked for in every text: people mix languages.
STEM: dict[str, Callable[[str], str]] = {
    "kk": kazakh.stem,
    "ru": lambda word: stems(word, "ru")[0],
    "en": lambda word: stems(word, "en")[0],
}


def watched_words(text: str, watched: Iterable[WatchWord]) -> list[str]:
    """Those of `watched` that `text` has, as the list writes them; one of several words is found as they follow."""
    words = [word for word, _start, _end in words_in(text)]
    stemmed = {language: [stem(word) for word in words] for language, stem in STEM.items()}
    known = {language: set(row) for language, row in stemmed.items()}
    found = []
    for entry in watched:
        stem = STEM[entry.language]
        wanted = [stem(word) for word, _start, _end in words_in(entry.word)]
        if wanted and known[entry.language].issuperset(wanted) and _follow(wanted, stemmed[entry.language]):
            found.append(entry.word)
    return found


def _follow(wanted: list[str], words: list[str]) -> bool:
    length = len(wanted)
    return any(words[place : place + length] == wanted for place in range(len(words) - length + 1))
