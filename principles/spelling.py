"""How slugs, codes and texts of a programme are written, in its file and in the admin alike."""

import re

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[^\W_]([\w.\-]*\w)?")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")
# Embeddings, overrides and isolates turn the text that follows, past the end of their own field.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def strange_character(text: str) -> str:
    """The first character of `text` that no text may hold, as "U+202E"; blank where there is none."""
    found = [match for pattern in (CONTROL, SURROGATE, TURNING) if (match := pattern.search(text))]
    return f"U+{ord(min(found, key=lambda match: match.start())[0]):04X}" if found else ""
