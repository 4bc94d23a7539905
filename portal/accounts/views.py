"""The account page: what a participant says about themselves, and ways to the rest; setting up a second factor."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from portal.accounts.forms import AccountForm


@never_cache
@login_required
def account_settings(request):
    """Show and save; the answer comes in the language that the person has just chosen."""
    before = request.user.language
    form = AccountForm(request.POST or None, user=request.user)
    if form.is_valid():
        form.save()
        language = request.user.language if request.user.language != before else request.LANGUAGE_CODE
        with override(language):
            messages.success(request, _("Your account has been saved."))
            return redirect(reverse("account_settings"))
    request.user.display_name = form.initial["display_name"]  # the page's header shows what is saved
    return render(request, "account/settings.html", {"form": form, "mfa_on": is_mfa_enabled(request.user)})


class ActivateApp(ActivateTOTPView):
    """Setting the app up takes a code of it, so this session has given its second factor with that."""

    def form_valid(self, form):
        answer = super().form_valid(form)
        remember_factor(self.request, Authenticator.Type.TOTP)
        return answer


class AddKey(AddWebAuthnView):
    """Adding a key takes a touch of it, so this session has given its second factor with that."""

    def form_valid(self, form):
        answer = super().form_valid(form)
        remember_factor(self.request, Authenticator.Type.WEBAUTHN)
        return answer


def remember_factor(request, kind: Authenticator.Type) -> None:
    """Record in the session, as signing in does, that the newest factor of `kind` was used."""
    factor = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)
