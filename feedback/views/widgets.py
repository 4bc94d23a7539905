"""What other sites embed: a small page with the tallies of a measure, and a badge as a picture."""

from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from feedback.addresses import absolute
from feedback.results import results_of
from principles.models import Measure

FRESH = 60  # seconds; it holds numbers alone


def for_others(view):
    """Anonymous, cacheable, and allowed in frames of other sites."""
    view = csp_replace({"frame-ancestors": ["*"]})(view)
    return require_safe(conditional_page(cache_control(public=True, max_age=FRESH)(xframe_options_exempt(view))))


def _results(slug: str):
    measure = get_object_or_404(Measure.objects.with_wording(), slug=slug)
    return measure, list(results_of([measure], measure.principle.programme.questions.all()).values())


@for_others
def measure_widget(request, slug):
    """The tallies of a measure, small; every link leads out of the frame."""
    measure, results = _results(slug)
    context = {"measure": measure, "results": results, "address": absolute(measure.get_absolute_url())}
    return render(request, "feedback/widget.html", context)


@for_others
def measure_badge(request, slug):
    """A badge with the first question's number of ratings in the results and their share of positive ones, as SVG; with
    the number of participants where no rating is in the results yet."""
    measure, results = _results(slug)
    first = results[0] if results else None
    label, value = _("participants"), _written(first.n if first else 0)
    if first and first.counts:
        label, value = _("ratings"), f"{_written(first.released_n)} · {first.share_positive} %"
    context = {
        "label": label,
        "value": value,
        "label_width": 12 + 7 * len(label),
        "width": 24 + 7 * (len(label) + len(value)),
        "title": f"{measure.code}: {label} {value}",
    }
    context |= {"label_middle": context["label_width"] / 2}
    context |= {"value_middle": (context["label_width"] + context["width"]) / 2}
    response = render(request, "feedback/badge.svg", context)
    return HttpResponse(response.content, content_type="image/svg+xml")


def _written(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)
