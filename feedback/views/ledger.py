"""The ledger's page, where anybody checks a receipt, and the pages of one's own receipts."""

import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback.actions.witnessing import with_newest
from feedback.forms import ReceiptForm
from feedback.ledger.checkpoints import newest_checkpoint, standing_since
from feedback.ledger.receipt_check import check_receipt
from feedback.ledger.receipts import comment_receipt, rating_receipt
from feedback.models import Comment, Rating, SigningKey, Witness

VERIFIER = Path(settings.BASE_DIR) / "script" / "verify_consultation.py"


@csrf_exempt  # it writes nothing, and the page is the same for everybody
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request):
    """What the ledger is, its newest checkpoint, and a form that checks a receipt."""
    sent = request.method == "POST"
    form, verdict = ReceiptForm(request.POST, request.FILES) if sent else ReceiptForm(), None
    if sent and form.is_valid():
        verdict = check_receipt(form.cleaned_data["receipt"])
    checkpoint = newest_checkpoint()
    key = SigningKey.objects.filter(role=SigningKey.Role.LOG).last()
    context = {"form": form, "verdict": verdict, "checkpoint": checkpoint, "key": key, "site_url": settings.SITE_URL}
    context["standing_since"] = standing_since()
    context["witnesses"] = with_newest(list(Witness.objects.filter(active=True)))
    response = render(request, "feedback/ledger.html", context, status=422 if form.errors else 200)
    if sent:
        response["Cache-Control"] = "no-store"
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def verifier(request):
    """The program that checks this consultation from outside."""
    headers = {"Content-Disposition": f'attachment; filename="{VERIFIER.name}"'}
    return HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


@login_required
@never_cache
def rating_page(request, slug, question):
    """The receipt of one's own rating of the current edition, with what became of it; `?file` downloads it."""
    rows = Rating.objects.filter(participant__user=request.user, edition__measure__slug=slug, question__slug=question)
    rows = rows.select_related("question", "edition__measure__principle__programme").order_by("-edition__number")
    rating = rows.first()
    receipt = rating and rating_receipt(rating)
    if not receipt:
        raise Http404
    return _shown(request, receipt, f"receipt-{slug}-{question}.json", back=rating.edition.measure.get_absolute_url())


@login_required
@never_cache
def comment_page(request, pk):
    """The receipt of one's own comment in its latest version."""
    comment = get_object_or_404(Comment.objects.select_related("latest", "author", "measure"), pk=pk)
    receipt = comment_receipt(comment) if comment.author and comment.author.user_id == request.user.pk else None
    if not receipt:
        raise Http404
    return _shown(request, receipt, f"receipt-{pk}.json", back=reverse("profile"))


def _shown(request, receipt: dict, name: str, *, back: str):
    text = json.dumps(receipt, ensure_ascii=False, indent=1) + "\n"
    if "file" in request.GET:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(text, content_type="application/json", headers=headers)
    context = {"receipt": text, "verdict": check_receipt(text), "back": back}
    return render(request, "feedback/receipt.html", context)
