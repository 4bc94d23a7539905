"""The limit of writes on pages: the same count as the API's for whoever is signed in, one by network for strangers."""

from django.shortcuts import render

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
        if not count.over:
            return None
        context = {"seconds": count.reset, "typed": list(typed_fields(request).items())}
        response = render(request, "feedback/too_many.html", context, status=429)
        response["Retry-After"] = str(count.reset)
        response["Cache-Control"] = "no-store"
        return response
