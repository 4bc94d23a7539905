"""What the page of a programme's results shows: a figure per question, a comparison, and how people took part."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Breakdown, CommentCount, ProgrammeFigures
from feedback.models.comment import State
from feedback.models.rating import VALUES
from feedback.results import charts
from feedback.results.breakdown_figures import people_figures
from feedback.results.comparison import comparison_figure
from feedback.results.figure import Figure, bar_lines, percent, sentences, written
from feedback.results.participation import authors_note, days_figure, languages_figure, raters_note
from feedback.results.tallies import QuestionResult, results_of
from feedback.results.theme_figure import themes_figure
from feedback.results.too_few import left_out, none_counted
from feedback.results.weighted_figures import weighted_figure
from portal.localized import localized
from principles.models import Measure, Programme, Question

ORDERS = ("ranked", "programme", "participants")


@dataclass
class Line:
    """A measure in a figure: its result, and the pieces of its bar as numbers for SVG."""

    measure: Measure
    result: QuestionResult
    scale: tuple[float, float]

    @property
    def name(self) -> str:
        return f"{self.measure.code} {localized(self.measure.current_edition, 'title').text}"

    @property
    def share(self) -> float:
        return self.result.tally.share_positive or 0

    @property
    def pieces(self) -> list[tuple[int, str, str]]:
        stack = charts.Stack("", self.result.counts)
        return [(value, f"{at:.2f}", f"{length:.2f}") for value, at, length in charts.segments(stack, self.scale)]


def overview_of(programme: Programme, order: str = ORDERS[0]) -> list[Figure]:
    """Every figure of a programme's results, in the order of the page."""
    questions, measures, results = _gathered(programme)
    kept = ProgrammeFigures.objects.filter(programme=programme).first()
    figures = [question_figure(question, measures, results, order, kept) for question in questions]
    if len(questions) > 1:
        figures.append(comparison_figure(questions, measures, results, kept))
    people = people_figures(programme, Breakdown.objects.filter(programme=programme, question=None).defer("history"))
    weighted = weighted_figure(programme, measures)
    themes = themes_figure(programme)
    return [
        *figures,
        weighted,
        days_figure(programme, kept),
        *people,
        comments_figure(programme, kept),
        languages_figure(programme, kept),
        *([themes] if themes else []),
    ]


def question_figures(programme: Programme, measures: Sequence[Measure]) -> list[Figure]:
    """The tallies of every question for some of a programme's measures, in the programme's order."""
    questions = list(programme.questions.all())
    results = results_of(measures, questions)
    figures = [question_figure(question, measures, results, "programme", whole=False) for question in questions]
    return [figure for figure in figures if not figure.empty]


def figure_named(programme: Programme, key: str) -> Figure | None:
    """One figure of `overview_of` by its key, or None."""
    return next((figure for figure in overview_of(programme) if figure.key == key), None)


def _gathered(programme: Programme) -> tuple[list[Question], list[Measure], dict]:
    questions = list(programme.questions.all())
    measures = list(
        Measure.objects.in_force()
        .filter(principle__programme=programme)
        .with_wording()
        .order_by("principle__order", "principle__pk", "order", "pk")
    )
    return questions, measures, results_of(measures, questions)


