"""Comments as a page shows them: with their replies and answers, and with what is about the reader."""

from dataclasses import dataclass, field

from feedback.models import Answer, Comment


@dataclass
class Entry:
    """A comment as a page shows it: with the reader's own vote, whether it is theirs, and its first replies."""

    comment: Comment
    is_own: bool = False
    vote: int = 0
    answers: list[Answer] = field(default_factory=list)
    replies: list["Entry"] = field(default_factory=list)

    @property
    def key(self) -> tuple:
        """What tells how it looks to its reader from how it looks to others."""
        return tuple(
            (each.comment.pk, each.vote, each.is_own, each.comment.agree_count, each.comment.disagree_count)
            for each in (self, *self.replies)
        )

    @property
    def more_replies(self) -> int:
        return max(0, self.comment.reply_count - sum(reply.comment.is_visible for reply in self.replies))


def entries_of(
    comments: list[Comment],
    replies: list[Comment],
    answers: dict,
    participant: int | None = None,
    votes: dict | None = None,
) -> list[Entry]:
    votes = votes or {}

    def entry(comment: Comment) -> Entry:
        is_own = participant is not None and comment.author_id == participant
        return Entry(comment, is_own=is_own, vote=votes.get(comment.pk, 0), answers=answers.get(comment.pk, []))

    entries = {comment.pk: entry(comment) for comment in comments}
    for reply in replies:
        entries[reply.parent_id].replies.append(entry(reply))
    return list(entries.values())
