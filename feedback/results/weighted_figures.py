"""Weighted results as a figure: for each measure the raw and the weighted share, or why there is none."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Margins, WeightedResult
from feedback.results import charts
from feedback.results.figure import Figure, percent
from portal.localized import localized
from principles.models import Measure, Programme


def weighted_figure(programme: Programme, measures: Sequence[Measure]) -> Figure:
    """The weighted results of all questions and of `measures`, those of their current wording alone."""
    margins = Margins.objects.filter(country=settings.COUNTRY).first()
    series = {measure.pk: (measure.current_edition.series, place, measure) for place, measure in enumerate(measures)}
    rows = []
    if margins:
        found = WeightedResult.objects.filter(edition__measure__in=series).select_related("question", "edition")
        rows = [row for row in found if row.edition.number == series[row.edition.measure_id][0]]
        rows.sort(key=lambda row: (row.question.order, row.question_id, series[row.edition.measure_id][1]))
    weighed = [row for row in rows if not row.reason]
    figure = Figure(
        key="weighted",
        title=_("Weighted to the population"),
        header=[
            _("Measure"),
            _("Question"),
            _("Raw: 4 and 5, %"),
            _("Weighted: 4 and 5, %"),
            _("95% interval, %"),
            _("Participants"),
            _("Effective sample size"),
            _("Design effect"),
            _("Why there is none"),
        ],
        rows=[_cells(row, series[row.edition.measure_id][2]) for row in rows],
        note=_source(margins) if margins else "",
        cut=max((row.cut_at for row in rows), default=None),
        query=f"weighted/?programme={programme.slug}",
        draw=lambda figure: charts.bars(
            figure.title,
            [
                (
                    f"{series[row.edition.measure_id][2].code} {localized(row.question, 'text').text}",
                    percent(row.positive),
                    f"{percent(row.positive)}% ({percent(row.low)}–{percent(row.high)})",
                )
                for row in weighed
            ],
            figure.footer(),
        ),
        shown={"kind": "weighted", "any_weighted": bool(weighed)},
        empty=_empty(margins, rows),
    )
    if not weighed:  # a page then leaves out the columns of numbers that there are none of
        header, *rows = ([*line[:3], line[-1]] for line in (figure.header, *figure.table))
        figure.shown["short"] = {"header": header, "rows": rows}
    return figure


def _cells(row: WeightedResult, measure: Measure) -> list:
    name = f"{measure.code} {localized(measure.current_edition, 'title').text}"
    question = localized(row.question, "text").text
    if row.reason:
        return [name, question, percent(row.raw_positive), None, None, None, None, None, str(row.get_reason_display())]
    return [
        name,
        question,
        percent(row.raw_positive),
        percent(row.positive),
        f"{percent(row.low)}–{percent(row.high)}",
        row.n,
        int(row.effective_n),
        row.design_effect,
        "",
    ]


def _source(margins: Margins) -> str:
    return _("Population: %(source)s, as of %(date)s.") % {
        "source": margins.source_name,
        "date": date_format(margins.as_of, "DATE_FORMAT"),
    }


def _empty(margins: Margins | None, rows: list) -> str:
    if margins is None:
        return _("No figures of the population are loaded on this portal, so no result is weighted.")
    return "" if rows else _("Nothing has been weighted yet; that is done each night.")
