"""What every view of the API answers with beside its body."""

from django.conf import settings
from django.utils.http import http_date
from rest_framework.views import APIView


class View(APIView):
    """Says what is left of the client's limit, and when this version of the API leaves, once that is set.

    `Deprecation` is a date as in RFC 9745, `Sunset` one as in RFC 8594; both settings are times with a zone.
    """

    limit: dict[str, str] = {}

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.limit.items():
            response[name] = value
        if settings.API_DEPRECATED_FROM:
            response["Deprecation"] = f"@{int(settings.API_DEPRECATED_FROM.timestamp())}"
        if settings.API_SUNSET_AT:
            response["Sunset"] = http_date(settings.API_SUNSET_AT.timestamp())
        return response
