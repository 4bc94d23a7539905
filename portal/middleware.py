"""Small middleware of the portal's own."""

import logging
import re
import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseBadRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal import metrics
from portal.logs import id_of, request_id

log = logging.getLogger("portal.requests")
SLOW = 3  # seconds
HUGE = re.compile(r"[0-9]{19,}")
STAFF_SEEN, STAFF_SEEN_EVERY = "_staff_seen", 60  # the session's key; seconds
# Recovery codes stand in for one of these, and are nothing without.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class Watched:
    """Give each request an id for the log, note what failed or was slow, and count answers for the metrics.

    The log has the pattern of an address, not the address: some hold what opens something.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_id.set(id_of(request))
        began = time.monotonic()
        try:
            response = self.get_response(request)
            took = time.monotonic() - began
            if settings.METRICS_PORT:
                metrics.count(request.method, response.status_code, took)
            if response.status_code >= 500 or took >= SLOW:
                match = request.resolver_match
                about = {"method": request.method, "status": response.status_code, "seconds": round(took, 3)}
                log.warning("failed or slow", extra=about | {"path": match.route if match else ""})
            return response
        finally:
            request_id.reset(token)


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


class RefuseHugeNumbers:
    """Answer 400 in the administration to a filter by a number that no column holds (Django answers 500).

    What is searched for is a text and may have as many digits as it likes.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and self.is_huge(request.GET):
            return HttpResponseBadRequest(_("The address holds a number that is too large."))
        return self.get_response(request)

    def is_huge(self, query: QueryDict) -> bool:
        for name, values in query.lists():
            for value in values:
                if name == "query":  # of a list that is exported
                    if self.is_huge(QueryDict(value)):
                        return True
                elif name != "q" and (HUGE.search(value) or (name.endswith("__year") and len(value) > 4)):
                    return True
        return False


class PrivateAnswers:
    """Mark as private what is answered to somebody with a session, or sets a cookie, where nothing was said of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        personal = settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        if personal and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, max_age=0)
        return response


class FewPermissions:
    """Tell browsers which of a device's powers no page here asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


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
    """Open `/admin/` to staff who have a second factor and signed in with it, in this very session and not long ago.

    It is asked for again `STAFF_LONGEST` seconds after it was given, and after `STAFF_IDLE` seconds without a visit.

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
                    _("The administration needs a second factor. Set up an authenticator app or a security key here."),
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
    """Whether a second factor, a recovery code included, was given in the session of `request` and still counts."""
    now = int(time.time())
    given = max(
        (
            record.get("at", 0)
            for record in get_authentication_records(request, request.user)
            if record.get("method") == "mfa"
        ),
        default=0,
    )
    # Giving the factor is a visit, too.
    seen = max(request.session.get(STAFF_SEEN, 0), given)
    if now - given > settings.STAFF_LONGEST or now - seen > settings.STAFF_IDLE:
        return False
    if now - seen > STAFF_SEEN_EVERY:
        request.session.note(STAFF_SEEN, now)
    return True
