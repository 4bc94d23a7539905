"""Official answers: on their measure, under the comments that they answer, and on addresses of their own."""

from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from feedback.models import Answer, AnsweredComment, Comment, Decision
from feedback.models.comment import Moderation
from feedback.views.cursor import cursor, place_of
from principles.models import Measure

SHOWN = 3  # on the page of a measure; the others are one step away
PER_PAGE = 20
# Characters of an answer on the page of a measure and in lists; the whole of it is on its own page.
SHORT, UNDER_COMMENT = 600, 300


def newest_answers(measure: Measure) -> tuple[list[Answer], bool]:
    """The newest answers on `measure`, and whether there are more."""
    answers = list(Answer.objects.published().on(measure).newest_first().with_facts()[: SHOWN + 1])
    return answers[:SHOWN], len(answers) > SHOWN


def answers_to(comments: list[Comment]) -> dict[UUID, list[Answer]]:
    """The answers to each of `comments`, oldest first; no query where none is answered."""
    answered = [comment.pk for comment in comments if comment.answered_at and comment.is_visible]
    found: dict[UUID, list[Answer]] = {}
    if answered:
        ties = AnsweredComment.objects.of_visible().filter(comment__in=answered).order_by("published_at", "pk")
        for tie in ties.select_related("answer__edition", "answer__reading"):
            found.setdefault(tie.comment_id, []).append(tie.answer)
    return found


def published_since(comment: Comment) -> datetime:
    """When readers could first see `comment`: at once, or when the staff published it."""
    first = Decision.objects.filter(
        comment=comment, from_state=Moderation.PENDING, to_state=Moderation.PUBLISHED
    ).order_by("pk")
    return first.values_list("created_at", flat=True).first() or comment.created_at


def answer(request, pk):
    """One answer, and the comments that it answers."""
    answer = get_object_or_404(
        Answer.objects.published().with_facts().select_related("measure__principle__programme"), pk=pk
    )
    comments = Comment.objects.visible().filter(answered_by__answer=answer, answered_by__published_at__isnull=False)
    comments = comments.order_by("created_at", "id").with_text()
    if after := cursor(request.GET.get("after")):
        comments = comments.after(*after)
    comments = list(comments[: PER_PAGE + 1])
    context = {
        "answer": answer,
        "measure": answer.measure,
        "programme": answer.measure.principle.programme,
        "comments": comments[:PER_PAGE],
        "next_page": place_of(comments[PER_PAGE - 1]) if len(comments) > PER_PAGE else None,
    }
    return render(request, "feedback/answer.html", context)


def measure_answers(request, slug):
    """All answers on a measure, newest first; `before` names the last one of the page before."""
    measure = get_object_or_404(Measure.objects.with_wording(), slug=slug)
    answers = Answer.objects.published().on(measure)
    if before := request.GET.get("before"):
        if not before.isascii() or not before.isdecimal() or len(before) > 18:
            raise Http404
        last = get_object_or_404(answers, pk=before)
        answers = answers.after(last.published_at, last.pk)
    answers = list(answers.newest_first().with_facts()[: PER_PAGE + 1])
    context = {
        "measure": measure,
        "programme": measure.principle.programme,
        "answers": answers[:PER_PAGE],
        "answer_limit": SHORT,
        "next_page": answers[PER_PAGE - 1].pk if len(answers) > PER_PAGE else None,
    }
    return render(request, "feedback/answers.html", context)
