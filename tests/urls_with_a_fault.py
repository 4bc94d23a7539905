"""The portal's addresses, and two that break."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from portal.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]


def fault(request):
    raise RuntimeError("a fault of ours")


urlpatterns = [path("api/fault/", fault), *urlpatterns, *i18n_patterns(path("fault/", fault))]
