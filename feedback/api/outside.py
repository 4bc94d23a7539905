"""Errors from outside of the API's views - a wrong host, a form's token, a page of Django's - to what is under api/."""

from http import HTTPStatus

import orjson

from feedback.api.problems import TYPE, problem

# What belongs to a body that is replaced.
OF_THE_BODY = ("Content-Encoding", "Content-Length", "Content-Language", "ETag")


class ProblemsAlone:
    """Answer under /api/ with no other errors than problem details (RFC 9457), whoever in the portal made them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST and request.path_info.startswith("/api/"):
            if response.streaming or not is_problem(response):
                for name in OF_THE_BODY:
                    response.headers.pop(name, None)
                response.content = orjson.dumps(problem(response.status_code))
                response["Content-Length"] = len(response.content)
                response["Content-Type"] = TYPE
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def is_problem(response) -> bool:
    """Whether the response says what RFC 9457 asks for: in JSON, or in JSON that is compressed."""
    if response.get("Content-Type") != TYPE:
        return False
    return response.has_header("Content-Encoding") or response.content.startswith(b"{")
