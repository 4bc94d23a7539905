"""Personal tokens of the API, in the profile: made, shown once, revoked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from feedback.actions.refusals import Refused
from feedback.actions.tokens import MOST_TOKENS, make_token, revoke_token
from feedback.forms import TokenForm
from feedback.models import ApiToken


@login_required
@never_cache
def tokens(request):
    """My tokens, newest first; a form makes one, and the answer to it alone shows the new one."""
    form, secret = TokenForm(request.POST or None), None
    if form.is_bound and form.is_valid():
        try:
            _token, secret = make_token(request.user, **form.cleaned_data)
            form = TokenForm()
        except Refused as refusal:
            form.add_error(None, refusal.message)
    rows = ApiToken.objects.filter(user=request.user)[: 5 * MOST_TOKENS]
    status = 422 if form.errors else 200
    return render(request, "feedback/tokens.html", {"form": form, "secret": secret, "tokens": rows}, status=status)


@login_required
@require_POST
def revoke(request, pk):
    revoke_token(get_object_or_404(ApiToken, pk=pk, user=request.user), by=request.user)
    messages.success(request, _("The token is revoked: it opens nothing any more."))
    return HttpResponseRedirect(reverse("tokens"))
