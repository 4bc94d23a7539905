"""The social card of a measure, drawn when somebody asks for it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from feedback.results import results_of
from feedback.social_card import Busy, card_of, draw, version_of
from principles.models import Measure

FRESH = 300  # seconds


@require_safe
def card(request, slug):
    measure = get_object_or_404(Measure.objects.with_wording(), slug=slug)
    results = results_of([measure], measure.principle.programme.questions.all()[:1])
    shown = card_of(measure, next(iter(results.values()), None))
    etag = f'"{version_of(shown)}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(draw(shown), content_type="image/png")
        except Busy:
            return HttpResponse(status=503, headers={"Retry-After": "5"})
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=FRESH)
    return response
