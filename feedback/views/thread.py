"""What the page of a comment shows: the comment, its replies, and what is about the reader."""

from feedback.forms import ReplyForm
from feedback.models import Comment, CommentVote, Participant
from feedback.views.answers import answers_to, published_since
from feedback.views.cursor import place_of
from feedback.views.drafts import draft_of_comment, kept_text, take_draft
from feedback.views.entries import entries_of

REPLIES_PER_PAGE = 100


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
            form = ReplyForm(edition=measure.current_edition.number, initial=draft_of_comment(draft))
    everything = [comment, *replies]
    votes = {}
    if participant:
        own = CommentVote.objects.filter(participant=participant, comment__in=[each.pk for each in everything])
        votes = dict(own.values_list("comment", "value"))
    entry = entries_of([comment], replies, answers_to(everything), participant and participant.pk, votes)[0]
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
        "kept_text": None if is_open and form else kept_text(form, draft),
        "next_page": place_of(replies[-1]) if more else None,
    }
