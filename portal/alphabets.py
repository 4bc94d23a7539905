"""The order of each language's alphabet: in Kazakh ә follows а, қ follows к; databases order by code point instead."""

ALPHABETS = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
PLACES = {
    language: {letter: place for place, letter in enumerate(alphabet)} for language, alphabet in ALPHABETS.items()
}


def sort_key(text: str, language: str) -> list[tuple[int, int]]:
    """A key to sort texts of `language` (kk, ru or en) by; blanks, digits and signs come before letters.

    Letters of other alphabets come last, in the order of their code points.
    """
    places = PLACES[language]
    return [
        (1, places[letter]) if letter in places else (2 if letter.isalpha() else 0, ord(letter))
        for letter in text.casefold()
    ]
