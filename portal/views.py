"""The shell's own pages: language choice, health, and errors that help."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers


def choose_language(request):
    """Send `/` to the language that the person saved, else to the browser's."""
    language = translation.get_language_from_request(request)
    if request.user.is_authenticated:
        language = request.user.language
    response = HttpResponseRedirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
