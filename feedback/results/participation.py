"""How people took part over time and by language, from the figures that are kept each night."""

from collections import Counter
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import ProgrammeFigures
from feedback.models.comment import Language
from feedback.results import charts
from feedback.results.drawing import Drawing
from feedback.results.figure import Figure, bar_lines, written
from principles.models import Programme


def query_of(programme: Programme) -> str:
    """Where the API has what is kept of a programme each night."""
    return f"participation/?programme={programme.slug}"


def days_figure(programme: Programme, kept: ProgrammeFigures | None) -> Figure:
    """Ratings given and comments submitted, day by day."""
    days = [(date.fromisoformat(day), ratings, sum(by.values())) for day, ratings, by in (kept.days if kept else [])]
    ratings, comments = sum(row[1] for row in days), sum(row[2] for row in days)
    title = _("Participation over time")

    def plot(drawing: Drawing, x: float, y: float, width: float, height: float, size: float = 11) -> Drawing:
        ends = tuple(date_format(row[0], "SHORT_DATE_FORMAT") for row in (days[0], days[-1])) if days else ("", "")
        for place, (label, column) in enumerate(((_("Ratings a day"), 1), (_("Comments a day"), 2))):
            top = y + place * (height + 62)
            drawing.text(x, top, label, size=12.5, font_weight="600")
            most = max((row[column] for row in days), default=0)
            heights = [(row[column], f"{date_format(row[0], 'SHORT_DATE_FORMAT')}: {row[column]}") for row in days]
            charts.columns(drawing, (x, top + 22, width, height), heights, ends, written(most), size=size)
        return drawing

    def draw(figure: Figure) -> Drawing:
        drawing, top = charts.heading(figure.title, 400, figure.footer())
        return plot(drawing, charts.MARGIN, top + 20, charts.WIDTH - 2 * charts.MARGIN, 130)

    return Figure(
        key="participation",
        title=title,
        header=[_("Day"), _("Ratings"), _("Comments")],
        rows=[[day.isoformat(), *numbers] for day, *numbers in days],
        note=_people(kept)
        + _("Ratings: %(ratings)s. Comments and replies: %(comments)s.")
        % {"ratings": written(ratings), "comments": written(comments)},
        missing=_(
            "Days are those of the portal's time zone. Ratings of earlier wordings are counted; ratings that were "
            "taken back or erased before their release, and comments that wait for moderation, are not."
        ),
        cut=kept.cut_at if kept else None,
        query=query_of(programme),
        draw=draw,
        # A narrow phone shows the picture as large as it is drawn.
        shown={"kind": "picture", "svg": plot(Drawing(288, 290, title), 0, 14, 288, 80, 12).svg(paper=False)},
        empty="" if days else waiting_for_night(kept),
    )


def languages_figure(programme: Programme, kept: ProgrammeFigures | None) -> Figure:
    """Comments and replies by language."""
    sums: Counter = Counter()
    for _day, _ratings, by_language in kept.days if kept else []:
        sums.update(by_language)
    rows = [[str(label), sums[code]] for code, label in Language.choices]
    total = sums.total()
    said = ngettext("%(n)s comment and reply.", "%(n)s comments and replies.", total) % {"n": written(total)}
    return Figure(
        key="languages",
        title=_("Comments by language"),
        header=[_("Language"), _("Comments")],
        rows=rows,
        note=" ".join(filter(None, (said, authors_note(kept)))),
        missing=_("Those that wait for moderation are not among them."),
        cut=kept.cut_at if kept else None,
        query=query_of(programme),
        draw=lambda figure: charts.bars(
            figure.title, [(label, count, written(count)) for label, count in figure.rows], figure.footer()
        ),
        shown={
            "kind": "bars",
            "lines": bar_lines(rows) if total else [],
        },
        empty="" if total else waiting_for_night(kept) if kept is None else _("Nobody has commented yet."),
    )


def raters_note(kept: ProgrammeFigures | None, *questions: str) -> str:
    """How many people answered each of the questions, where the last night has counted them."""
    raters = kept.people.get("raters", {}) if kept else {}
    if not all(question in raters for question in questions):
        return ""
    return _("People who answered: %(n)s (%(time)s).") % {
        "n": "\xa0· ".join(written(raters[question]) for question in questions),
        "time": date_format(localtime(kept.cut_at), "DATETIME_FORMAT"),
    }


def authors_note(kept: ProgrammeFigures | None) -> str:
    """How many people wrote what is public, where the last night has counted them."""
    if not kept or "authors" not in kept.people:
        return ""
    return _("People who wrote: %(n)s (%(time)s).") % {
        "n": written(kept.people["authors"]),
        "time": date_format(localtime(kept.cut_at), "DATETIME_FORMAT"),
    }


def _people(kept: ProgrammeFigures | None) -> str:
    if not kept:
        return ""
    n = kept.participants
    text = ngettext("%(n)s person has rated or commented.", "%(n)s people have rated or commented.", n)
    return text % {"n": written(n)} + " "


def waiting_for_night(kept: object) -> str:
    if kept is None:
        return _("These figures are computed each night; the first ones come the night after somebody has taken part.")
    return _("Nobody has taken part yet.")
