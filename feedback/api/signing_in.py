"""Who asks: a personal token, or for writes the session of a browser that is signed in."""

from django.contrib.auth import get_user
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied

from feedback.actions.tokens import token_of
from feedback.api.problems import Problem
from feedback.models import ApiToken, Participant

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}


def token_in(request) -> ApiToken | None:
    """The token of the Authorization header; None where there is no such header, 401 where it names none."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return None
    scheme, _blank, secret = header.partition(" ")
    token = token_of(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        invalid = {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}
        raise Problem(401, _("This token is not valid: unknown, revoked, or not sent as “Bearer”."), headers=invalid)
    return token


def reader_of(request) -> Participant | None:
    """The participant whose token reads; sessions are not looked at, so that reads stay the same for everybody."""
    token = token_in(request)
    return Participant.objects.filter(user=token.user_id).first() if token else None


def writer_of(request):
    """The user who writes, by a token that may or by a session with its CSRF token; 401 or 403 otherwise."""
    token = token_in(request)
    if token is not None:
        if token.scope != ApiToken.Scope.WRITE:
            raise Problem(403, _("This token may read only."))
        return token.user
    # Of the session itself: the framework has put its own idea of nobody on the request.
    user = get_user(request._request)
    if not user.is_authenticated:
        raise Problem(401, _("Please send a personal token: Authorization: Bearer …"), headers=CHALLENGE)
    try:
        SessionAuthentication().enforce_csrf(request)
    except PermissionDenied:
        raise Problem(403, _("The CSRF token is missing or not valid.")) from None
    return user
