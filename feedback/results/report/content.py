"""What a report of a consultation says, in the active language."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feedback.models import ClosingStatement, LedgerEntry, Log, Rule
from feedback.moderation_figures import figures_of
from feedback.results.figure import Figure, written
from feedback.results.overview import labels_of, overview_of
from feedback.results.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Report, paragraphs, table_of
from feedback.results.report.measures import measure_blocks
from portal.localized import localized
from principles.models import Programme

PEOPLE = ("people-region", "people-age_band", "people-gender", "people-channel")


def report_of(programme: Programme) -> Report:
    """The report of `programme` as things stand now, in the active language."""
    figures = {figure.key: figure for figure in overview_of(programme, "ranked")}
    now = localtime(timezone.now())
    return Report(
        language=(get_language() or "en")[:2],
        title=localized(programme, "title").text,
        subtitle=_("Report of the public consultation"),
        facts=_facts(programme, now),
        contents=_("Contents"),
        page=_("Page"),
        blocks=[
            *_programme(programme),
            *_participation(figures),
            *_results(figures),
            *measure_blocks(programme),
            *_moderation(),
            *_closing(programme),
            *_method(programme),
        ],
    )


def _facts(programme: Programme, now) -> list[tuple[str, str]]:
    day = lambda moment: date_format(localtime(moment), "DATE_FORMAT")  # noqa: E731
    last = LedgerEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    log = Log.objects.order_by("-pk").values_list("name", flat=True).first()
    facts = [
        (_("As of"), date_format(now, "DATETIME_FORMAT")),
        (_("Opened"), day(programme.opens_at) if programme.opens_at else ""),
        (
            _("Closed") if programme.has_closed() else _("Closes"),
            day(programme.closes_at) if programme.closes_at else "",
        ),
        (_("Published by"), settings.OPERATOR_NAME),
        (_("Portal"), settings.SITE_URL),
        (_("Ledger"), f"{log}, {written(last)}" if log and last else ""),
        (_("Licence of the data"), settings.DATA_LICENCE),
    ]
    return [fact for fact in facts if fact[1]]


def _programme(programme: Programme) -> list[Block]:
    blocks: list[Block] = [Heading(1, _("The programme"))]
    blocks += [Paragraph(text) for text in paragraphs(localized(programme, "summary").plain)]
    title = programme.source_title
    if title or programme.source_url:
        blocks.append(
            Paragraph(_("Source: %(source)s") % {"source": " ".join(filter(None, (title, programme.source_url)))})
        )
    questions = list(programme.questions.all())
    if questions:
        blocks.append(Paragraph(_("Of each measure, participants were asked:")))
        blocks.append(
            Bullets(
                [
                    f"{localized(question, 'text').plain} "
                    + " · ".join(f"{value} {label}" for value, label in labels_of(question))
                    for question in questions
                ]
            )
        )
    return blocks


def _participation(figures: dict[str, Figure]) -> list[Block]:
    blocks: list[Block] = [Heading(1, _("How people took part"))]
    for key in (
        "participation",
        "people-region",
        "people-age_band",
        "people-gender",
        "people-channel",
        "comments",
        "languages",
    ):
        blocks += figure_blocks(figures[key], table=key != "participation")
    if "themes" in figures:
        blocks += figure_blocks(figures["themes"])
    return blocks


def _results(figures: dict[str, Figure]) -> list[Block]:
    blocks: list[Block] = [Heading(1, _("What people said of the measures"))]
    for key, figure in figures.items():
        if key.startswith("question-") or key == "comparison":
            blocks += figure_blocks(figure, table=False)
    weighted = figures["weighted"]
    blocks += figure_blocks(weighted, picture=False)
    return blocks


def figure_blocks(figure: Figure, *, picture: bool = True, table: bool = True) -> list[Block]:
    """A figure with its chart, its table and what belongs beside it; where it is empty, why."""
    blocks: list[Block] = [Heading(2, figure.title)]
    if figure.empty:
        return [*blocks, Paragraph(figure.empty)]
    if picture and figure.draw:
        blocks.append(Picture(figure.draw(figure), figure.title))
    if table:
        blocks.append(table_of(figure.header, figure.rows))
    said = " ".join(filter(None, (figure.note, figure.missing, figure.kept_text)))
    return [*blocks, Paragraph(said)]


def _moderation() -> list[Block]:
    figures = figures_of(list(Rule.objects.select_related("current_version")))
    blocks: list[Block] = [Heading(1, _("Moderation"))]
    if not figures.total.decisions:
        return [*blocks, Paragraph(_("The staff has made no decision about a comment."))]
    header = ["", _("Decisions"), _("Hidden"), _("Redacted"), _("Appeals"), _("Reversed")]
    lines = [(date_format(line.month, "YEAR_MONTH_FORMAT"), line) for line in figures.shown_months]
    lines += [(line.name, line) for line in figures.rules if line.name]
    rows = [[name, line.decisions, line.hidden, line.redacted, line.appeals, line.reversed] for name, line in lines]
    total = figures.total
    rows.append([_("In all"), total.decisions, total.hidden, total.redacted, total.appeals, total.reversed])
    blocks.append(table_of(header, rows))
    return [
        *blocks,
        Paragraph(_("Decisions of the whole portal, by month and by rule; a decision that was undone is not counted.")),
    ]


def _closing(programme: Programme) -> list[Block]:
    statement = ClosingStatement.objects.published().filter(programme=programme).first()
    if statement is None:
        return []
    blocks: list[Block] = [Heading(1, _("What came of the consultation"))]
    parts = (
        ("heard", _("What we heard")),
        ("changes", _("What changes")),
        ("unchanged", _("What does not change, and why")),
    )
    for field, title in parts:
        if text := localized(statement, field).plain:
            blocks += [Heading(2, title), *(Paragraph(one) for one in paragraphs(text))]
    return blocks


def _method(programme: Programme) -> list[Block]:
    return [
        Heading(1, _("How this was made")),
        Bullets(
            [
                _(
                    "Whoever registers with an e-mail address may rate and comment; those who take part choose "
                    "to, and are not the whole population."
                ),
                _(
                    "Ratings join the results in groups of ten, so that nobody's own answer can be told; those "
                    "that still wait are not in the counts."
                ),
                _(
                    "Groups of ten or more people are shown, as they were when they rated; smaller groups are put "
                    "together, and no number below ten can be worked out from the others."
                ),
                _(
                    "Where results are weighted, it is by raking to the population's regions, age groups "
                    "and genders; the interval is Wilson's, with Kish's effective sample size."
                ),
                _("Bars part at the middle of the neutral answer. The share of positive answers is that of 4 and 5."),
                _(
                    "The quoted comments are those that other participants agree with most, by the lower bound "
                    "of the share of agreement; they stand in the language in which they were written, and are "
                    "nobody's selection."
                ),
                _("Texts of the programme that do not exist in this language stand in another one, and say so."),
            ]
        ),
        Heading(2, _("Sources")),
        Bullets(
            [
                _("Every public fact of the consultation: %(address)s") % {"address": f"{settings.SITE_URL}/api/v1/"},
                _("Figures and charts, live: %(address)s")
                % {"address": f"{settings.SITE_URL}/{(get_language() or 'en')[:2]}/results/{programme.slug}/"},
            ]
        ),
    ]
