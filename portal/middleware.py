"""Small middleware of the portal's own."""

from django.http import HttpResponseBadRequest
from django.utils import translation
from django.utils.translation import gettext as _


class RefuseNul:
    """Answer 400 to a NUL in an address or its query: PostgreSQL cannot hold one, and no person types it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "%00" in query or "\x00" in query:
            return HttpResponseBadRequest(_("The address holds a character that is not allowed."))
        return self.get_response(request)


class StaffLanguage:
    """Show `/admin/`, which has no language in its address, in the staff member's saved language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        user = request.user
        language = user.language if user.is_authenticated else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers["Content-Language"] = language
        return response
