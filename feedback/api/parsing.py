"""Reading what clients send: one JSON object, small, and unambiguous."""

import json
import re

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from feedback.api.problems import Problem

MOST_BYTES = 64 * 1024  # 5,000 characters of any alphabet, escaped, and room for the rest
DEEPEST = 20
UNKEPT = re.compile("[\x00\ud800-\udfff]")


class StrictJSON(BaseParser):
    """A JSON object (RFC 8259) without repeated keys, NaN, NUL or deep nesting, of at most 64 KiB."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> dict:
        request = (parser_context or {}).get("request")
        announced = request.META.get("CONTENT_LENGTH") if request else None
        if announced and announced.isdigit() and int(announced) > MOST_BYTES:
            raise Problem(413, _("The body is larger than 64 KiB."))
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Problem(413, _("The body is larger than 64 KiB."))
        return read_object(body)


def read_object(body: bytes) -> dict:
    """The object in `body`, or the problem with it."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, _("The body is not UTF-8.")) from None
    if _deep(text):
        raise Problem(400, _("The body is nested too deeply."))
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, _("The body is not valid JSON.")) from None
    if not isinstance(value, dict):
        raise Problem(400, _("The body must be a JSON object."))
    if not _is_text(value):
        raise Problem(400, _("A text in the body holds a NUL or half of a surrogate pair."))
    return value


def _is_text(value: object) -> bool:
    """Whether every string in `value` is one that can be kept as it is (RFC 8259, 8.2; no database holds a NUL)."""
    if isinstance(value, dict):
        return all(_is_text(key) and _is_text(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(_is_text, value))
    return not isinstance(value, str) or not UNKEPT.search(value)


def _deep(text: str) -> bool:
    """Whether brackets outside of strings nest deeper than allowed."""
    depth = deepest = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest > DEEPEST


def _object(pairs: list[tuple[str, object]]) -> dict:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Problem(400, _("A key stands twice in an object of the body."))
    return value


def _no_constant(name: str):
    raise ValueError(name)
