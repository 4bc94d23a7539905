"""One format, JSON in UTF-8: whatever a client says it accepts, it gets this or nothing better."""

import json

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer


class JSON(BaseRenderer):
    """JSON with the keys in the order in which they were put."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data) + b"\n"
        except TypeError:  # half a surrogate pair, which an error gives back as it was sent
            return json.dumps(data, ensure_ascii=False, default=str).encode(errors="replace") + b"\n"


class OneFormat(BaseContentNegotiation):
    """No negotiation: RFC 9110 lets a server answer in what it has."""

    def select_parser(self, request, parsers):
        wanted = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
