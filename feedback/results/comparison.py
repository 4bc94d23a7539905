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

WIDTH, SIDE = 288, 230  # of the picture in the page and its square: a narrow phone shows it as large as it is drawn
LARGE_SIDE = 460  # of the square in a file


def axis_of(question: Question) -> str:
    """What a share of positive answers is of, in full."""
    return _("%(question)s “%(four)s” or “%(five)s”, %%") % {
        "question": localized(question, "text").text,
        "four": localized(question, "label_4").text,
        "five": localized(question, "label_5").text,
    }


def without_room(codes: Sequence[str]) -> list[str]:
    """A line about the points that stand without their code, if any do."""
    return [_("Points without room for their code: %(codes)s.") % {"codes": ", ".join(codes)}] if codes else []


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

    def plot(drawing: Drawing, x: float, y: float) -> list[str]:
        """Draw what stands in a file; a line of the codes that find no room there."""
        return without_room(charts.scatter(drawing, (x, y, LARGE_SIDE), points, axes))

    def draw(figure: Figure) -> Drawing:
        above, below = charts.room_of_axes(axes, LARGE_SIDE)
        height = above + LARGE_SIDE + below + 20
        unnamed = plot(Drawing(charts.WIDTH, height, figure.title), 110, above)
        drawing, top = charts.heading(figure.title, height, [*figure.footer(), *unnamed])
        plot(drawing, 110, top + above)
        return drawing

    title = _("The measures compared")
    narrow = Drawing(WIDTH, SIDE + 30, title)
    unnamed = without_room(charts.scatter(narrow, (38, 8, SIDE), points, size=12))
    wide = Drawing(WIDTH - SIDE + LARGE_SIDE, LARGE_SIDE + 30, title)
    unnamed_wide = without_room(charts.scatter(wide, (38, 8, LARGE_SIDE), points, size=12))
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
        shown={
            "kind": "picture",
            "svg": narrow.svg(paper=False),
            "wide": wide.svg(paper=False),
            "axes": charts.pointing(axes),
            "unnamed": " ".join(unnamed),
            "unnamed_wide": " ".join(unnamed_wide),
        },
        empty="" if found else none_compared(measures, results),
    )
