"""What the comments are about, as a figure."""

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import CommentCount
from feedback.results import charts
from feedback.results.figure import Figure, bar_lines, written
from feedback.results.themes import coded, themes_in_public
from portal.localized import localized
from principles.models import Programme


def themes_figure(programme: Programme) -> Figure | None:
    """Published comments by theme and stance; None where no theme may be shown."""
    rows = themes_in_public(programme)
    if not rows:
        return None
    names = [localized(row.theme.current_version, "name").text for row in rows]
    bars = [(name, row.total) for name, row in zip(names, rows, strict=True)]
    with_theme, people = coded(programme)
    counts = CommentCount.objects.filter(measure__principle__programme=programme)
    without = (counts.aggregate(number=Sum("published"))["number"] or 0) - with_theme
    missing = [
        ngettext("%(n)s published comment has no theme yet.", "%(n)s published comments have no theme yet.", without)
        % {"n": written(without)}
        if without > 0
        else "",
        _("Themes of fewer than ten people, and stances of fewer than ten, are not shown."),
    ]
    return Figure(
        key="themes",
        title=_("What the comments are about"),
        header=[_("Theme"), _("Comments"), _("for"), _("against"), _("neutral"), _("none picked")],
        rows=[[name, row.total, *(row.stances or [None] * 4)] for name, row in zip(names, rows, strict=True)],
        note=ngettext(
            "%(n)s person wrote the comments that have a theme.",
            "%(n)s people wrote the comments that have a theme.",
            people,
        )
        % {"n": written(people)},
        missing=" ".join(filter(None, missing)),
        query=f"themes/?programme={programme.slug}&page_size=500",
        draw=lambda figure: charts.bars(
            figure.title, [(name, number, written(number)) for name, number in bars], figure.footer()
        ),
        shown={"kind": "bars", "lines": bar_lines(bars), "header": [_("Theme"), _("Comments")], "table": True},
    )
