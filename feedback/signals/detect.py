"""What a text itself says: identification and phone numbers, addresses, links, shouting. Pure functions of the text."""

import re
from typing import NamedTuple

from feedback.models import Signal
from feedback.signals.addresses import MESSENGERS, domain_of, find_emails, find_links, host_of
from feedback.signals.iin import find_iins
from feedback.signals.phones import find_phones
from feedback.signals.spans import Span, plain

Kind = Signal.Kind
MOST_NAMED = 3
# Shouting: most letters are capitals, and they are more than a few names of offices.
CAPITALS_SHARE, FEWEST_CAPITALS, FEWEST_WORDS, SHORTEST_WORD = 0.6, 20, 3, 4
WORD = re.compile(r"[^\W\d_]+")


class Found(NamedTuple):
    """One signal: its kind, and what was found, in words that give nobody away."""

    kind: str
    detail: str


class Personal(NamedTuple):
    """What in a text is somebody's own, and must not be shown to everybody who works on the queue."""

    iins: list[Span]
    phones: list[Span]
    emails: list[Span]


def detect(text: str) -> list[Found]:
    """Every signal that `text` itself gives, one of a kind, in the order of `Signal.Kind`."""
    read = plain(text)
    personal = _personal(read)
    links = find_links(read, emails=personal.emails)
    found = [
        Found(Kind.IIN, _endings(read, personal.iins)),
        Found(Kind.PHONE, _endings(read, personal.phones)),
        Found(Kind.EMAIL, _named([f"***@{domain_of(read[start:end])[:60]}" for start, end in personal.emails])),
        Found(Kind.LINK, _named([host_of(read[span.start : span.end])[:60] for span in links])),
        Found(Kind.CAPITALS, f"{share}%" if (share := capitals(text)) else ""),
    ]
    return [signal for signal in found if signal.detail]


def mask(text: str) -> str:
    """`text` with a star for each letter and digit of IINs, phone numbers and e-mail addresses; as long as it was."""
    spans = [span for kind in _personal(plain(text)) for span in kind]
    characters = list(text)
    for start, end in spans:
        characters[start:end] = ("*" if character.isalnum() else character for character in text[start:end])
    return "".join(characters)


def capitals(text: str) -> int:
    """The share of capitals among the letters, in per cent, where it is shouting; else 0."""
    upper = sum(map(str.isupper, text))
    letters = upper + sum(map(str.islower, text))
    if upper < FEWEST_CAPITALS or upper < CAPITALS_SHARE * letters:
        return 0
    shouted = sum(len(word) >= SHORTEST_WORD and word.isupper() for word in WORD.findall(text))
    return round(100 * upper / letters) if shouted >= FEWEST_WORDS else 0


def _personal(read: str) -> Personal:
    """What is personal in a `plain` text. Numbers within links are part of an address; a messenger's are a phone."""
    emails = find_emails(read)
    links = find_links(read, emails=emails)
    kept = [span for span in links if host_of(read[span.start : span.end]) not in MESSENGERS]
    phones = find_phones(read, apart_from=kept)
    return Personal(find_iins(read, beside=phones), phones, emails)


def _endings(read: str, spans: list[Span]) -> str:
    """The last digits of numbers: enough for staff to tell them apart."""
    numbers = ["".join(filter(str.isdecimal, read[span.start : span.end])) for span in spans]
    return _named([f"***{number[-4:]}" for number in numbers])


def _named(names: list[str]) -> str:
    """The first different names, and how many more there are."""
    names = list(dict.fromkeys(names))
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" +{more}" if more > 0 else "")
