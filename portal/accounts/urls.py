"""Addresses of registration, sign-in and the account; names are allauth's."""

from django.urls import include, path

from portal.accounts import views

urlpatterns = [
    path("settings/", views.account_settings, name="account_settings"),
    path("2fa/totp/activate/", views.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.AddKey.as_view(), name="mfa_add_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
