"""The figure that holds two questions of a programme against each other, measure by measure."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import ProgrammeFigures
from feedback.results import charts
from feedback.results.drawing import Drawing
from feedback.results.figure import Figure, percent, sentences, written
from feedback.results.participation import raters_note
from feedback.results.too_few import none_compared
from portal.localized import localized
from principles.models import Measure, Question

SIDE, LARGE_SIDE = 300, 460  # of the square, in the page and as a file


def axis_of(question: Question) -> str:
    """What a share of positive answers is of, in full."""
    return _("%(question)s “%(four)s” or “%(five)s”, %%") % {
        "question": localized(question, "text").text,
        "four": localized(question, "label_4").text,
        "five": localized(question, "label_5").text,
    }


def comparison_figure(
    questions: Sequence[Question], measures: Sequence[Measure], results: dict, kept: ProgrammeFigures | None = None
) -> Figure:
    """The first two questions against each other: a point per measure that has released ratings of both."""
    first, second = questions[:2]
    found = []
    for measure in measures:
        pair = results[measure.pk, first.pk], results[measure.pk, second.pk]
        if all(result.counts for result in pair):
            found.append((measure, *(result.tally.share_positive for result in pair)))
    axes = [axis_of(question) for question in (first, second)]
    names = [f"{measure.code} {localized(measure.current_edition, 'title').text}" for measure, *_shares in found]
    points = [
        (a, b, measure.code, f"{name}: {percent(a)}% · {percent(b)}%")
        for (measure, a, b), name in zip(found, names, strict=True)
    ]
    without = len(measures) - len(found)
    missing = ngettext(
        "%(n)s measure has too few ratings to be shown.", "%(n)s measures have too few ratings to be shown.", without
    ) % {"n": written(without)}

    def plot(x: float, y: float, side: float, drawing: Drawing) -> tuple[Drawing, list[str]]:
        """The points in `drawing`, and a line of the codes that found no room there."""
        codes = charts.scatter(drawing, (x, y, side), points, axes)
        line = _("Points without room for their code: %(codes)s.") % {"codes": ", ".join(codes)}
        return drawing, [line] if codes else []

    def draw(figure: Figure) -> Drawing:
        above, below = charts.room_of_axes(axes, LARGE_SIDE)
        height = above + LARGE_SIDE + below + 20
        _trial, unnamed = plot(110, above, LARGE_SIDE, Drawing(charts.WIDTH, height, figure.title))
        drawing, top = charts.heading(figure.title, height, [*figure.footer(), *unnamed])
        return plot(110, top + above, LARGE_SIDE, drawing)[0]

    title = _("The measures compared")
    above, below = charts.room_of_axes(axes, SIDE)
    small, unnamed = plot(42, above, SIDE, Drawing(360, above + SIDE + below, title))
    return Figure(
        key="comparison",
        title=title,
        header=[_("Code"), _("Measure"), *axes],
        rows=[
            [measure.code, localized(measure.current_edition, "title").text, percent(a), percent(b)]
            for measure, a, b in found
        ],
        note=sentences(
            ngettext("%(n)s measure is shown.", "%(n)s measures are shown.", len(found)) % {"n": written(len(found))},
            raters_note(kept, first.slug, second.slug),
        ),
        missing=missing if without else "",
        query=f"tallies/?programme={first.programme.slug}&page_size=500",
        draw=draw,
        shown={"kind": "picture", "svg": small.svg(paper=False), "square": True, "unnamed": " ".join(unnamed)},
        empty="" if found else none_compared(measures, results),
    )
