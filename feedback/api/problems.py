"""Errors as problem details (RFC 9457): one shape for every answer that is no success."""

import logging
from http import HTTPStatus

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from feedback.actions.refusals import Refused
from portal.faults import RETRY_AFTER, is_outage

log = logging.getLogger("feedback.api")
TYPE = "application/problem+json"


class Problem(APIException):
    """An answer other than success. `errors` are [{"name", "reason"}]: which parameter or field, and why."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ):
        super().__init__(detail)
        self.status_code, self.errors, self.headers = status, errors or [], headers or {}


def bad(name: str, reason: str, *, status: int = 400) -> Problem:
    """A problem with one parameter or field."""
    return Problem(status, f"{name}: {reason}", errors=[{"name": name, "reason": str(reason)}])


def problem(status: int, detail: str = "", errors: list[dict[str, str]] | None = None) -> dict:
    """The body of a problem that says no more than its status and detail: its type is "about:blank" (RFC 9457)."""
    title = HTTPStatus(status).phrase
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
    }
    return body | ({"errors": errors} if errors else {})


def problem_response(fault: Exception, context: dict) -> Response:
    """The answer to what a view raised; a fault of ours is logged."""
    headers: dict[str, str] = {}
    errors: list[dict[str, str]] = []
    if isinstance(fault, Refused):
        status, detail = fault.status, str(fault.message)
    elif isinstance(fault, Problem):
        status, detail, errors, headers = fault.status_code, str(fault.detail), fault.errors, fault.headers
    elif isinstance(fault, APIException):
        status, detail = fault.status_code, str(fault.detail)
        if header := getattr(fault, "auth_header", None):
            headers["WWW-Authenticate"] = header
    elif isinstance(fault, Http404):
        status, detail = 404, _("There is nothing at this address.")
    elif isinstance(fault, RequestDataTooBig):
        status, detail = 413, _("The body is too large.")
    elif isinstance(fault, PermissionDenied):
        status, detail = 403, str(fault)
    elif isinstance(fault, SuspiciousOperation):
        status, detail = 400, ""
    elif is_outage(fault):
        log.error("the database failed", exc_info=fault)
        status, detail = 503, _("The portal cannot reach its data just now. Please try again soon.")
        headers["Retry-After"] = str(RETRY_AFTER)
    else:
        log.error("a fault in the API", exc_info=fault)
        status, detail = 500, _("Something went wrong on our side. It has been noted.")
    headers.setdefault("Cache-Control", "no-store")
    return Response(problem(status, detail, errors), status=status, headers=headers, content_type=TYPE)


def plain_problem(status: int, detail: str = "") -> HttpResponse:
    """A problem from outside of the views: an unknown address, a fault of ours."""
    body = orjson.dumps(problem(status, detail))
    return HttpResponse(body, status=status, content_type=TYPE, headers={"Cache-Control": "no-store"})
