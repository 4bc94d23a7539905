"""The root of the API, its description, and what stands at no address."""

import json
from functools import cache

import orjson
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView

from feedback.api.problems import plain_problem
from feedback.api.reading import Reading

LISTS = (
    "programmes",
    "principles",
    "measures",
    "questions",
    "targets",
    "comments",
    "tallies",
    "breakdowns",
    "weighted",
    "participation",
    "themes",
    "answers",
    "rules",
    "decisions",
    "changes",
    "dumps",
    "ledger",
)


class Root(Reading):
    """Where everything is."""

    shape = "Root"
    speaks = False

    def get(self, request):
        addresses = {name: f"{settings.SITE_URL}{reverse(f'api-{name}')}" for name in LISTS}
        about = {
            "version": "1",
            "description": f"{settings.SITE_URL}{reverse('api-schema')}",
            "documentation": f"{settings.SITE_URL}{reverse('api-docs')}",
            "licence": settings.DATA_LICENCE,
        }
        return self.answer(request, about | addresses)


class Description(Reading):
    """The description in OpenAPI 3.1."""

    speaks = False
    fresh = 300

    def get(self, request):
        return self.answer(request, description())


@cache
def description() -> dict:
    """The description of the API; it depends on the code alone, and on SITE_URL."""
    described = SchemaGenerator(urlconf="portal.urls").get_schema(request=None, public=True)
    return json.loads(orjson.dumps(described)) | {"servers": [{"url": settings.SITE_URL}]}


class Docs(SpectacularSwaggerSplitView):
    """The description to read and to try, without third parties."""


@csrf_exempt  # it writes nothing, and says so whatever the method
def nowhere(request, **keys):
    """An address under the API where nothing is."""
    return plain_problem(404, _("There is nothing at this address."))
