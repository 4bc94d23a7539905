"""Individual identification numbers (IIN, ЖСН, ИИН): 12 digits, of which the first six are a date and the last checks.

The control digit is the sum of the eleven others, weighted 1 … 11, modulo 11; where that is 10, weighted
3 … 11, 1, 2; a number for which that is 10 again is never given out. The seventh digit tells century and sex (1-6),
or is 0. Source: the programme of passing to one number of natural and legal persons, Resolution of the Government of
Kazakhstan No. 565 of 11 June 2003, https://adilet.zan.kz/rus/docs/P030000565_.

Numbers of legal entities (BIN) have the same control digit; their fifth digit is 4 or more, which no day begins with.
"""

import re
from operator import mul

from feedback.signals.spans import Span, Taken

FIRST_WEIGHTS = range(1, 12)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
LENGTH = 12
RUN = re.compile(r"(?<!\d)(?<!\d[.,])\d(?:[ -]?\d)+")
GROUP = re.compile(r"\d+")
CARD = [4, 4, 4, 4]
MOST_PIECES = 4
# The seventh digit does not always tell the century, so every February may have 29 days.
LAST_DAYS = ("31", "29", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31")
# A sum of money has as many digits at times.
MONEY = re.compile(r" ?(?:тенге|теңге|₸|kzt|tenge|млн|млрд|трлн|руб|долл|\$|€|евро)", re.IGNORECASE)


def is_iin(digits: str) -> bool:
    """Whether 12 digits are a possible IIN: a date that exists, a known seventh digit, and the right control digit."""
    if not "01" <= digits[2:4] <= "12" or not "01" <= digits[4:6] <= "31" or digits[6] > "6":
        return False
    if digits[4:6] > LAST_DAYS[int(digits[2:4]) - 1]:
        return False
    return control_digit(digits[:11]) == int(digits[11])


def control_digit(digits: str) -> int | None:
    """The control digit of eleven digits, or None where such a number is never given out."""
    numbers = [int(digit) for digit in digits]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        rest = sum(map(mul, numbers, weights)) % 11
        if rest < 10:
            return rest
    return None


def find_iins(text: str, *, beside: list[Span]) -> list[Span]:
    """Where IINs stand in a `plain` text: in one piece, or in pieces with one blank or dash between them.

    What is put together from pieces is none where it takes in one of `beside`, such as phone numbers.
    """
    others, found, taken = Taken(text, beside), [], Taken(text)
    for run in RUN.finditer(text):
        for span, digits in _windows(text, Span(*run.span())):
            if not is_iin(digits) or MONEY.match(text, span.end) or taken.has(span):
                continue
            if len(digits) == span.end - span.start or not others.has(span):
                found.append(span)
                taken.add(span)
    return found


def _windows(text: str, run: Span) -> list[tuple[Span, str]]:
    """Each sequence of neighbouring pieces of `run` that has 12 digits together, with these digits.

    Of many pieces only where nothing else is in the run: digits one by one are otherwise anything.
    """
    groups = [Span(*group.span()) for group in GROUP.finditer(text, *run)]
    if [group.end - group.start for group in groups] == CARD:
        return []
    windows, first, digits = [], 0, 0
    for last, group in enumerate(groups):
        digits += group.end - group.start
        while digits > LENGTH:
            digits -= groups[first].end - groups[first].start
            first += 1
        if digits == LENGTH and (last - first < MOST_PIECES or (first, last) == (0, len(groups) - 1)):
            span = Span(groups[first].start, group.end)
            windows.append((span, text[span.start : span.end].replace(" ", "").replace("-", "")))
    return windows
