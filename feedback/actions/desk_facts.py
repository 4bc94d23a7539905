"""What should wait on the desk, read from the facts of many comments at once: to fill it, and to prove it."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Min

from feedback.actions.desk import Facts, item_columns
from feedback.models import Appeal, Comment, Decision, DeskItem, Report, Signal

BATCH = 1000


def expected_items(comments: Iterable[Comment]) -> Iterator[DeskItem]:
    """The items that these comments should have, whose latest versions are at hand; those that wait for nothing have
    none. Reads a few rows for all of them together."""
    standing = [comment for comment in comments if not comment.withdrawn_at and not comment.erased_at]
    facts = facts_of(standing)
    for comment in standing:
        columns = item_columns(comment, facts[comment.pk])
        if columns is not None:
            yield DeskItem(comment=comment, **columns)


def facts_of(comments: list[Comment]) -> dict:
    """{comment's key: what decides whether it waits}."""
    keys = [comment.pk for comment in comments]
    last = {decision.comment_id: decision for decision in Decision.objects.filter(comment__in=keys).order_by("pk")}
    unhandled = Report.objects.filter(comment__in=keys, handled_at=None).order_by().values_list("comment")
    reports = {key: (number, first) for key, number, first in unhandled.annotate(Count("pk"), Min("created_at"))}
    appeals = Appeal.objects.open().filter(decision__comment__in=keys).select_related("decision")
    open_appeals = {appeal.decision.comment_id: appeal for appeal in appeals.order_by("-created_at")}
    kinds: dict = {}
    for key, version, kind in Signal.objects.filter(comment__in=keys).values_list("comment", "version", "kind"):
        kinds.setdefault((key, version), []).append(kind)
    return {
        comment.pk: Facts(
            last.get(comment.pk),
            *reports.get(comment.pk, (0, None)),
            open_appeals.get(comment.pk),
            kinds.get((comment.pk, comment.latest.number), []),
        )
        for comment in comments
    }


def wrong_items() -> list[str]:
    """Where the desk differs from the facts, by comment; empty where it is right. Reads every comment."""
    wrong, place = [], None
    comments = Comment.objects.select_related("latest").order_by("pk")
    while batch := list((comments.filter(pk__gt=place) if place else comments)[:BATCH]):
        place = batch[-1].pk
        expected = {item.pk: _columns(item) for item in expected_items(batch)}
        there = {item.pk: _columns(item) for item in DeskItem.objects.filter(comment__in=batch)}
        for key in sorted(expected.keys() | there.keys()):
            if expected.get(key) != there.get(key):
                wrong.append(f"{key}: {there.get(key)} stands for {expected.get(key)}")
    return wrong


def _columns(item: DeskItem) -> dict:
    """What the facts decide about an item; who holds it is not of them."""
    held = {"claimed_by", "claimed_until"}
    return {field.name: field.value_from_object(item) for field in item._meta.fields if field.name not in held}
