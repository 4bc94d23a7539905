"""What a moderator sees beside a comment before deciding: where it stands, who wrote it, and what speaks for what."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from feedback.models import (
    Appeal,
    Comment,
    CommentVersion,
    Decision,
    DeskItem,
    Participant,
    Report,
    Sanction,
    Signal,
)
from feedback.models.comment import State
from feedback.search.alike import most_alike
from feedback.signals.detect import mask
from feedback.signals.prints import near, print_of
from principles.wording_diff import Piece, word_diff

SHOWN = 5  # of the author's other comments, of alike texts, of warnings
REPORTS_SHOWN = 50
VERSIONS_SHOWN = 10
HISTORY = 1000  # of the author's newest comments and appeals are counted


@dataclass(frozen=True)
class History:
    """An author on the portal: how many comments stand and fell, appeals, and warnings; the newest of each."""

    numbers: dict[str, int]
    appeals: dict[str, int]
    comments: list[Comment]
    sanctions: list[Sanction]


@dataclass(frozen=True)
class Sight:
    """A comment with what stands beside it. `masked` says whether its page hides what is personal in the text."""

    comment: Comment
    item: DeskItem | None
    reveal: bool
    versions: list[CommentVersion]
    decisions: list[Decision]
    appeals: list[Appeal]
    reports: list[Report]
    signals: list[Signal]
    alike: list[Comment]

    def plain(self, text: str) -> str:
        """`text` as this page shows it."""
        return text if self.reveal else mask(text)

    @property
    def text(self) -> str:
        return self.plain(self.comment.latest.text) if self.comment.latest else ""

    @property
    def has_personal(self) -> bool:
        """Whether there is something to mask in any version."""
        return any(mask(version.text) != version.text for version in self.versions)

    @property
    def diff(self) -> list[Piece]:
        """The waiting edit against what everybody reads, or the redacted text against its original; else nothing."""
        latest, shown = self.comment.latest, self.comment.shown
        if latest is None:
            return []
        before = shown if self.comment.has_waiting_edit else self.original
        return word_diff(self.plain(before.text), self.plain(latest.text)) if before else []

    @property
    def original(self) -> CommentVersion | None:
        """What stood there before staff removed a part."""
        latest = self.comment.latest
        if latest is None or latest.redaction_id is None:
            return None
        decision = next((each for each in self.decisions if each.pk == latest.redaction_id), None)
        return next((each for each in self.versions if decision and each.number == decision.version), None)

    @property
    def earlier(self) -> list[tuple[CommentVersion, str]]:
        """Older versions with their texts as this page shows them."""
        return [(each, self.plain(each.text)) for each in self.versions if each.pk != self.comment.latest_id]

    @property
    def last(self) -> Decision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def appeal(self) -> Appeal | None:
        """The appeal that waits for a ruling."""
        return next((appeal for appeal in self.appeals if not appeal.outcome), None)

    @property
    def author_language(self) -> str:
        """The language in which the author is written to: the account's, or else the comment's."""
        author, latest = self.comment.author, self.comment.latest
        if author and author.user:
            return author.user.language
        return latest.language if latest else self.comment.language


def sight_of(comment: Comment, *, reveal: bool) -> Sight:
    """Everything beside `comment`, in a bounded number of queries and rows."""
    number = comment.latest.number if comment.latest else 0
    return Sight(
        comment=comment,
        item=getattr(comment, "desk_item", None),
        reveal=reveal,
        versions=list(comment.versions.order_by("-number")[:VERSIONS_SHOWN]),
        decisions=list(comment.decisions.select_related("rule_version", "by__user", "explanation").order_by("pk")),
        appeals=list(
            Appeal.objects.filter(decision__comment=comment).select_related("decision__by__user", "ruled_by__user")
        ),
        reports=list(comment.reports.select_related("rule__current_version").order_by("handled_at", "-created_at"))[
            :REPORTS_SHOWN
        ],
        signals=list(comment.signals.filter(version=number).select_related("other__latest")),
        alike=alike(comment),
    )


def comments_to_decide():
    """Comments with what the page of one joins."""
    return Comment.objects.select_related(
        "latest",
        "shown",
        "author__user",
        "measure__current_edition",
        "measure__principle__programme",
        "parent__shown",
        "parent__latest",
        "hiding_decision__rule_version",
        "desk_item__claimed_by__user",
    )


def alike(comment: Comment) -> list[Comment]:
    """Other comments with nearly the same text, wherever they stand, and then those on its measure that are most alike;
    the likest first."""
    simhash = print_of(comment.latest.text) if comment.latest else None
    copies = [row.pk for row in near(simhash, apart_from=comment.pk)] if simhash is not None else []
    keys = list(dict.fromkeys(copies[:SHOWN] + most_alike(comment, 2 * SHOWN)))[:SHOWN]
    found = Comment.objects.select_related("latest", "author__user").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def history_of(author: Participant, *, but: Comment) -> History:
    """What `author` has done so far, `but` one comment among the newest."""
    newest = Comment.objects.by(author).order_by("-created_at")
    numbers = newest[:HISTORY].aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in (State.PUBLISHED, State.HIDDEN, State.WITHDRAWN)}
    )
    outcomes = (Appeal.Outcome.UPHELD, Appeal.Outcome.REVERSED)
    appeals = Appeal.objects.filter(participant=author).order_by("-pk")[:HISTORY]
    appeals = appeals.aggregate(
        all=Count("pk"), **{str(outcome): Count("pk", filter=Q(outcome=outcome)) for outcome in outcomes}
    )
    others = newest.exclude(pk=but.pk).select_related("latest", "measure")[:SHOWN]
    sanctions = Sanction.objects.filter(participant=author).select_related("rule_version", "by__user", "appeal")
    return History(numbers, appeals, list(others), list(sanctions[:SHOWN]))


def holder_of(item: DeskItem | None, user) -> dict | None:
    """Who else holds an item, and until when; None where nobody does."""
    if item is None or not item.is_held or item.claimed_by.user_id == user.pk:
        return None
    return {"name": str(item.claimed_by), "until": timezone.localtime(item.claimed_until)}
