"""What a report says of each measure: its tallies, the most agreed comments of each stance, and official answers."""

from collections import defaultdict

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Answer, Comment
from feedback.models.comment import Stance
from feedback.results import charts
from feedback.results.figure import percent, written
from feedback.results.overview import labels_of
from feedback.results.report.blocks import Block, Heading, Paragraph, Picture, Quote, paragraphs, table_of
from feedback.results.tallies import published_counts, results_of
from feedback.results.too_few import why_none
from portal.localized import localized
from principles.models import Measure, Programme

QUOTED = 2  # comments of each stance
LONGEST = 700  # characters of a quoted comment
ANSWERS = 20  # of a measure


def measure_blocks(programme: Programme) -> list[Block]:
    questions = list(programme.questions.all())
    measures = list(Measure.objects.in_force().filter(principle__programme=programme).with_wording())
    results = results_of(measures, questions)
    comments, quotes, answers = published_counts(measures), _quotes(measures), _answers(measures)
    blocks: list[Block] = []
    for principle in programme.principles.in_force():
        own = [measure for measure in measures if measure.principle_id == principle.pk]
        if not own:
            continue
        blocks.append(Heading(1, f"{principle.code} {localized(principle, 'title').plain}"))
        blocks += [Paragraph(text) for text in paragraphs(localized(principle, "summary").plain)]
        for measure in own:
            blocks += _measure(measure, [results[measure.pk, question.pk] for question in questions])
            number = comments.get(measure.pk, 0)
            said = ngettext("%(n)s published comment.", "%(n)s published comments.", number)
            blocks.append(Paragraph(said % {"n": written(number)}))
            blocks += quotes[measure.pk] + answers[measure.pk]
    return blocks


def _measure(measure: Measure, results: list) -> list[Block]:
    edition = measure.current_edition
    blocks: list[Block] = [Heading(2, f"{measure.code} {localized(edition, 'title').plain}")]
    blocks += [Paragraph(text) for text in paragraphs(localized(edition, "summary").plain)]
    for result in results:
        question = localized(result.question, "text").plain
        if not result.counts:
            n = ngettext("%(n)s participant has rated.", "%(n)s participants have rated.", result.n) % {
                "n": written(result.n)
            }
            blocks.append(Paragraph(f"{question} {n} {why_none(measure)}"))
            continue
        stack = charts.Stack(question, result.counts, f"{percent(result.tally.share_positive)}%")
        labels = labels_of(result.question)
        blocks.append(Picture(charts.diverging(question, [stack], labels, []), question))
        rows = [[row.label.plain, row.count, f"{row.percent}%"] for row in result.rows]
        total = [_("In the results"), result.released_n, "100%"]
        blocks.append(table_of([question, _("Participants"), _("Share")], [*rows, total]))
    return blocks


def _quotes(measures: list[Measure]) -> dict[int, list[Block]]:
    """The most agreed comments of each stance, by measure."""
    place = Window(
        RowNumber(),
        partition_by=[F("measure"), F("stance")],
        order_by=[F("agreement").desc(), F("created_at").asc(), F("id").asc()],
    )
    rows = Comment.objects.visible().top_level().filter(measure__in=measures).exclude(stance="")
    rows = rows.annotate(place=place).filter(place__lte=QUOTED).with_text().order_by("measure", "stance", "place")
    by_stance: dict[tuple[int, str], list[Comment]] = defaultdict(list)
    for comment in rows:
        by_stance[comment.measure_id, comment.stance].append(comment)
    found: dict[int, list[Block]] = defaultdict(list)
    for measure in measures:
        for stance, label in Stance.choices:
            if chosen := by_stance.get((measure.pk, stance)):
                found[measure.pk].append(Heading(3, _("Most agreed with: %(stance)s") % {"stance": label}))
                found[measure.pk] += [_quote(comment) for comment in chosen]
    return found


def _quote(comment: Comment) -> Quote:
    text = comment.shown.text
    name = (comment.author and comment.author.name) or _("former participant")
    votes = _("agree %(agree)s, disagree %(disagree)s") % {
        "agree": written(comment.agree_count),
        "disagree": written(comment.disagree_count),
    }
    day = date_format(localtime(comment.created_at), "DATE_FORMAT")
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
    return Quote(shown, comment.language, f"{name}, {day}; {votes}")


def _answers(measures: list[Measure]) -> dict[int, list[Block]]:
    found: dict[int, list[Block]] = defaultdict(list)
    for answer in Answer.objects.published().filter(measure__in=measures).order_by("measure", "-published_at", "-pk"):
        blocks = found[answer.measure_id]
        if len(blocks) > ANSWERS:
            continue
        if not blocks:
            blocks.append(Heading(3, _("Official answers")))
        text = localized(answer, "text")
        by = ", ".join(
            filter(
                None,
                (
                    str(answer.get_outcome_display()),
                    localized(answer, "body").text,
                    date_format(answer.answered_on, "DATE_FORMAT"),
                ),
            )
        )
        blocks.append(Quote(text.plain, text.language, by))
    return found
