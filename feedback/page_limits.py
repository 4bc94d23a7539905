"""The limit of writes on pages: the same count as the API's for whoever is signed in, one by network for strangers."""

from django.http import HttpResponse
from django.template.loader import render_to_string

from feedback.limits import count_form, count_write
from portal.views import typed_fields

COUNTED = "feedback.views."


class PageLimits:
    """Take no more forms than the limit says: a 429 that says when to go on, and keeps everything that was typed.

    Registration and sign-in have limits of their own, and staff decide about as many things at once as they like.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or not view.__module__.startswith(COUNTED):
            return None
        count = count_write(request.user) if request.user.is_authenticated else count_form(request)
        return too_many(request, count.reset) if count.over else None


def too_many(request, seconds: int) -> HttpResponse:
    """The page that keeps what was typed until it may be sent again, in `seconds`."""
    context = {"seconds": seconds, "typed": list(typed_fields(request).items())}
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    content = render_to_string("feedback/too_many.html", context, request)
    return HttpResponse(content, status=429, headers=headers)
