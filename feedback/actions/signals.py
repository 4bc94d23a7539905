"""Signals of what is about to be written: read before it is decided whether it waits, kept with the version."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from feedback.models import Comment, CommentVersion, Participant, Signal, TextPrint, WatchWord
from feedback.signals.detect import detect
from feedback.signals.prints import nearest, print_of, print_row
from feedback.signals.words import watched_words
from principles.models import Measure

Kind = Signal.Kind
# A burst: so many accounts younger than a day write about one measure within some minutes.
BURST_WITHIN, BURST_ACCOUNTS, NEW_ACCOUNT = timedelta(minutes=10), 5, timedelta(days=1)
# When a consultation opens, everybody is new.
BURSTS_COUNT_AFTER = timedelta(days=3)
MOST_LOOKED_AT = 200
LONGEST_DETAIL = 200
# What the author is told of a text that waits because of a signal. Of others' texts and staff's words, nothing.
HELD = {
    Kind.IIN: _("Your text waits for the staff: it seems to contain an identification number (IIN)."),
    Kind.PHONE: _("Your text waits for the staff: it seems to contain a phone number."),
    Kind.EMAIL: _("Your text waits for the staff: it seems to contain an e-mail address."),
    Kind.LINK: _("Your text waits for the staff: it contains a link."),
    Kind.CAPITALS: _("Your text waits for the staff: it is written mostly in capital letters."),
}
HELD_FOR_ANOTHER_REASON = _("Your text waits for the staff, who look at some texts before they are published.")


@dataclass(frozen=True)
class Reading:
    """The signals of a text, not saved yet, and its print."""

    signals: list[Signal]
    simhash: int | None

    @property
    def kinds(self) -> list[str]:
        return [signal.kind for signal in self.signals]

    @property
    def holds(self) -> bool:
        """Whether the text has to wait for the staff wherever it would be published at once."""
        return not settings.HOLD_SIGNALS.isdisjoint(self.kinds)


def read_signals(
    text: str, *, measure: Measure, author: Participant | None, at: datetime, edited: Comment | None = None
) -> Reading:
    """What speaks for looking at `text`, about to be written at `at` as a new comment or as an edit of one."""
    simhash = print_of(text)
    signals = [Signal(kind=found.kind, detail=found.detail[:LONGEST_DETAIL]) for found in detect(text)]
    near = nearest(simhash, apart_from=edited and edited.pk) if simhash is not None else None
    if near:
        signals.append(Signal(kind=Kind.DUPLICATE, other_id=near.pk))
    accounts = new_accounts(measure, author, at) if edited is None else 0
    if accounts >= BURST_ACCOUNTS:
        signals.append(Signal(kind=Kind.BURST, detail=str(accounts)))
    words = watched_words(text, WatchWord.objects.all())
    if words:
        signals.append(Signal(kind=Kind.WORD, detail=", ".join(words)[:LONGEST_DETAIL]))
    return Reading(signals, simhash)


def keep_signals(reading: Reading, comment: Comment, version: CommentVersion) -> None:
    """Save what was read of the text of `version`."""
    for signal in reading.signals:
        signal.comment, signal.version = comment, version.number
    Signal.objects.bulk_create(reading.signals)
    if reading.simhash is None:
        if version.number > 1:
            TextPrint.objects.filter(comment=comment).delete()
        return
    row = print_row(reading.simhash, comment=comment)
    if version.number > 1:
        row.save()
    else:
        row.save(force_insert=True)


def new_accounts(measure: Measure, author: Participant | None, at: datetime) -> int:
    """How many accounts younger than a day wrote about `measure` in the last minutes, `author` included.

    0 where the author's is older, and in the first days of a consultation. Looks at a bounded number of comments.
    """
    opened = measure.principle.programme.opens_at
    if author is None or author.user is None or author.user.date_joined < at - NEW_ACCOUNT:
        return 0
    if opened and at < opened + BURSTS_COUNT_AFTER:
        return 0
    latest = Comment.objects.on(measure).filter(created_at__gte=at - BURST_WITHIN).order_by("-created_at")
    rows = latest.values_list("author", "author__user__date_joined")[:MOST_LOOKED_AT]
    return len({key for key, joined in rows if joined and joined >= at - NEW_ACCOUNT} | {author.pk})


def why_held(comment: Comment) -> str | None:
    """What to tell the author of a comment whose latest text waits because of a signal; None where it does not."""
    waits = comment.moderation == "pending" or comment.has_waiting_edit
    if not waits or comment.measure.principle.programme.moderation == "before":
        return None
    kinds = Signal.objects.filter(comment=comment, version=comment.latest.number).values_list("kind", flat=True)
    held = [kind for kind in kinds if kind in settings.HOLD_SIGNALS]
    return next((HELD[kind] for kind in HELD if kind in held), HELD_FOR_ANOTHER_REASON) if held else None
