"""Phone numbers as people in Kazakhstan write them: +7 701 123-45-67, 8 (7172) 55-66-77, (701) 123 45 67.

Codes that begin with 7 (Kazakhstan's mobile operators and towns) or 9 (Russia's mobile operators) are somebody's;
toll-free ones (8 800) are a hotline's and no secret. The numbering plan: ITU, National Numbering Plan of Kazakhstan.
"""

import re

from feedback.signals.iin import MONEY
from feedback.signals.spans import Span, Taken

# Every repetition is bounded, and a separator is never a digit: nothing here is tried twice.
BEFORE = r"(?<![\dA-Za-z_])"
BETWEEN = r"[ ().\-/]{0,3}"
FORMS = (
    re.compile(rf"{BEFORE}(?:\+[ (]{{0,2}}7|7|8){BETWEEN}[79]\d\d(?:{BETWEEN}\d){{7}}(?!\d)"),
    re.compile(rf"{BEFORE}(?:\+7|8)(?:[ .\-]\d){{10}}(?!\d)"),  # one by one: 8 7 0 1 …
    re.compile(rf"{BEFORE}(?<!\d[ \-])(?:\(7\d\d\)|7\d\d)[ -]{{0,2}}\d{{3}}[ -]\d\d[ -]\d\d(?!\d)(?![ -]\d)"),
)


def find_phones(text: str, *, apart_from: list[Span]) -> list[Span]:
    """Where phone numbers stand in a `plain` text, outside of the stretches `apart_from`, such as links."""
    found, taken = [], Taken(text, apart_from)
    for form in FORMS:
        for match in form.finditer(text):
            span = Span(*match.span())
            money = match[0].isdecimal() and MONEY.match(text, span.end)
            if not money and not taken.has(span):
                found.append(span)
                taken.add(span)
    return sorted(found)
