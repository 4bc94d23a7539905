"""The portal's addresses, and views that are the limits: the same bytes, by the same server and middleware."""

from functools import cache

from django.http import HttpResponse
from django.test import Client
from django.urls import path

from portal.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


@cache
def page(address: str) -> bytes:
    """The bytes of a page of the portal, read once."""
    return Client(headers={"host": "127.0.0.1"}).get(address).content


def from_memory(request, address):
    """The limit of a page: its bytes, from memory."""
    return HttpResponse(page(f"/{address}"))


urlpatterns = [*urlpatterns, path("limit/<path:address>", from_memory)]
