"""Texts by their prints: alike texts have alike 64-bit simhashes, whatever their case, punctuation and endings.

M. Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; G. Manku et al., "Detecting
near-duplicates for web crawling", WWW 2007.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from feedback.models import TextPrint
from feedback.search.stop_words import STOP_WORDS
from feedback.search.words import stems, words_in

BITS, BANDS = 64, 4
BAND_BITS = BITS // BANDS
FEWEST_WORDS = 8  # shorter texts are alike by chance: "I support this measure"
# Of those that share a band, unrelated texts differ in 17 bits or more; a copy with a word changed, mostly in fewer.
NEAR = 8
MOST_CANDIDATES = 100  # per band, whatever is in it
# Counts of 64 bits at once, in one integer: each bit has a lane of its own, wide enough for any comment's words.
LANE = 16
SPREAD = [sum((byte >> bit & 1) << LANE * bit for bit in range(8)) for byte in range(256)]
ONES = (1 << LANE) - 1


def print_of(text: str) -> int | None:
    """The simhash of `text` as a signed 64-bit number; None where it has too few words to be told by them.

    The same whatever language the text is said to be in.
    """
    words = telling_words(text)
    if len(words) < FEWEST_WORDS:
        return None
    features = set(words)
    lanes, half, value = sum(map(_spread_hash, features)), len(features) / 2, 0
    for bit in range(BITS):
        if (lanes >> LANE * bit & ONES) > half:
            value |= 1 << bit
    return value - (1 << BITS) if value >> BITS - 1 else value


def telling_words(text: str) -> list[str]:
    """The words of `text` in their order, without endings, and without those that every text has."""
    return [stems(word)[0] for word, _start, _end in words_in(text) if word not in STOP_WORDS]


def print_of_few(words: Iterable[str]) -> int:
    """A signed 64-bit number for a text of few words, which only the same words in the same order have."""
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=BITS // 8).digest(), signed=True)


def bands(value: int) -> list[int]:
    """The four bands of 16 bits of a simhash, lowest first."""
    return [value >> BAND_BITS * band & (1 << BAND_BITS) - 1 for band in range(BANDS)]


def distance(one: int, other: int) -> int:
    """In how many of their 64 bits two simhashes differ."""
    return ((one ^ other) & (1 << BITS) - 1).bit_count()


def print_row(value: int, **about) -> TextPrint:
    """The row of a simhash, not saved."""
    return TextPrint(simhash=value, **{f"band_{n}": band for n, band in enumerate(bands(value), 1)}, **about)


def nearest(value: int, *, apart_from=None) -> TextPrint | None:
    """The print nearest to `value`, of another comment than the key `apart_from`; None where none is near."""
    return next(iter(near(value, apart_from=apart_from)), None)


def near(value: int, *, apart_from=None) -> list[TextPrint]:
    """The prints near to `value`, the nearest first, of other comments than the key `apart_from`.

    Reads at most `MOST_CANDIDATES` rows of each band's index, however many there are.
    """
    table = TextPrint._meta.db_table
    one_band = f"SELECT * FROM (SELECT comment_id, simhash FROM {table} WHERE band_{{n}} = %s LIMIT {MOST_CANDIDATES})"  # noqa: S608 - our own names
    query = " UNION ".join(f"{one_band.format(n=n)} AS near_{n}" for n in range(1, BANDS + 1))
    candidates: Iterable[TextPrint] = TextPrint.objects.raw(query, bands(value))
    found = [(distance(value, row.simhash), str(row.pk), row) for row in candidates if row.pk != apart_from]
    return [row for away, _key, row in sorted(found, key=lambda each: each[:2]) if away <= NEAR]


@lru_cache(maxsize=20_000)
def _spread_hash(feature: str) -> int:
    digest = blake2b(feature.encode(), digest_size=BITS // 8).digest()
    return sum(SPREAD[byte] << LANE * 8 * place for place, byte in enumerate(digest))
