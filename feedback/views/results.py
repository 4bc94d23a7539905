"""The pages of results, and the files behind their figures."""

import csv
from io import StringIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.views import View

from feedback.results.figure import FORMATS, Figure
from feedback.results.measure import measure_figure_named, measure_results, measure_weighted
from feedback.results.overview import ORDERS, figure_named, overview_of
from feedback.results.pictures import Busy, png
from feedback.results.unshown import parted
from principles.models import Measure, Programme

FRESH = 300  # seconds
# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8; header=present"}


class Results(View):
    """The results of the programme where there is one, the list where there are several."""

    http_method_names = ["get", "head", "options"]

    def get(self, request):
        programmes = list(Programme.objects.all()[:100])
        if len(programmes) == 1:
            return programme_page(request, programmes[0])
        return render(request, "feedback/results/list.html", {"programmes": programmes})


class ProgrammeResults(View):
    http_method_names = ["get", "head", "options"]

    def get(self, request, slug):
        return programme_page(request, get_object_or_404(Programme, slug=slug))


def programme_page(request, programme: Programme):
    return render(request, "feedback/results/programme.html", results_context(programme, request.GET.get("order", "")))


def results_context(programme: Programme, order: str) -> dict:
    """Everything on the page of a programme's results, with measures in one of `ORDERS`."""
    order = order if order in ORDERS else ORDERS[0]
    (figures,), unshown = parted([("", overview_of(programme, order))])
    return {
        "programme": programme,
        "figures": figures,
        "unshown": unshown,
        "any_shown": any(figure.shown.get("kind") == "question" and not figure.empty for figure in figures),
        "order": order,
        "files": reverse("programme-results", args=[programme.slug]),
    }


class MeasureResults(View):
    """The results of a measure in full."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, slug):
        return render(request, "feedback/results/measure.html", measure_context(slug))


def measure_context(slug: str) -> dict:
    """Everything on the page of a measure's results."""
    measure = get_object_or_404(Measure.objects.with_wording(), slug=slug)
    results = measure_results(measure)
    # The tally itself stays in its place, empty or not.
    breakdowns, unshown = parted([(figures[0].title, figures[1:]) for _result, figures in results if figures[1:]])
    left = iter(breakdowns)
    grouped = any(breakdowns)
    return {
        "measure": measure,
        "edition": measure.current_edition,
        "programme": measure.principle.programme,
        "results": [(result, figures[:1] + (next(left) if figures[1:] else [])) for result, figures in results],
        "grouped": grouped,
        "unshown": unshown,
        "weighted": measure_weighted(measure),
        "files": reverse("measure-results", args=[slug]),
    }


class MeasureFile(View):
    """A figure of a measure as a file."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, slug, key, suffix):
        measure = get_object_or_404(Measure.objects.with_wording(), slug=slug)
        return file_of(request, measure_figure_named(measure, key), f"{slug}-{key}", suffix)


class ProgrammeFile(View):
    """A figure of a programme as a file."""

    http_method_names = ["get", "head", "options"]

    def get(self, request, slug, key, suffix):
        programme = get_object_or_404(Programme, slug=slug)
        return file_of(request, figure_named(programme, key), f"{slug}-{key}", suffix)


def file_of(request, figure: Figure | None, name: str, suffix: str) -> HttpResponse:
    """`figure` as SVG, PNG or CSV (RFC 4180, UTF-8); a 404 where there is none."""
    if figure is None or suffix not in FORMATS or (suffix != "csv" and figure.draw is None):
        raise Http404
    try:
        content = csv_of(figure).encode() if suffix == "csv" else figure.draw(figure).svg().encode()
        if suffix == "png":
            content = png(figure.draw(figure))
    except Busy:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    response = HttpResponse(content, content_type=MEDIA[suffix])
    response["Content-Disposition"] = (
        f'{"attachment" if suffix == "csv" else "inline"}; filename="{slugify(name)}.{suffix}"'
    )
    response["Cache-Control"] = f"public, max-age={FRESH}"
    return response


def csv_of(figure: Figure) -> str:
    """The table of a figure; no cell begins a formula."""
    out = StringIO()
    writer = csv.writer(out)
    for row in (figure.header, *figure.rows):
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row])
    return out.getvalue()
