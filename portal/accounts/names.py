"""What a display name may be: any name or pseudonym that is no address, no trick of letters and no impersonation."""

import re
import unicodedata
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

import yaml
from confusable_homoglyphs.confusables import confusables_data
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.plain_text import INVISIBLE

SHORTEST, LONGEST = 2, 60
MARKS_IN_A_ROW = 2
# Control, format, surrogate, private and unassigned characters, and separators of lines and paragraphs.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
RESERVED = Path(__file__).resolve().parent / "data" / "reserved_names.yaml"

# Letters that look alike, reduced to one of them. Python's casefold comes first.
LOOKS = str.maketrans(
    {
        **dict(zip("авгғеёкқмнңһоөрстуүұўхіїйьшщ", "abrreekkmhhhoopctyyyyxiiиbww", strict=True)),
        **dict(zip("013456789@$!|l", "oiзasbtbgasiii", strict=True)),
    }
)
# Letters of one sound, for names that mix the alphabets: "адmин".
SOUNDS = str.maketrans(
    {
        **dict(zip("абвгғдеёзиійкқлмнңоөпрстуүұфхһцәы", "abvggdeeziijkklmnnooprstuuufhhcay", strict=True)),
        **{"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "э": "e", "ю": "yu", "я": "ya", "ь": "", "ъ": ""},
        **dict(zip("013456789@$!|", "oieasbtbgasii", strict=True)),
    }
)
CAMEL = re.compile(r"(?<=[^\W\d_])(?=[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ][^\W\d_A-ZА-ЯЁӘІҢҒҮҰҚӨҺ])")
# How surnames and first names end; none of the offices does.
NAME_ENDING = re.compile(
    r"(?:[оеё]ва?|вич|вна|ұлы|улы|қызы|кызы|бек|бай|гүл|гуль|жан|хан|нұр|нур)$|"
    r"(?:[oe]va?|vich|vna|uly|qyzy|kyzy|bek|ba[iy]|gul|(?:zh|j|kh)an|nur)$"
)


def clean_display_name(name: str) -> str:
    """`name` in NFC with single spaces, or a ValidationError that says in the person's language what is wrong."""
    name = unicodedata.normalize("NFC", name.strip(" "))
    _check_characters(name)
    name = " ".join(name.split())
    if not SHORTEST <= len(name) <= LONGEST:
        raise ValidationError(
            _("A display name has %(shortest)s to %(longest)s characters."),
            params={"shortest": SHORTEST, "longest": LONGEST},
            code="length",
        )
    if "@" in name:
        raise ValidationError(_("A display name is public: please use no e-mail address and no “@”."), code="address")
    if sum(unicodedata.category(character)[0] == "L" for character in name) < 2:
        raise ValidationError(_("A display name needs at least two letters."), code="letters")
    if impersonates(name):
        raise ValidationError(
            _("This name could be taken for the portal's staff or for a public body. Please choose another one."),
            code="reserved",
        )
    return name


def plain_name(name: str) -> str:
    """`name` in NFC with single spaces, without invisible and control characters: one that staff write."""
    kept = (character for character in " ".join(name.split()) if not _is_unseen(character))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _check_characters(name: str) -> None:
    marks = 0
    for character in name:
        if _is_unseen(character):
            raise ValidationError(_("A display name may not hold invisible or control characters."), code="characters")
        stacks = unicodedata.category(character) in {"Mn", "Me"} and not _is_variation_selector(character)
        marks = marks + 1 if stacks else 0
        if marks > MARKS_IN_A_ROW:
            raise ValidationError(_("A display name may not stack accents upon each other."), code="marks")


def _is_unseen(character: str) -> bool:
    """Some of those that show nothing are letters: the fillers of Hangul, which alone would be a name."""
    return unicodedata.category(character) in UNSEEN or INVISIBLE.match(character) is not None


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f"  # follows many emoji


def impersonates(name: str) -> bool:
    """Whether a reader could take `name` for the portal's staff, the portal itself or a public body."""
    return any(_impersonates(name, fold) for fold in (look, sound))


def _impersonates(name, fold):
    words = cut(name)
    read = {fold(word) for word in words}
    whole = fold("".join(words))
    reserved = reserved_skeletons(fold)
    if whole in reserved["whole"]:
        return True
    if any(_is_reserved(word, fold) for word in {*words, *joined(name, words)}):
        return True
    if any(_is_nearly_reserved(first + second, fold) for first, second in pairwise(words)):
        return True
    if any(all(any(word.startswith(part) for word in read) for part in parts) for parts in reserved["together"]):
        return True
    if any(read.issuperset(parts) for parts in reserved["people"]):
        return True
    if read & reserved["titles"] and read & reserved["places"]:
        return True
    return any(own == whole or (len(own) >= 6 and own in whole) for own in own_names(fold))


def _is_reserved(word, fold):
    reserved, skeleton = reserved_skeletons(fold), fold(word)
    if not skeleton:
        return False
    if skeleton in reserved["word"] or skeleton.startswith(tuple(reserved["beginning"])):
        return True
    if skeleton in reserved["unless_surname"] or (
        skeleton.startswith(tuple(reserved["unless_surname"])) and not NAME_ENDING.search(word.casefold())
    ):
        return True
    if skeleton in reserved["short"] and (fold is look or _mixes_alphabets(word)):
        return True
    return any(part in skeleton for part in reserved["anywhere"])


def _is_nearly_reserved(word, fold):
    """Of two words written apart, "moder ator": a reserved word and an ending, not the beginning of a surname."""
    skeleton, reserved = fold(word), reserved_skeletons(fold)
    stems = reserved["word"] | reserved["beginning"] | reserved["unless_surname"] | reserved["anywhere"]
    return not NAME_ENDING.search(word.casefold()) and any(
        len(stem) >= 5 and skeleton.startswith(stem) and len(skeleton) - len(stem) <= 2 for stem in stems
    )


def _mixes_alphabets(word):
    letters = [character for character in word if character.isalpha()]
    return any(letter.isascii() for letter in letters) and not all(letter.isascii() for letter in letters)


def joined(name: str, words: list[str]) -> list[str]:
    """What a reader joins in mind: "a.d.m.i.n", "a d m i n Aigul", "ad min", "мин. образования". "mod1" is "mod"."""
    found = ["".join(cut(part)) for part in name.split()]
    found += ["".join(run) for single, run in groupby(words, key=lambda word: len(word) == 1) if single]
    found += ["".join(words)] if all(len(word) <= 3 for word in words) else []
    found += [first + second for first, second in pairwise(words) if 2 <= len(first) <= 3]
    return found + [word.strip("0123456789") for word in words]


def cut(text: str) -> list[str]:
    """The words of `text`, cut at everything that is no letter or digit and at inner capitals."""
    text = CAMEL.sub(" ", unicodedata.normalize("NFKC", text))
    # Marks are dropped before cutting: "а́дмин" is one word.
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) not in {"Mn", "Me"})
    return [word for word in re.split(r"[^\w@$!|]+|_", unicodedata.normalize("NFC", text)) if word]


