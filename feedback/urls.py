"""The consultation's pages."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="feedback/home.html"), name="home"),
    path("profile/", TemplateView.as_view(template_name="feedback/profile.html"), name="profile"),
]
