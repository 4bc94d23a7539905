"""What somebody who is signed in has to do with a measure and the comments on its page: read in one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import CharField, Count, Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone

from feedback.actions.notices import unread_of
from feedback.compiled import KEYS, among_keys, keys_for
from feedback.models import Comment, CommentVote, Follow, OutboxEntry, Participant, Rating
from feedback.models.comment import State
from feedback.results import OwnRating
from principles.models import Edition

NOTICES_COUNTED = 100
MOST_WAITING = 100_000
# In the compiled query these stand for a reader's key, a measure's, an edition's number, a slug, and the moment.
USER, MEASURE, SERIES, SLUG = 2_000_000_001, 2_000_000_002, 2_000_000_003, "no-measure-at-all"
NOW = datetime(1, 1, 2, tzinfo=UTC)


@dataclass
class Standing:
    """A reader as the page of a measure knows them; `participant` (a key) is None before their first contribution."""

    participant: int | None = None
    followed: bool = False
    unread: int = 0  # notices, counted up to `NOTICES_COUNTED`
    has_unseen: bool = False  # comments that only they see
    entries: int | None = None  # about the measure that wait for the ledger (`waiting_entries`)
    ratings: dict[int, OwnRating] = field(default_factory=dict)  # by question
    counts: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # votes on each comment, agreeing and not
    votes: dict[UUID, int] = field(default_factory=dict)  # their own, by comment


class Counted(Subquery):
    """How many rows a subquery has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def waiting_entries(measure: str) -> QuerySet:
    """What tells the entries about `measure` (its slug) that wait for the ledger from those of another moment, as a
    query of one number, if any. One that is committed late may have a lower number than others: they are counted."""
    waiting = OutboxEntry.objects.order_by().filter(measure=measure).values("measure")
    return waiting.values_list(Max("pk") * MOST_WAITING + Count("pk"))


def standing_of(user, edition: Edition, measure: str, comments: Iterable[Comment]) -> Standing:
    """How `user`, who is signed in, stands to `measure` (its slug) in its edition `edition`, and to `comments`."""
    statement, params = _statement(connection.vendor)
    given = {USER: user.pk, MEASURE: edition.measure_id, SERIES: edition.series, SLUG: measure}
    given[connection.ops.adapt_datetimefield_value(NOW)] = connection.ops.adapt_datetimefield_value(timezone.now())
    given[KEYS] = keys_for(Comment._meta.pk, connection, [comment.pk for comment in comments])
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(value, value) for value in params])
        return _told(cursor.fetchall())


def _told(rows: list[tuple]) -> Standing:
    standing = Standing()
    for kind, key, one, two, three, four in rows:
        if kind == "person":
            standing.participant = int(key) if key else None
            standing.followed, standing.unread, standing.has_unseen = bool(one), two, bool(three)
            standing.entries = four
        elif kind == "rating":
            standing.ratings[int(key)] = OwnRating(one, bool(two), bool(three))
        else:
            key = UUID(key)
            standing.counts[key] = one, two
            if three:
                standing.votes[key] = three
    return standing


@cache
def _statement(vendor: str) -> tuple[str, tuple]:
    """The query as SQL and its parameters, with marks for what differs each time: to compile it takes longer than to
    run it."""
    parts = [_ratings(), _votes()]
    return _person().union(*parts, all=True).query.get_compiler(connection=connection).as_sql()


def _me() -> QuerySet:
    return Participant.objects.order_by().filter(user=USER).values("pk")


def _row(rows: QuerySet, kind: str, key, *numbers) -> QuerySet:
    """`rows` as rows of six columns: kind, key as text, and four numbers."""
    columns = {f"n{place}": number for place, number in enumerate(numbers)}
    text = Cast(key, CharField())
    return rows.order_by().annotate(kind=Value(kind), key=text, **columns).values_list("kind", "key", *columns)


def _number(expression) -> Cast:
    return Cast(expression, IntegerField())


def _person() -> QuerySet:
    me = OuterRef("participant__pk")
    unseen = Comment.objects.filter(measure=MEASURE, author=me, state__in=[State.PENDING, State.HIDDEN]).order_by()
    return _row(
        get_user_model().objects.filter(pk=USER),
        "person",
        "participant__pk",
        _number(Exists(Follow.objects.filter(participant=me, measure=MEASURE))),
        Counted(unread_of(me, NOW)[:NOTICES_COUNTED]),
        _number(Exists(unseen)),
        Subquery(waiting_entries(SLUG)),
    )


def _ratings() -> QuerySet:
    given = Rating.objects.filter(participant=Subquery(_me()), edition__measure=MEASURE, edition__number=SERIES)
    waiting, released = _number("waiting"), _number("released_once")
    return _row(given, "rating", "question", F("value"), waiting, released, Value(None, IntegerField()))


def _votes() -> QuerySet:
    own = CommentVote.objects.order_by().filter(participant=Subquery(_me()), comment=OuterRef("pk")).values("value")
    votes = F("agree_count"), F("disagree_count"), Subquery(own)
    shown = Comment.objects.filter(among_keys(Comment._meta.pk, connection))
    return _row(shown, "comment", "pk", *votes, Value(None, IntegerField()))