def look(word: str) -> str:
    """How a word looks: letters that look alike become one letter, and doubled letters count once."""
    return _once("".join(_plain(character) for character in word.casefold()).translate(LOOKS))


def sound(word: str) -> str:
    """How a word sounds, in Latin letters; doubled letters count once."""
    return _once("".join(_plain(character) for character in word.casefold()).translate(SOUNDS))


def _once(word):
    return re.sub(r"(.)\1+", r"\1", "".join(c for c in word if c.isalpha()))


@cache
def _plain(character: str) -> str:
    """The ASCII or Cyrillic letter that `character` of another script is confused with."""
    if character.isascii() or "Ѐ" <= character <= "ӿ":
        return character
    for other in confusables_data.get(character, ()):
        found = other["c"].casefold()
        if len(found) == 1 and (found.isascii() or "Ѐ" <= found <= "ӿ"):
            return found
    return character


@cache
def reserved_skeletons(fold) -> dict[str, frozenset]:
    """The file's lists as skeletons; a phrase of `together` and `people` is a tuple of its words' ones."""
    content = yaml.safe_load(RESERVED.read_text(encoding="utf-8"))
    return {
        kind: frozenset(
            tuple(fold(word) for word in cut(phrase)) if kind in {"together", "people"} else fold("".join(cut(phrase)))
            for phrase in phrases
        )
        for kind, phrases in content.items()
    }


def own_names(fold) -> set[str]:
    """Skeletons of the portal's and its operator's names, in every language."""
    names = {settings.SITE_NAME, settings.OPERATOR_NAME}
    if not settings.SITE_NAME:
        for language, _name in settings.LANGUAGES:
            with override(language):
                names.add(_("Public consultation"))
    return {skeleton for name in names if name and len(skeleton := fold("".join(cut(name)))) >= 3}
