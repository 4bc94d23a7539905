"""What the page of a measure, and that of a comment, show: to everybody, and to the person who is signed in."""

from copy import copy
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from feedback.actions.following import follows
from feedback.forms import CommentForm, ReplyForm
from feedback.models import Answer, Comment, CommentVote, Participant, Rating
from feedback.models.comment import State
from feedback.results import QuestionResult, answered_count, results_of
from feedback.views.answers import SHORT, UNDER_COMMENT, answers_to, newest_answers, published_since
from feedback.views.cursor import place_of
from feedback.views.drafts import take_draft
from feedback.views.listing import Choice, page_of, sides_of
from principles.figures import amount_text, figure_text, progress
from principles.models import Edition, Measure, Reading

REPLIES_SHOWN = 3
REPLIES_PER_PAGE = 100


@dataclass
class Entry:
    """A comment as a page shows it: with the reader's own vote, whether it is theirs, and its first replies."""

    comment: Comment
    is_own: bool = False
    vote: int = 0
    answers: list[Answer] = field(default_factory=list)
    replies: list["Entry"] = field(default_factory=list)

    @property
    def key(self) -> tuple | None:
        """What tells how it looks to its reader from how it looks to others; None where it is like to nobody else's."""
        if self.is_own or any(reply.is_own for reply in self.replies):
            return None
        return tuple(
            (each.comment.pk, each.vote, each.comment.agree_count, each.comment.disagree_count)
            for each in (self, *self.replies)
        )

    @property
    def more_replies(self) -> int:
        return max(0, self.comment.reply_count - sum(reply.comment.is_visible for reply in self.replies))


@dataclass
class Parts:
    """What the page of a measure shows to everybody: read once, and for people who are signed in kept for a while.

    Nothing in it is changed by who reads it. `pieces` holds finished parts of it (`feedback.templatetags.pieces`).
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
    return Parts(
        measure,
        choice,
        list(results_of([measure], list(programme.questions.all())).values()),
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
            "choice": choice,
            "first_page": choice.before is None,
            "next_address": page.next_address if page else None,
        },
    )


def measure_context(request, measure: Measure, *, form=None, rating_error=None) -> dict:
    """Everything on the page of a measure; `form` is a comment form that was refused."""
    return context_of(request, parts_of(measure, Choice.of(request.GET)), form=form, rating_error=rating_error)


def context_of(request, parts: Parts, *, form=None, rating_error=None) -> dict:
    """`parts`, with what is about the reader alone."""
    measure, choice, edition = parts.measure, parts.choice, parts.context["edition"]
    is_open = measure.takes_contributions
    results = [copy(result) for result in parts.results]
    context = parts.context | {
        "results": results,
        "is_open": is_open,
        "rating_error": rating_error,
        "pieces": parts.pieces,
    }
    if not request.user.is_authenticated:
        return context | _lists(parts.sides, _entries(parts.comments, parts.replies, parts.answers_to))
    participant = Participant.objects.filter(user=request.user).first()
    draft = take_draft(request, measure.get_absolute_url()) if form is None else None
    _mark_own_ratings(results, participant, edition, draft)
    if form is None and is_open:
        form = CommentForm(edition=edition.number, initial=_comment_draft(draft))
    comments, replies, votes = _as_counted_now(parts, participant)
    entries = _entries(comments, replies, parts.answers_to, participant, votes)
    return (
        context
        | _lists(parts.sides, entries)
        | {
            "form": form if is_open else None,
            "kept_text": None if is_open else _kept_text(form, draft),
            "own_waiting": _own_waiting(measure, participant) if participant and choice.before is None else [],
            "followed": follows(request.user, measure),
        }
    )


def _own_waiting(measure: Measure, participant: Participant) -> list[Comment]:
    """The participant's comments that only they see; mostly none, which is found out first."""
    own = Comment.objects.on(measure).by(participant).filter(state__in=[State.PENDING, State.HIDDEN])
    keys = list(own.newest_first().values_list("pk", flat=True)[:10])
    if not keys:
        return []
    return list(
        Comment.objects.filter(pk__in=keys)
        .newest_first()
        .select_related(
            "latest",
            "measure__principle__programme",
            "hiding_decision__rule_version",
            "hiding_decision__explanation",
        )
    )


