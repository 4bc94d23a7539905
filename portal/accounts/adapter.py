"""How allauth meets this portal: the client's address, mail in the person's language, plain words."""

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.clients import client_address
from portal.mail import render_letter, send_message


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("This password is not right."),
        "email_taken": _("This address cannot be used."),
        "invalid_login": _("Signing in did not work."),
        # Anybody can lock an address by wrong passwords, and its owner must know the way round.
        "too_many_login_attempts": _(
            "Too many wrong passwords for this address. Please wait five minutes, or sign in by a code that we send "
            "to it."
        ),
        "rate_limited": _("Too many attempts. Please wait a few minutes and try again."),
        "unverified_primary_email": _("Please confirm your address first."),
    }

    def is_ajax(self, request):
        """Pages only: a client that asks for JSON gets the page too, so there is one answer to compare and test."""
        return False

    def get_client_ip(self, request):
        return client_address(request)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """The address alone: allauth's key holds the Host header too, so another host name would give new tries.

        Whoever is signed in and proves the password once more has tries that no stranger can spend.
        """
        if request.user.is_authenticated:
            return f"signed in: {request.user.pk}"
        return credentials.get("email", "").lower()

    def save_user(self, request, user, form, commit=True):
        form.fill(user)
        return super().save_user(request, user, form, commit)

    def get_password_change_redirect_url(self, request):
        return reverse("account_settings")

    def get_email_verification_redirect_url(self, email_address):
        if self.request.user.is_authenticated and email_address.user.last_login is not None:
            return reverse("account_settings")
        return super().get_email_verification_redirect_url(email_address)

    def get_logout_redirect_url(self, request):
        return f"/{get_language()}/"

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def send_mail(self, template_prefix, email, context):
        """Render in the language of whose mail it is, and hand over to the worker: no page waits for a mail server."""
        language = self.mail_language(email, context.get("user"))
        with override(language):
            names = {
                "email": email,
                **context,
                "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60,
                # From SITE_URL and in the reader's language, never from the request's Host header.
                "signup_url": settings.SITE_URL + reverse("account_signup"),
                "login_url": settings.SITE_URL + reverse("account_login"),
                "password_reset_url": settings.SITE_URL + reverse("account_reset_password"),
            }
            names.pop("request", None)
            subject, body = render_letter(template_prefix, names)
        send_message.enqueue(subject=subject, body=body, sender=self.get_from_email(), to=[email])

    def mail_language(self, email, user=None):
        """The language that the owner of `email` saved, whatever page the request came from; else the page's."""
        owner = User.objects.filter(email__iexact=email).first()
        if owner is None:
            address = EmailAddress.objects.filter(email__iexact=email).select_related("user").first()
            owner = address.user if address else user
        if owner is not None:
            return owner.language
        request = allauth_context.request
        return getattr(request, "LANGUAGE_CODE", None) or get_language() or settings.LANGUAGE_CODE
