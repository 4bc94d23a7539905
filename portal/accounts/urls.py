"""Addresses of registration, sign-in and the account; names are allauth's."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.account.urls"))]
