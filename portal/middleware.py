"""Small middleware of the portal's own."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

# Recovery codes stand in for one of these, and are nothing without.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class RefuseNul:
    """Answer 400 to a NUL in an address or its query: PostgreSQL cannot hold one, and no person types it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/api/"):  # which says so in its own form
            return self.get_response(request)
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


class SecondFactor:
    """Open `/admin/` to staff who have a second factor and signed in with it, in this very session.

    Without one they reach the page that sets it up, and nothing under `/admin/`. Whoever is not of the staff is the
    admin's own business, which sends them away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and request.user.is_staff:
            factors = set(
                Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS).values_list("type", flat=True)
            )
            if not factors:
                messages.warning(
                    request,
                    _("The administration takes a second factor. Set up an authenticator app or a security key here."),
                )
                return HttpResponseRedirect(reverse("mfa_index"))
            if not was_used(request):
                messages.warning(request, _("The administration asks for your second factor."))
                app = Authenticator.Type.TOTP in factors
                page = reverse("mfa_reauthenticate" if app else "mfa_reauthenticate_webauthn")
                wanted = request.get_full_path() if request.method == "GET" else reverse("admin:index")
                return HttpResponseRedirect(f"{page}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
        return self.get_response(request)


def was_used(request) -> bool:
    """Whether a second factor was given in the session of `request`, be it by a recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
