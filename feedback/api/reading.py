"""Reading: lists by keyset and single resources, with ETag, 304 and a short life in shared caches."""

import hashlib

import orjson
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from rest_framework.request import Request

from feedback.api import cursor
from feedback.api.cursor import Order
from feedback.api.limits import count_read
from feedback.api.parameters import LANG, PAGE_SIZE, ROWS, Parameter, fields, read_all
from feedback.api.view import View

FRESH = 10  # seconds


class Reading(View):
    """A resource that anybody reads. `names` are its fields, in the order in which they are written."""

    http_method_names = ["get", "head", "options"]
    names: tuple[str, ...] = ()
    shape = ""  # the component of the API's description that an answer has
    media = ("application/json",)
    speaks = True  # whether texts may be asked for in one language
    filters: tuple[Parameter, ...] = ()
    fresh = FRESH

    @property
    def parameters(self) -> list[Parameter]:
        """Every parameter that the address may carry."""
        return [*self.filters, *([LANG] if self.speaks else []), *([fields(self.names)] if self.names else [])]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.limit = count_read(request)
        self.values = read_all(request.GET, self.parameters)

    def options(self, request, *args, **kwargs):
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def chosen(self, row: dict) -> dict:
        """The row with the fields that were asked for."""
        wanted = self.values.get("fields")
        return {name: row[name] for name in wanted} if wanted is not None else row

    def answer(self, request: Request, body: object, *, private: bool = False) -> HttpResponse:
        """`body` as JSON, or 304 where the client has it."""
        content = orjson.dumps(body) + b"\n"
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        response = get_conditional_response(request._request, etag=etag) if request.method in {"GET", "HEAD"} else None
        if response is None:
            response = HttpResponse(content, content_type="application/json")
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache" if private else f"public, max-age={self.fresh}"
        return response


class List(Reading):
    """A list by keyset. `rows()` gives the query, `present()` turns rows (dicts of columns) into what is written."""

    orders: dict[str, Order] = {}

    @property
    def parameters(self) -> list[Parameter]:
        declared = [*super().parameters, PAGE_SIZE, Parameter("cursor", str, "Where to go on.", {"type": "string"})]
        if len(self.orders) > 1:
            declared.append(ordering(tuple(self.orders)))
        return declared

    def rows(self):
        raise NotImplementedError

    def present(self, rows: list[dict]) -> list[dict]:
        raise NotImplementedError

    def get(self, request, **keys):
        order = self.orders[self.values.get("ordering", next(iter(self.orders)))]
        rows = self.rows()
        for parameter in self.filters:
            if parameter.name in self.values and parameter.apply:
                rows = parameter.apply(rows, self.values[parameter.name])
        size = self.values.get("page_size", ROWS)
        place, backwards = None, False
        if "cursor" in self.values:
            place, backwards = cursor.read(self.values["cursor"], order)
            rows = order.beyond(rows, place, backwards=backwards)
        found = list(order.sort(rows, backwards=backwards)[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        ahead = more if not backwards else bool(found)
        behind = bool(place and found) if not backwards else more
        page = {
            "next": self.address(request, order.place_of(found[-1]), False) if ahead and found else None,
            "previous": self.address(request, order.place_of(found[0]), True) if behind else None,
            "results": [self.chosen(row) for row in self.present(found)],
        }
        return self.answer(request, page)

    def address(self, request, place: list, backwards: bool) -> str:
        """The address of the page that goes on from `place`."""
        query = [(name, value) for name, value in request.GET.items() if name != "cursor"]
        query.append(("cursor", cursor.written(place, backwards=backwards)))
        return f"{settings.SITE_URL}{request.path}?{urlencode(query)}"


class Detail(List):
    """One of a list's rows, by its natural key."""

    lookup = "slug"
    filters = ()
    keys: dict[str, dict] = {"slug": {"schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}}}

    @property
    def parameters(self) -> list[Parameter]:
        return Reading.parameters.fget(self)

    def get(self, request, **keys):
        (key,) = keys.values()
        row = self.rows().filter(**{self.lookup: key}).first()
        if row is None:
            raise Http404
        return self.answer(request, self.chosen(self.present([row])[0]))


def ordering(names: tuple[str, ...]) -> Parameter:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"there are {', '.join(names)}")
        return text

    description = f"The order of the rows; {names[0]} unless said."
    return Parameter("ordering", read, description, {"type": "string", "enum": list(names)}, example=names[0])
