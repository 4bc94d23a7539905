"""Keeping the index of comments at what readers see: called by the actions, within their transactions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import or_

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from feedback.models import Comment, CommentWords, DeskWords, KnownWord
from feedback.models.comment import WAITS, Moderation, State
from feedback.search import engines
from feedback.search.words import stems_in

MOST_KNOWN_WORDS = 100_000
KNOWN_LENGTHS = range(4, 25)
BATCH = 1000
# Where a comment stands is in its words, too, so that a filter is part of the match. Folded words have no ё.
PLACE = "ё"
ANSWERED = f"{PLACE}answered"
# Comments whose latest text is not what everybody reads, in parts that have an index each.
FOR_THE_DESK = (WAITS, Q(state=State.HIDDEN), Q(state=State.WITHDRAWN))


def index_comment(comment: Comment, *, new: bool = False) -> None:
    """Bring the index to what readers see of `comment`: its shown text, or nothing; and that of the staff to what else
    its author wrote last. Nothing is looked for that there cannot be yet of a `new` one.

    The caller holds the comment's lock, and takes no other one afterwards: writers may wait for one another's words.
    """
    forget_words(change_index(comment, new=new))


def change_index(comment: Comment, *, new: bool = False) -> set[str]:
    """Do as `index_comment`, but leave the words that the index lost, and returns, to `forget_words`."""
    visible = comment.moderation == Moderation.PUBLISHED and not comment.withdrawn_at and not comment.erased_at
    if comment.latest_id and not comment.erased_at and not (visible and comment.shown_id == comment.latest_id):
        _write([desk_words_of(comment)])
    elif not new:
        DeskWords.objects.filter(comment=comment).delete()
    old = None if new else CommentWords.objects.filter(comment=comment).first()
    before = set(old.words.split()) if old else set()
    after: set[str] = set()
    if visible:
        row = words_of(comment)
        if old and old.words == row.words:
            return set()
        _write([row])
        after = set(row.words.split())
        learn(after - before)
    elif old:
        old.delete()
    return before - after


def words_of(comment: Comment) -> CommentWords:
    """The row that the index should have for a visible comment, whose shown version is at hand."""
    version = comment.shown
    words = indexed(version.text, version.language, comment.measure_id, answered=comment.answered_at is not None)
    return CommentWords(comment=comment, words=words)


def desk_words_of(comment: Comment) -> DeskWords:
    """The row for the staff's search, of a comment whose latest version is at hand."""
    version = comment.latest
    return DeskWords(comment=comment, words=" ".join(stems_in(version.text, version.language)))


def indexed(text: str, language: str, measure_id: int, *, answered: bool = False) -> str:
    """What the index holds of a comment: where it stands, and its stems in order."""
    places = [measure_place(measure_id), language_place(language), *([ANSWERED] if answered else [])]
    return " ".join([*places, *stems_in(text, language)])


def measure_place(measure_id: int) -> str:
    return f"{PLACE}{measure_id}"


def language_place(language: str) -> str:
    return f"{PLACE}{language}"


def index_comments(comments: Iterable[Comment]) -> None:
    """Write the index of visible comments in bulk, oldest first; the words they add are known after `reindex`."""
    _write([words_of(comment) for comment in comments])


def _write(rows: list[CommentWords] | list[DeskWords]) -> None:
    """Write rows of one of the two tables."""
    if rows:
        type(rows[0]).objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["comment"], update_fields=["words"]
        )


def learnable(words: Iterable[str]) -> set[str]:
    """Those of `words` that typos may be mended from: no numbers, nothing very short or long."""
    return {word for word in words if len(word) in KNOWN_LENGTHS and word.isalpha() and not word.startswith(PLACE)}


def learn(words: Iterable[str]) -> None:
    """Add words to mend typos from, as long as there is room.

    No counter is kept with a word: it would be a row that all writers want at once.
    """
    words = learnable(words)
    new = words - set(KnownWord.objects.filter(word__in=words).values_list("word", flat=True))
    if not new:
        return
    last = KnownWord.objects.order_by("-id").values_list("id", flat=True).first() or 0
    if last < MOST_KNOWN_WORDS:
        KnownWord.objects.bulk_create([KnownWord(word=word) for word in sorted(new)], ignore_conflicts=True)


def forget_words(words: Iterable[str]) -> None:
    """Forget those of `words` that no visible comment has any more."""
    unused = engines.words_nobody_has(connection, learnable(words))
    if unused:
        # What another transaction holds, it is about to delete itself.
        rows = KnownWord.objects.filter(word__in=unused).select_for_update(skip_locked=True)
        KnownWord.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def reindex(progress: Callable[[int], None] = lambda done: None) -> int:
    """Write the whole index anew, and that of the staff, in batches that each hold their comments' locks; returns how
    many are in the one for everybody."""
    counts: Counter[str] = Counter()
    done = 0
    for rows in _written(Comment.objects.visible(), "shown", words_of):
        for row in rows:
            counts.update(learnable(row.words.split()))
        done += len(rows)
        progress(done)
    CommentWords.objects.exclude(comment__state="published").delete()
    _replace_known_words([word for word, _count in counts.most_common(MOST_KNOWN_WORDS)])
    _write_for_the_desk(reduce(or_, FOR_THE_DESK))  # all in one go: rows' numbers follow the order of writing
    mend_for_the_desk()
    engines.refill(connection)
    return done


def mend_for_the_desk() -> None:
    """Delete from the staff's index what does not belong there, and add what is missing: an older version of this code,
    at work while a newer one takes its place, knows nothing of it, whatever it hides, erases and publishes."""
    public = Q(comment__state=State.PUBLISHED, comment__latest=F("comment__shown"))
    deleted, _rows = DeskWords.objects.filter(public | Q(comment__state=State.ERASED)).delete()
    if deleted:
        engines.leave_no_trace(connection)
    missing = ~Exists(DeskWords.objects.filter(comment=OuterRef("pk")))
    for part in FOR_THE_DESK:
        _write_for_the_desk(part, missing)


def _write_for_the_desk(*conditions: Q | Exists) -> None:
    for _rows in _written(Comment.objects.filter(*conditions), "latest", desk_words_of):
        pass


def _written(comments: QuerySet, version: str, row_of: Callable) -> Iterator[list]:
    """The rows of one of the two tables, written in batches, each in a transaction that is over."""
    comments, place = comments.order_by("created_at", "id"), None
    while True:
        with transaction.atomic():
            batch = comments.after(*place) if place else comments
            keys = list(batch.select_for_update().values_list("created_at", "id")[:BATCH])
            if not keys:
                return
            chosen = comments.filter(pk__in=[key for _time, key in keys]).select_related(version)
            rows = [row_of(comment) for comment in chosen]
            _write(rows)
        place = keys[-1]
        yield rows


@transaction.atomic
def _replace_known_words(words: list[str]) -> None:
    KnownWord.objects.all().delete()
    with connection.cursor() as cursor:
        sequence = {"table": KnownWord._meta.db_table, "column": "id"}
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), [sequence]):
            cursor.execute(statement)
    KnownWord.objects.bulk_create([KnownWord(word=word) for word in words], batch_size=BATCH)
