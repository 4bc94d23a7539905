"""The results of one measure in full: each question's tally, and breakdowns by who took part."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Breakdown
from feedback.results import charts
from feedback.results.breakdown_figures import measure_figures
from feedback.results.figure import Figure, written
from feedback.results.overview import labels_of
from feedback.results.tallies import QuestionResult, results_of
from feedback.results.too_few import left_out, why_none
from feedback.results.weighted_figures import weighted_figure
from portal.localized import localized
from principles.models import Measure


def measure_results(measure: Measure) -> list[tuple[QuestionResult, list[Figure]]]:
    """By question: its result, and its figures, the tally first."""
    questions = list(measure.principle.programme.questions.all())
    results = results_of([measure], questions)
    tables = defaultdict(list)
    rows = Breakdown.objects.filter(edition__measure=measure, edition__number=measure.current_edition.series)
    for row in rows.defer("history"):
        tables[row.question_id].append(row)
    found = []
    for question in questions:
        result = results[measure.pk, question.pk]
        figures = [tally_figure(measure, result)]
        if result.counts:
            figures += measure_figures(measure, question, labels_of(question), tables[question.pk])
        found.append((result, figures))
    return found


def measure_weighted(measure: Measure) -> Figure:
    """The weighted results of one measure."""
    return weighted_figure(measure.principle.programme, [measure])


def measure_figure_named(measure: Measure, key: str) -> Figure | None:
    """One figure of `measure_results` by its key, or None."""
    if key == "weighted":
        return measure_weighted(measure)
    return next((one for _result, figures in measure_results(measure) for one in figures if one.key == key), None)


def tally_figure(measure: Measure, result: QuestionResult) -> Figure:
    """How many gave each answer."""
    question = result.question
    return Figure(
        key=question.slug,
        title=localized(question, "text").text,
        header=[_("Answer"), _("Participants"), "%"],
        rows=[[row.label.text, row.count, round(100 * row.share)] for row in result.rows] if result.counts else [],
        note=ngettext("%(n)s participant has rated.", "%(n)s participants have rated.", result.n)
        % {"n": written(result.n)},
        missing=" ".join(left_out([result])),
        query=f"tallies/?measure={measure.slug}&question={question.slug}",
        draw=lambda figure: charts.bars(
            f"{measure.code} {localized(measure.current_edition, 'title').text}: {figure.title}",
            [(row.label.text, row.count, f"{row.percent}% · {written(row.count)}") for row in result.rows],
            figure.footer(),
            colours=[row.value for row in result.rows],
        ),
        shown={"kind": "tally", "result": result},
        empty="" if result.counts else why_none(measure),
    )
