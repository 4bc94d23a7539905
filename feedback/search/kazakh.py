"""A small stemmer for Kazakh: it takes endings off folded words (`words.fold`) until none is left.

Nominal endings come in layers - plural, possessive, case - and each begins with a letter that the end of the stem
chooses: жол-дар, мектеп-тер, бала-лар. That, and vowel harmony as far as folding leaves it, is what keeps roots
whole. Over-stemming is harmless where every form of a word ends at the same stem.
"""

from functools import lru_cache

VOWELS = frozenset("аеиоуыэюя")
FRONT = frozenset("еэ")  # and и, which stands for і but also for a neutral и
VOICELESS = frozenset("пткфсхцчшщ")
NASAL = frozenset("мн")

# What may stand before an ending, by how the ending begins.
AFTER_VOICELESS = VOICELESS | frozenset("бвгд")  # final б, в, г, д of borrowed words sound voiceless
AFTER_VOICED = VOWELS | frozenset("рлймнжз")
AFTER_VOWEL = VOWELS | frozenset("й")
AFTER_CONSONANT = frozenset("бвгджзйклмнпрстуфхцчшщ")
POSSESSED = frozenset("ыи")

# Two letters are a root only in these shapes: vowel + consonant (ел, үй, ат), and a few that are common.
SHORT_ROOTS = frozenset({"су", "ту", "би", "ми", "бу"})
# Roots on a vowel + с, whose possessive looks like the -сы of roots on a vowel.
ROOTS_ON_S = ("улес", "кенес", "бизнес", "бас", "тас", "жас", "сыбайлас", "процесс", "класс", "адрес", "пикирталас")


def _endings(texts: str, before: frozenset, shortest: int = 2) -> dict[str, tuple[frozenset, int]]:
    return dict.fromkeys(texts.split(), (before, shortest))


# ending → (letters that may stand before it, fewest letters that must be left)
ENDINGS = {
    # case
    **_endings("нын нин", AFTER_VOWEL | NASAL),
    **_endings("ны ни", AFTER_VOWEL),
    **_endings("дын дин ды ди", AFTER_VOICED | {"у"}),
    **_endings("тын тин ты ти та те тан тен", AFTER_VOICELESS),
    **_endings("да де дан ден", AFTER_VOICED | {"у"}),
    **_endings("нан нен", NASAL | POSSESSED),
    **_endings("га ге", AFTER_VOICED | {"у"}),
    **_endings("ка ке", AFTER_VOICELESS),
    **_endings("на не нда нде", POSSESSED, 3),
    **_endings("мен", AFTER_VOICED | {"у"}),
    **_endings("бен", frozenset("зж")),
    **_endings("пен", AFTER_VOICELESS),
    **_endings("дагы деги", AFTER_VOICED | {"у"}),
    **_endings("тагы теги", AFTER_VOICELESS),
    **_endings("ндагы ндеги", POSSESSED, 3),
    # plural
    **_endings("лар лер", VOWELS | frozenset("рйу")),
    **_endings("дар дер", frozenset("лмнзжйр")),
    **_endings("тар тер", AFTER_VOICELESS),
    # possessive, and the accusative of the third person's
    **_endings("ы и", AFTER_CONSONANT),
    **_endings("ын ин", AFTER_CONSONANT, 3),
    **_endings("ымыз имиз ыныз иниз", AFTER_CONSONANT, 3),
    **_endings("ым им", AFTER_CONSONANT, 4),
    **_endings("мыз миз ныз низ", VOWELS, 3),
    **_endings("м", VOWELS, 4),
    # what makes nouns of qualities, and adjectives
    **_endings("лык лик", AFTER_VOICED | {"у"}, 4),
    **_endings("дык дик", frozenset("лмнзжйр"), 4),
    **_endings("тык тик", AFTER_VOICELESS, 4),
    **_endings("лы ли", AFTER_VOICED | {"у"}, 4),
    **_endings("сыз сиз", VOWELS | AFTER_CONSONANT, 3),
    # verbs
    **_endings("у", AFTER_CONSONANT | VOWELS, 3),
    **_endings("йды йди йтын йтин", VOWELS, 3),
    **_endings("ады еди атын етин", AFTER_CONSONANT, 3),
    **_endings("ган ген", AFTER_VOICED | {"у"}, 3),
    **_endings("кан кен", AFTER_VOICELESS, 3),
    **_endings("ып ип", AFTER_CONSONANT, 3),
    **_endings("сын син", AFTER_CONSONANT, 4),
    **_endings("ыл ил", AFTER_CONSONANT, 4),
}
THIRD_PERSON = ("сынан синен", "сында синде", "сына сине", "сын син", "сы си")
LONGEST = max(map(len, ENDINGS))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of `word`, which is folded: баланын → бала, мектептеримиз → мектеп."""
    while len(word) > 2:
        shorter = _hardened(_without_ending(word))
        if shorter == word:
            break
        word = shorter
    return word


def _without_ending(word: str) -> str:
    third = _without_third_person(word)
    if third is not None:
        return third
    for length in range(min(LONGEST, len(word) - 2), 0, -1):
        ending, rest = word[-length:], word[:-length]
        if ending not in ENDINGS:
            continue
        before, shortest = ENDINGS[ending]
        if rest[-1] in before and _is_stem(rest, shortest) and _in_harmony(rest, ending):
            return rest
    return word


def _without_third_person(word: str) -> str | None:
    """Without -сы and its cases; where с belongs to the root, only what follows it goes. None if there is none."""
    for endings in THIRD_PERSON:
        for ending in endings.split():
            rest = word.removesuffix(ending)
            if rest == word or len(rest) < 3 or rest[-1] not in VOWELS:
                continue
            on_s = rest + "с"
            if on_s.endswith(ROOTS_ON_S) or (rest[-1] in POSSESSED and rest[-2] not in "шк"):
                return on_s
            return rest
    return None


def _is_stem(rest: str, shortest: int) -> bool:
    if len(rest) == 2 and shortest <= 2:
        return rest in SHORT_ROOTS or (rest[0] in VOWELS and rest[1] not in VOWELS)
    return len(rest) >= max(shortest, 3) and any(letter in VOWELS for letter in rest)


def _in_harmony(rest: str, ending: str) -> bool:
    """Whether a back ending may follow: not after a front vowel. (Folding hides ә, ө, ү, so front ones always may.)"""
    if not any(letter in "аы" for letter in ending):
        return True
    last = next((letter for letter in reversed(rest) if letter in VOWELS), "")
    return last not in FRONT


def _hardened(word: str) -> str:
    """The end of a root softens before a vowel: мектеб-і → мектеп. Of -ист, the plural takes the т: турис-тер."""
    if word.endswith("ист"):
        return word[:-1]
    return word[:-1] + {"б": "п", "г": "к"}.get(word[-1], word[-1])
