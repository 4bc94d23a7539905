"""The description of the API in OpenAPI 3.1, made from the views' own declarations."""

import re

from drf_spectacular.openapi import AutoSchema

from feedback.api.links import links_from
from feedback.api.schemata import URL, ref
from feedback.api.shapes import SCHEMAS

PROBLEM = {"application/problem+json": {"schema": ref("Problem")}}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any ASCII of up to 255 characters, kept for 24 hours: the same key and body again give the same "
    "answer and write nothing; another body is a 422.",
    "schema": {"type": "string", "maxLength": 255, "pattern": "^[ -~]*$"},
}
ETAG = {"ETag": {"schema": {"type": "string"}}, "Cache-Control": {"schema": {"type": "string"}}}
LIMIT = {"RateLimit": {"schema": {"type": "string"}}, "RateLimit-Policy": {"schema": {"type": "string"}}}
AGAIN = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag that you have: 304 where nothing has changed.",
    "schema": {"type": "string"},
}
REASONS = {
    400: "A parameter, the cursor or the body cannot be read.",
    401: "No valid token.",
    403: "The token may only read, the consultation is closed, or the comment is somebody else's.",
    404: "There is nothing of that name.",
    409: "The state of things does not allow it now, such as a wording that has changed.",
    411: "The body is sent in chunks, without a Content-Length.",
    413: "The body is larger than 64 KiB.",
    415: "The body is no application/json.",
    422: "A field of the body is wrong, or the Idempotency-Key was used for another body.",
    429: "Too many requests; see Retry-After.",
}


class Described(AutoSchema):
    """One operation from what its view declares: `parameters`, `shape`, `keys`, `takes`; none without a shape."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        view = self.view
        if not getattr(view, "shape", ""):
            return None  # of the views that describe the API
        reads = method == "GET"
        operation = {
            "operationId": self._name(path, method),
            "summary": self._summary(method),
            "tags": [re.sub(r"^/api/v1/", "", path).split("/")[0] or "root"],
            "parameters": [*self._path_parameters(path), *(self._query() if reads else [])],
            "responses": self._responses(path, method),
        }
        if links := links_from(operation["operationId"]):
            operation["responses"]["200" if reads else "201"]["links"] = links
        if reads:
            operation["parameters"].append(AGAIN)
            operation["security"] = [{}, {"token": []}] if "key" in path and "comments" in path else [{}]
        else:
            operation["security"] = [{"token": []}, {"session": []}]
            if method == "POST":
                operation["parameters"].append(KEY)
            takes = view.takes[method]
            operation["requestBody"] = {
                "required": method != "DELETE",
                "content": {"application/json": {"schema": takes["schema"], "example": takes["example"]}},
            }
        return operation

    def _name(self, path: str, method: str) -> str:
        words = [part for part in re.sub(r"^/api/v1/", "", path).strip("/").split("/") if part]
        named = [word.strip("{}") if "{" in word else word for word in words]
        verb = {"GET": "get", "POST": "post", "PUT": "put", "PATCH": "edit", "DELETE": "delete"}[method]
        return "_".join([verb, *named]).replace("-", "_").replace(".", "_") or f"{verb}_root"

    def _summary(self, method: str) -> str:
        described = self.view.summaries.get(method) if hasattr(self.view, "summaries") else None
        return described or " ".join((self.view.__doc__ or "").split())

    def _path_parameters(self, path: str) -> list[dict]:
        return [
            {"name": name, "in": "path", "required": True, **self.view.keys[name]}
            for name in re.findall(r"{(\w+)}", path)
        ]

    def _query(self) -> list[dict]:
        return [
            {
                "name": parameter.name,
                "in": "query",
                "description": parameter.description,
                "schema": parameter.schema,
                **({"example": parameter.example} if parameter.example not in (None, "") else {}),
            }
            for parameter in self.view.parameters
        ]

    def _responses(self, path: str, method: str) -> dict:
        view = self.view
        if method == "GET":
            answers = {
                "200": {
                    "description": "What was asked for.",
                    "headers": ETAG | LIMIT,
                    "content": {media: {"schema": ref(view.shape)} for media in view.media},
                },
                "304": {"description": "Nothing has changed since the ETag of If-None-Match.", "headers": ETAG},
            }
            if getattr(view, "redirects", False):
                answers = {"302": {"description": "It is there.", "headers": {"Location": {"schema": URL}} | LIMIT}}
            missing = "{" in path or getattr(view, "missing", False)
            faults = [400, 429] + ([404] if missing else []) + ([401] if "comments/{" in path else [])
        else:
            status, shape = view.takes[method]["answer"]
            answers = {str(status): {"description": "Done.", "headers": dict(LIMIT)}}
            if shape:
                answers[str(status)]["content"] = {"application/json": {"schema": ref(shape)}}
            faults = [400, 401, 403, 404, 409, 411, 413, 415, 422, 429]
        for status in sorted(faults):
            answers[str(status)] = {"description": REASONS[status], "content": PROBLEM}
            if status == 429:
                answers["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
        return answers


def with_components(result, generator, request, public):
    """A hook of drf-spectacular: our own components and ways to sign in."""
    result["components"] = {
        "schemas": SCHEMAS,
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "A personal token, made in your profile."},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "session",
                "description": "A browser that is signed in; send X-CSRFToken.",
            },
        },
    }
    return result
