"""The portal's addresses, and some that end in each kind of error."""

from allauth.core.ratelimit import respond_429
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import QueryDict
from django.urls import path

from feedback.page_limits import too_many
from portal.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def error(request, status):
    """Ends in the page of `status`."""
    if status == 429:
        return respond_429(request)
    raise {400: SuspiciousOperation, 403: PermissionDenied, 500: RuntimeError}[status]


def too_many_forms(request):
    """Ends in the page that keeps a text until it may be sent again."""
    request.POST = QueryDict(mutable=True)
    request.POST.update({"text": "A new school is needed in our street.", "stance": "for"})
    return too_many(request, 42)


urlpatterns = [
    *urlpatterns,
    *i18n_patterns(
        path("errors/<int:status>/", error, name="error"), path("errors/forms/", too_many_forms, name="forms")
    ),
]
