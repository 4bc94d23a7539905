"""A home page of the tests' own, to see what is kept of it and how often it is made."""

import threading
import time

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import path

made = []
lock = threading.Lock()


def home(request):
    """A page that says how often it was made, and does what `kind` says beside that."""
    with lock:
        made.append(request.path)
    response = HttpResponse(f"page {len(made)}")
    DEEDS[kind[0]](request, response)
    return response


kind = ["plain"]
DEEDS = {
    "plain": lambda request, response: None,
    "slow": lambda request, response: time.sleep(0.5),
    "cookie": lambda request, response: response.set_cookie("name", "value"),
    "session": lambda request, response: request.session.update({"a": 1}),
    "token": lambda request, response: get_token(request),
    "message": lambda request, response: messages.success(request, "Hello"),
    "private": lambda request, response: response.headers.__setitem__("Cache-Control", "private"),
    "fault": lambda request, response: setattr(response, "status_code", 503),
}


def reset(new: str) -> None:
    kind[0] = new
    made.clear()


urlpatterns = [path(f"{language}/", home, name="home") for language in ("kk", "ru", "en")]
