"""The WSGI application that granian serves."""

import codecs
import json
import os
from email.message import Message

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_PROCESS", "web")

from django.core.wsgi import get_wsgi_application  # noqa: E402

from portal.preload import load_everything  # noqa: E402
from portal.sqlite import hold_open  # noqa: E402

WHY = "This can only be read in UTF-8."
TEXT = ("text/plain; charset=utf-8", f"{WHY}\n".encode())
BODY = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": WHY}
PROBLEM = ("application/problem+json", json.dumps(BODY).encode())  # RFC 9457


class Utf8Only:
    """Answer 400 to a request that says it is in another encoding than UTF-8, before Django decodes it as asked.

    Django takes any codec that Python knows, "base64" included, while it makes the request: too early for middleware.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        header = Message()
        header["content-type"] = environ.get("CONTENT_TYPE", "")
        charset = header.get_param("charset")
        try:
            sound = charset is None or codecs.lookup(str(charset)).name == "utf-8"
        except LookupError:  # no codec: Django reads UTF-8 then
            sound = True
        if sound:
            return self.application(environ, start_response)
        kind, body = PROBLEM if environ.get("PATH_INFO", "").startswith("/api/") else TEXT
        start_response("400 Bad Request", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]


class ReadToTheEnd:
    """Read what is left of a request's body before its answer goes out, up to what nginx lets through.

    The server cuts the connection where an answer goes out while the body still comes: whoever is told to sign in, to
    wait, or that the portal is out of service, would read of a broken connection instead.
    """

    MOST = 5 * 1024 * 1024  # bytes; client_max_body_size in deploy/nginx/portal.conf
    PIECE = 1 << 16

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        answer = self.application(environ, start_response)
        size = environ.get("CONTENT_LENGTH", "")
        if size.isdecimal() and int(size) <= self.MOST:
            while environ["wsgi.input"].read(self.PIECE):
                pass
        return answer


application = ReadToTheEnd(Utf8Only(get_wsgi_application()))
load_everything()
hold_open()
