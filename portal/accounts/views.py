"""The account page: what a participant says about themselves, and ways to the rest."""

from allauth.mfa.utils import is_mfa_enabled
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
