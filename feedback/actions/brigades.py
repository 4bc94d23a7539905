"""Finding groups of nearly the same comments from new accounts, by the signals that writing left: nothing is hidden.

Short texts leave none, for they are alike by chance: "I support this measure". Their groups take the same words from
twice as many accounts, and are found by reading a measure's short comments of a day whenever a new one came.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Max, Min, QuerySet

from feedback.models import Brigade, BrigadeComment, BrigadeSearch, Comment, Signal, TextPrint
from feedback.signals.prints import FEWEST_WORDS, NEAR, distance, print_of_few, telling_words

NEW = timedelta(days=7)  # how old an account may be when it writes, to be a new one
FEWEST_ACCOUNTS = 5  # with fewer, a group is noted and not shown
PART = 500  # signals that are read in one go
# Signals are numbered when they are written and seen when they are committed: so many are looked at once more.
AGAIN = 200
# A text joins a group of its measure that it is as near to, of the latest so many of the last month.
GROUPS_LOOKED_AT, JOINS_WITHIN = 50, timedelta(days=30)
# Of short texts: the fewest accounts and words of a group, how new a comment makes us look, how far back, at how many.
SHORT_ACCOUNTS, SHORT_WORDS = 10, 3
SHORT_FRESH, SHORT_BACK, SHORT_LOOKED_AT = timedelta(minutes=2), timedelta(days=1), 3000


def group_alike(now: datetime) -> bool:
    """Read the signals that were written since, and group what they name; whether more wait."""
    last = BrigadeSearch.objects.values_list("signal", flat=True).first() or 0
    if not Signal.objects.filter(pk__gt=last).exists():
        return False
    with transaction.atomic():
        search, _made = BrigadeSearch.objects.select_for_update().get_or_create(pk=1)
        signals = list(
            Signal.objects.filter(pk__gt=max(0, search.signal - AGAIN))
            .select_related("comment__author__user", "other__author__user")
            .order_by("pk")[: PART + AGAIN]
        )
        _group([signal for signal in signals if _is_about_alike(signal)], now)
        search.signal = max(search.signal, signals[-1].pk) if signals else search.signal
        search.save(update_fields=["signal"])
    return len(signals) == PART + AGAIN


def _is_about_alike(signal: Signal) -> bool:
    """Whether two new accounts said nearly the same about one measure."""
    one, other = signal.comment, signal.other
    return (
        signal.kind == Signal.Kind.DUPLICATE
        and other is not None
        and one.measure_id == other.measure_id
        and one.author_id != other.author_id
        and _is_of_a_new_account(one)
        and _is_of_a_new_account(other)
    )


def _is_of_a_new_account(comment: Comment) -> bool:
    user = comment.author.user if comment.author else None
    return user is not None and user.date_joined > comment.created_at - NEW


def _group(signals: list[Signal], now: datetime) -> None:
    keys = {comment for signal in signals for comment in (signal.comment_id, signal.other_id)}
    members = BrigadeComment.objects.filter(comment__in=keys).values_list("comment", "brigade")
    groups = dict(members)
    prints = dict(TextPrint.objects.filter(comment__in=keys).values_list("comment", "simhash"))
    joined: dict = {}
    for signal in signals:
        if signal.comment_id in groups and signal.other_id in groups:
            continue
        group = groups.get(signal.other_id) or groups.get(signal.comment_id) or _near_group(signal, prints, now)
        for comment in (signal.comment_id, signal.other_id):
            if comment not in groups:
                groups[comment] = joined[comment] = group
    BrigadeComment.objects.bulk_create(
        [BrigadeComment(brigade_id=group, comment_id=comment) for comment, group in joined.items()],
        ignore_conflicts=True,
    )
    _count(set(joined.values()))


def _near_group(signal: Signal, prints: dict, now: datetime) -> int:
    """A group of the measure that the text belongs to, or a new one."""
    comment = signal.comment
    simhash = prints.get(comment.pk, prints.get(signal.other_id, 0))
    known = Brigade.objects.filter(measure=comment.measure_id, latest__gt=now - JOINS_WITHIN).order_by("-latest")
    for group in known[:GROUPS_LOOKED_AT]:
        if distance(group.simhash, simhash) <= NEAR:
            return group.pk
    made = Brigade.objects.create(
        measure_id=comment.measure_id, simhash=simhash, since=comment.created_at, latest=comment.created_at
    )
    return made.pk


def _count(groups: Iterable[int]) -> None:
    for pk in sorted(groups):
        found = BrigadeComment.objects.filter(brigade=pk).aggregate(
            accounts=Count("comment__author", distinct=True),
            since=Min("comment__created_at"),
            latest=Max("comment__created_at"),
        )
        Brigade.objects.filter(pk=pk).update(**found)


def group_short(now: datetime) -> bool:
    """Group short comments of the last day that say the same, on measures where one of the last minutes is in none."""
    fresh = _short_of_new_accounts(now - SHORT_FRESH).filter(in_brigade=None)
    for measure in sorted(set(fresh.values_list("measure", flat=True)[:SHORT_LOOKED_AT])):
        _group_short_of(measure, now)
    return False


def _short_of_new_accounts(since: datetime) -> QuerySet:
    """Comments since then whose texts have no print, by accounts that were new when they wrote."""
    rows = Comment.objects.filter(created_at__gte=since, text_print=None, latest__isnull=False)
    return rows.filter(author__user__date_joined__gt=F("created_at") - NEW).order_by("-created_at", "-pk")


def _group_short_of(measure: int, now: datetime) -> None:
    rows = _short_of_new_accounts(now - SHORT_BACK).filter(measure=measure)
    same: dict[tuple, list] = defaultdict(list)
    for row in rows.values("pk", "author", "created_at", "latest__text", "in_brigade")[:SHORT_LOOKED_AT]:
        words = tuple(telling_words(row["latest__text"]))
        if SHORT_WORDS <= len(words) < FEWEST_WORDS:
            same[words].append(row)
    for words, alike in same.items():
        enough = len({row["author"] for row in alike}) >= SHORT_ACCOUNTS
        if enough and (joining := [row for row in alike if row["in_brigade"] is None]):
            _join(measure, print_of_few(words), joining, now)


@transaction.atomic
def _join(measure: int, simhash: int, joining: list[dict], now: datetime) -> None:
    known = Brigade.objects.filter(measure=measure, simhash=simhash, latest__gt=now - JOINS_WITHIN)
    since = min(row["created_at"] for row in joining)
    group = known.order_by("-latest").first() or Brigade.objects.create(
        measure_id=measure, simhash=simhash, since=since, latest=since
    )
    BrigadeComment.objects.bulk_create(
        [BrigadeComment(brigade=group, comment_id=row["pk"]) for row in joining], ignore_conflicts=True
    )
    _count([group.pk])
