"""The portal's addresses, and views that are the limits, behind the same middleware on the same server."""

from django.urls import path

from portal.urls import handler500, urlpatterns
from script.benchmark import limits

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [
    *urlpatterns,
    path("limit/page/<path:address>", limits.from_memory),
    path("limit/unchanged/<path:address>", limits.unchanged),
    path("limit/signed-in/<path:address>", limits.signed_in),
    path("limit/comments", limits.comments),
    path("limit/write/<path:address>", limits.write),
]
