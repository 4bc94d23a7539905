"""The page on which authors send again what a loss of the ledger took."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback.actions.access import participant_of
from feedback.actions.refusals import Refused
from feedback.actions.resubmission import submit_again
from feedback.forms import ReceiptForm
from feedback.models import Comment


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request):
    """Take a receipt, and submit what it was given for once more; a refusal says why and keeps the text."""
    sent = request.method == "POST"
    form = ReceiptForm(request.POST, request.FILES) if sent else ReceiptForm()
    status, verdict = 422 if sent else 200, None
    if sent and form.is_valid():
        try:
            made = submit_again(participant_of(request.user), receipt=form.cleaned_data["receipt"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status, verdict = refusal.status, getattr(refusal, "verdict", None)
        else:
            messages.success(request, _("Thank you. It is sent again, and has a new receipt."))
            if isinstance(made, Comment):
                return HttpResponseRedirect(f"{made.measure.get_absolute_url()}#comment-{made.pk}")
            return HttpResponseRedirect(f"{made.edition.measure.get_absolute_url()}#{made.question.slug}")
    return render(request, "feedback/receipt_again.html", {"form": form, "verdict": verdict}, status=status)