def _as_counted_now(parts: Parts, participant: Participant | None) -> tuple[list[Comment], list[Comment], dict]:
    """Comments and replies with their votes as they are at this moment, and the reader's own votes."""
    if participant is None:
        return parts.comments, parts.replies, {}
    shown = Comment.objects.filter(pk__in=[comment.pk for comment in (*parts.comments, *parts.replies)]).order_by()
    own = CommentVote.objects.filter(participant=participant, comment=OuterRef("pk")).values("value")
    counts, votes = {}, {}
    for pk, agree, disagree, vote in shown.values_list("pk", "agree_count", "disagree_count", Subquery(own)):
        counts[pk] = agree, disagree
        votes[pk] = vote or 0

    def counted(comment: Comment) -> Comment:
        now = counts.get(comment.pk)
        if now is None or now == (comment.agree_count, comment.disagree_count):
            return comment
        comment = copy(comment)
        comment.agree_count, comment.disagree_count = now
        return comment

    return [counted(comment) for comment in parts.comments], [counted(reply) for reply in parts.replies], votes


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


def thread_context(request, comment: Comment, *, after=None, form=None) -> dict:
    """A comment and its replies, oldest first."""
    measure = comment.measure
    replies = Comment.objects.public().filter(parent=comment).order_by("created_at", "id").with_text()
    if after:
        replies = replies.after(*after)
    replies = list(replies[: REPLIES_PER_PAGE + 1])
    more, replies = len(replies) > REPLIES_PER_PAGE, replies[:REPLIES_PER_PAGE]
    is_open = measure.takes_contributions
    participant = draft = None
    if request.user.is_authenticated:
        participant = Participant.objects.filter(user=request.user).first()
        draft = take_draft(request, comment.get_absolute_url()) if form is None else None
        if form is None and is_open and comment.is_visible and comment.parent_id is None:
            form = ReplyForm(edition=measure.current_edition.number, initial=_comment_draft(draft))
    everything = [comment, *replies]
    votes = {}
    if participant:
        own = CommentVote.objects.filter(participant=participant, comment__in=[each.pk for each in everything])
        votes = dict(own.values_list("comment", "value"))
    entry = _entries([comment], replies, answers_to(everything), participant, votes)[0]
    return {
        "measure": measure,
        "programme": measure.principle.programme,
        "entry": entry,
        "journey_of": comment.pk,
        "published_since": published_since(comment) if comment.is_visible else None,
        "changed": any(answer.edition_id or answer.reading_id for answer in entry.answers),
        "own": bool(participant and comment.author_id == participant.pk),
        "comment": comment,
        "is_open": is_open,
        "form": form if is_open else None,
        "kept_text": None if is_open and form else _kept_text(form, draft),
        "next_page": place_of(replies[-1]) if more else None,
    }


def _entries(
    comments: list[Comment],
    replies: list[Comment],
    answers: dict,
    participant: Participant | None = None,
    votes: dict | None = None,
) -> list[Entry]:
    votes = votes or {}

    def entry(comment: Comment) -> Entry:
        is_own = participant is not None and comment.author_id == participant.pk
        return Entry(comment, is_own=is_own, vote=votes.get(comment.pk, 0), answers=answers.get(comment.pk, []))

    entries = {comment.pk: entry(comment) for comment in comments}
    for reply in replies:
        entries[reply.parent_id].replies.append(entry(reply))
    return list(entries.values())


def _mark_own_ratings(results, participant, edition: Edition, draft: dict | None) -> None:
    own = {}
    if participant:
        ratings = Rating.objects.filter(
            participant=participant, edition__measure=edition.measure_id, edition__number=edition.series
        )
        own = {rating.question_id: rating for rating in ratings}
    for result in results:
        result.own = own.get(result.question.pk)
        result.chosen = result.own.value if result.own else None
        if draft and draft.get("question") == result.question.slug and draft.get("value") in {"1", "2", "3", "4", "5"}:
            result.chosen = int(draft["value"])


def _kept_text(form, draft: dict | None) -> str | None:
    """What was typed for a consultation that has closed meanwhile: nothing takes it, and nothing loses it."""
    return form.data.get("text") if form is not None and form.is_bound else (draft or {}).get("text")


def _comment_draft(draft: dict | None) -> dict:
    return {name: draft[name] for name in ("text", "stance", "language") if draft and name in draft}
