"""Logs as JSON lines, with the id of the request that each belongs to; no bodies, queries or addresses of people."""

import contextvars
import json
import logging
import re
import secrets
import traceback
from datetime import UTC, datetime

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# An address in a message of a library: what it says stays, whose it is does not.
MAIL_ADDRESS = re.compile(r"[^\s@<>\"'(]+@[^\s@<>\"')]+\.[^\s@<>\"')]+")
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")


def id_of(request) -> str:
    """The id that a proxy gave this request, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(16)


class NoAddresses(logging.Filter):
    """Takes e-mail addresses out of what is logged, whatever library writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = MAIL_ADDRESS.sub("(address)", record.getMessage())
        record.args = None
        return True


class JSONLines(logging.Formatter):
    """One JSON object per line: time (UTC), level, logger, message, request; of a fault, where it was raised.

    The text of an exception may hold what somebody typed, so its type and place alone are kept.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        for name in ("method", "path", "status", "seconds"):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[1]:
            line["fault"] = type(record.exc_info[1]).__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
        return json.dumps(line, ensure_ascii=False)


def log_settings(*, as_json: bool, level: str) -> dict:
    """Django's LOGGING: everything to standard error, in lines of text or of JSON."""
    line = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_addresses": {"()": "portal.logs.NoAddresses"}},
        "formatters": {"line": {"()": "portal.logs.JSONLines"} if as_json else line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_addresses"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django.security.csrf": {"level": "ERROR"}, "django.request": {"level": "ERROR"}},
    }
