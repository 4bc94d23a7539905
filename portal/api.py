"""The API's root: its versions."""

from django.urls import include, path, re_path

from feedback.api.root import nowhere

urlpatterns = [
    path("v1/", include("feedback.api.urls")),
    re_path("", nowhere),
]