def question_figure(
    question: Question,
    measures: Sequence[Measure],
    results: dict,
    order: str = "ranked",
    kept: ProgrammeFigures | None = None,
    whole: bool = True,
) -> Figure:
    """The tallies of one question, a bar for each measure with released ratings.

    `whole` is whether `measures` are all of the programme, not those of one principle.
    """
    all_of = {measure.pk: results[measure.pk, question.pk] for measure in measures}
    counted = [measure for measure in measures if all_of[measure.pk].counts]
    scale = charts.extents([charts.Stack("", all_of[measure.pk].counts) for measure in counted])
    lines = [Line(measure, all_of[measure.pk], scale) for measure in counted]
    if order == "ranked":
        lines.sort(key=lambda line: -line.share)
    elif order == "participants":
        lines.sort(key=lambda line: -line.result.n)
    labels = labels_of(question)
    total = sum(result.n for result in all_of.values())
    without = len(measures) - len(lines)
    missing = left_out(list(all_of.values()))
    if without:
        missing.append(
            ngettext(
                "%(n)s measure has too few ratings to be shown.",
                "%(n)s measures have too few ratings to be shown.",
                without,
            )
            % {"n": written(without)}
        )
    text = localized(question, "text")
    return Figure(
        key=f"question-{question.slug}",
        title=text.text,
        header=[
            _("Code"),
            _("Measure"),
            _("Participants"),
            _("In the results"),
            *(f"{value} {label}" for value, label in labels),
            _("4 and 5, %"),
            _("Middle answer"),
        ],
        rows=[
            [
                line.measure.code,
                localized(line.measure.current_edition, "title").text,
                line.result.n,
                line.result.released_n,
                *line.result.counts,
                percent(line.share),
                line.result.tally.median,
            ]
            for line in lines
        ],
        note=sentences(
            _of_measures(total, whole=whole),
            raters_note(kept, question.slug),
        ),
        missing=" ".join(missing),
        query=f"tallies/?programme={_programme(measures)}&question={question.slug}&page_size=500",
        draw=lambda figure: charts.diverging(
            figure.title,
            [
                charts.Stack(
                    line.name, line.result.counts, f"{percent(line.share)}% · {written(line.result.released_n)}"
                )
                for line in lines
            ],
            labels,
            figure.footer(),
        ),
        shown={
            "kind": "question",
            "question": question,
            "lines": lines,
            "labels": labels,
            "middle": f"{scale[0] / sum(scale) * 100:.2f}",
        },
        empty="" if lines else none_counted(measures),
    )


def _of_measures(total: int, *, whole: bool) -> str:
    if whole:
        said = ngettext("%(n)s rating of all measures.", "%(n)s ratings of all measures.", total)
    else:
        said = ngettext(
            "%(n)s rating of this principle's measures.", "%(n)s ratings of this principle's measures.", total
        )
    return said % {"n": written(total)}


def labels_of(question: Question) -> list[tuple[int, str]]:
    return [(value, localized(question, f"label_{value}").text) for value in VALUES]


def _programme(measures: Sequence[Measure]) -> str:
    return measures[0].principle.programme.slug if measures else ""


STATES = (State.PUBLISHED, State.PENDING, State.HIDDEN, State.WITHDRAWN, State.ERASED)


def comments_figure(programme: Programme, kept: ProgrammeFigures | None) -> Figure:
    """Comments and replies by state, and how many of the published ones have an official answer."""
    sums = CommentCount.objects.filter(measure__principle__programme=programme).aggregate(
        **{state.value: Sum(state.value) for state in STATES}
    )
    rows = [[str(state.label), sums[state.value] or 0] for state in STATES]
    total = sum(count for _label, count in rows)
    answered = ""
    if kept and total:
        answered = _("Published, with an official answer (%(time)s): %(n)s.") % {
            "time": date_format(localtime(kept.cut_at), "DATETIME_FORMAT"),
            "n": written(kept.answered),
        }
    return Figure(
        key="comments",
        title=_("Comments by state"),
        header=[_("State"), _("Comments")],
        rows=rows,
        note=sentences(
            ngettext("%(n)s comment and reply.", "%(n)s comments and replies.", total) % {"n": written(total)},
            authors_note(kept),
        ),
        missing=answered,  # no row of its own: the rows are states, and add up
        query=f"measures/?programme={programme.slug}&fields=slug,comments&page_size=500",
        draw=lambda figure: charts.bars(
            figure.title, [(label, count, written(count)) for label, count in figure.rows], figure.footer()
        ),
        shown={"kind": "bars", "lines": bar_lines(rows)},
        empty="" if total else _("Nobody has commented yet."),
    )
