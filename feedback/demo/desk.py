"""What waits for the staff after the demo: new, held and reported comments, with the signals that their texts give."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, F, OuterRef, Q

from feedback.actions.desk_facts import expected_items
from feedback.demo.loading import insert
from feedback.models import Comment, DeskItem, Report, Signal, TextPrint, WatchWord
from feedback.models.comment import Moderation
from feedback.signals.detect import detect
from feedback.signals.prints import NEAR, bands, distance, print_of, print_row
from feedback.signals.words import watched_words
from principles.models import Programme

BATCH = 1000
MOST_IN_BAND = 100


class Prints:
    """The simhashes so far, found by their bands as the database finds them."""

    def __init__(self):
        self._bands: defaultdict[tuple[int, int], list[tuple[int, Comment]]] = defaultdict(list)

    def near(self, value: int) -> Comment | None:
        """An earlier comment with nearly this simhash."""
        rows = (row for place in enumerate(bands(value)) for row in self._bands.get(place, ()))
        return next((comment for other, comment in rows if distance(value, other) <= NEAR), None)

    def add(self, value: int, comment: Comment) -> None:
        for place in enumerate(bands(value)):
            if len(self._bands[place]) < MOST_IN_BAND:
                self._bands[place].append((value, comment))


def fill_desk(programme: Programme) -> dict[type, int]:
    """Put on the desk what waits in `programme`; how many rows were written, by model.

    Signals are noted of what waits alone: of a million comments, reading each would take longer than making them.
    """
    prints, watched = Prints(), list(WatchWord.objects.all())
    written = {DeskItem: 0, Signal: 0, TextPrint: 0}
    waiting = _waiting(programme).iterator(chunk_size=BATCH)
    while batch := list(islice(waiting, BATCH)):
        signals, rows = [], []
        for comment in batch:
            value = print_of(comment.latest.text)
            signals += _signals(comment, value, prints, watched)
            if value is not None:
                rows.append(print_row(value, comment=comment))
                prints.add(value, comment)
        for made in (signals, rows):
            if made:
                insert(made)
                written[type(made[0])] += len(made)
        items = list(expected_items(batch))
        insert(items)
        written[DeskItem] += len(items)
    return written


def _waiting(programme: Programme):
    """Comments that something is left to do about, the oldest first."""
    reported = Exists(Report.objects.filter(comment=OuterRef("pk"), handled_at=None))
    edited = Q(moderation=Moderation.PUBLISHED) & ~Q(latest=F("shown"))
    comments = Comment.objects.filter(measure__principle__programme=programme, withdrawn_at=None, erased_at=None)
    waiting = comments.filter(Q(moderation=Moderation.PENDING) | edited | reported)
    return waiting.select_related("latest").order_by("created_at", "pk")


def _signals(comment: Comment, value: int | None, prints: Prints, watched: list[WatchWord]) -> Iterator[Signal]:
    """The signals that actions would have noted; all accounts of the demo are older than a day."""
    about = {"comment": comment, "version": comment.latest.number}
    for found in detect(comment.latest.text):
        yield Signal(kind=found.kind, detail=found.detail, **about)
    if value is not None and (other := prints.near(value)):
        yield Signal(kind=Signal.Kind.DUPLICATE, other=other, **about)
    if words := watched_words(comment.latest.text, watched):
        yield Signal(kind=Signal.Kind.WORD, detail=", ".join(words)[:200], **about)
