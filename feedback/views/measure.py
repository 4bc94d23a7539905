"""What the page of a measure shows: to everybody, and to the person who is signed in."""

from copy import copy
from dataclasses import dataclass, field

from django.utils.translation import get_language

from feedback.context import unread_text
from feedback.forms import CommentForm
from feedback.models import Comment
from feedback.models.comment import State
from feedback.results import QuestionResult, answered_count, results_of
from feedback.views.answers import SHORT, UNDER_COMMENT, answers_to, newest_answers
from feedback.views.drafts import draft_of_comment, kept_text, take_draft
from feedback.views.entries import Entry, entries_of
from feedback.views.listing import MOST_BESIDE, Choice, beside_sides, page_of, sides_of
from feedback.views.standing import Standing, standing_of
from principles.figures import amount_text, figure_text, progress
from principles.models import Edition, Measure, Reading

REPLIES_SHOWN = 3


@dataclass
class Parts:
    """What the page of a measure shows to everybody: read once, and for people who are signed in kept for a while.

    Nothing in it is changed by who reads it. `pieces` holds finished parts of it (`feedback.templatetags.pieces`),
    `frames` what stands around them (`feedback.views.framed`).
    """

    measure: Measure
    choice: Choice
    results: list[QuestionResult]
    sides: list
    comments: list[Comment]
    replies: list[Comment]
    answers_to: dict
    context: dict
    pieces: dict | None = None
    frames: dict = field(default_factory=dict)

    @property
    def everything(self) -> list[Comment]:
        return [*self.comments, *self.replies]


def parts_of(measure: Measure, choice: Choice) -> Parts:
    programme, edition = measure.principle.programme, measure.current_edition
    sides = sides_of(measure, choice) if choice.order == "sides" else []
    page = None if sides else page_of(measure, choice)
    comments = [comment for side in sides for comment in side[2].comments] if sides else page.comments
    replies = []
    if comments and not choice.answered:  # a list of answered comments is flat: replies stand in it themselves
        replies = list(Comment.objects.first_replies_of(comments, REPLIES_SHOWN).with_text())
    answers, more_answers = newest_answers(measure)
    answered, published = answered_count(measure)
    results = list(results_of([measure], list(programme.questions.all())).values())
    return Parts(
        measure,
        choice,
        results,
        sides,
        comments,
        replies,
        answers_to([*comments, *replies]),
        {
            "measure": measure,
            "answers": answers,
            "more_answers": more_answers,
            "answers_short": SHORT,
            "answer_limit": UNDER_COMMENT,
            "answered": answered,
            "published": published,
            "edition": edition,
            "programme": programme,
            "targets": targets_of(edition),
            "any_counted": any(result.counts for result in results),
            "choice": choice,
            "beside": beside_sides(measure, choice) if sides else 0,
            "most_beside": MOST_BESIDE,
            "address_of_all": choice.address(sort="newest"),
            "first_page": choice.before is None,
            "next_address": page.next_address if page else None,
        },
    )


def measure_context(request, measure: Measure, *, form=None, rating_error=None) -> dict:
    """Everything on the page of a measure; `form` is a comment form that was refused."""
    return context_of(request, parts_of(measure, Choice.of(request.GET)), form=form, rating_error=rating_error)


def context_of(request, parts: Parts, *, standing: Standing | None = None, form=None, rating_error=None) -> dict:
    """`parts`, with what is about the reader alone; `standing` is theirs, where it has been read."""
    measure, choice, edition = parts.measure, parts.choice, parts.context["edition"]
    is_open = measure.takes_contributions
    context = parts.context | {"is_open": is_open, "rating_error": rating_error, "pieces": parts.pieces}
    if not request.user.is_authenticated:
        entries = entries_of(parts.comments, parts.replies, parts.answers_to)
        return context | {"results": [copy(result) for result in parts.results]} | _lists(parts.sides, entries)
    standing = standing or standing_of(request.user, edition, measure.slug, parts.everything)
    draft = take_draft(request, measure.get_absolute_url()) if form is None else None
    if form is None and is_open:
        form = CommentForm(edition=edition.number, initial=draft_of_comment(draft))
    return (
        context
        | _lists(parts.sides, own_entries(parts, standing))
        | {
            "results": own_results(parts, standing, draft),
            "form": form if is_open else None,
            "kept_text": None if is_open else kept_text(form, draft),
            "own_waiting": own_waiting(measure, standing) if choice.before is None else [],
            "followed": standing.followed,
            "unread_notices": unread_text(standing.unread),
        }
    )


def own_waiting(measure: Measure, standing: Standing) -> list[Comment]:
    """The participant's comments that only they see, the newest ten; mostly none."""
    if not standing.has_unseen:
        return []
    own = Comment.objects.on(measure).by(standing.participant).filter(state__in=[State.PENDING, State.HIDDEN])
    return list(
        own.newest_first().select_related(
            "latest",
            "measure__principle__programme",
            "hiding_decision__rule_version",
            "hiding_decision__explanation",
        )[:10]
    )


def own_entries(parts: Parts, standing: Standing) -> list[Entry]:
    """The comments with their votes as they are at this moment, and with the reader's own votes."""

    def counted(comment: Comment) -> Comment:
        now = standing.counts.get(comment.pk)
        if now is None or now == (comment.agree_count, comment.disagree_count):
            return comment
        comment = copy(comment)
        comment.agree_count, comment.disagree_count = now
        return comment

    comments, replies = ([counted(comment) for comment in each] for each in (parts.comments, parts.replies))
    return entries_of(comments, replies, parts.answers_to, standing.participant, standing.votes)


def own_results(parts: Parts, standing: Standing, draft: dict | None = None) -> list[QuestionResult]:
    """Each question with the reader's own rating, and with the value that they had chosen in `draft`."""
    results = [copy(result) for result in parts.results]
    for result in results:
        result.own = standing.ratings.get(result.question.pk)
        result.chosen = result.own.value if result.own else None
        if draft and draft.get("question") == result.question.slug and draft.get("value") in {"1", "2", "3", "4", "5"}:
            result.chosen = int(draft["value"])
    return results


def _lists(sides: list, entries: list[Entry]) -> dict:
    """The entries as one list, or dealt out to the two sides."""
    if not sides:
        return {"entries": entries, "sides": []}
    by_comment = {entry.comment.pk: entry for entry in entries}
    dealt = [
        {
            "stance": stance,
            "label": label,
            "entries": [by_comment[comment.pk] for comment in page.comments],
            "more": page.next_address,
        }
        for stance, label, page in sides
    ]
    return {"entries": [], "sides": dealt}


def targets_of(edition: Edition) -> list[dict]:
    """The figures of an edition in words, each with the progress that its readings show, voice by voice."""
    language = (get_language() or "en")[:2]
    figures = list(edition.figures.select_related("target", "unit"))
    readings: dict[int, list[Reading]] = {}
    for reading in Reading.objects.filter(target__in=[figure.target_id for figure in figures]) if figures else []:
        readings.setdefault(reading.target_id, []).append(reading)
    return [
        {
            "figure": figure,
            "text": figure_text(figure, language),
            "voices": [
                {
                    "voice": voice,
                    "readings": [
                        {"reading": reading, "amount": amount_text(reading.value, figure.unit, language)}
                        for reading in reversed(voice.readings)
                    ],
                }
                for voice in progress(figure, readings.get(figure.target_id, []))
            ],
        }
        for figure in figures
    ]
