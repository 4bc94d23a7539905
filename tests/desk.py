"""Builders for the tests of the moderation desk: people of each role, and what they do there."""

import html
import re
from datetime import timedelta

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.actions.access import staff_member_of
from feedback.actions.decisions import last_decision
from feedback.actions.reactions import report_comment
from feedback.actions.roles import sync_roles
from feedback.models import Comment, DeskItem
from tests.builders import make_participant, make_rule, make_user, seen, staff_client


def make_staff(role: str = "moderator", **fields):
    """Somebody with `role`, and with what `sync_roles` gives it."""
    sync_roles()
    user = make_user(is_staff=True, is_superuser=role == "administrator", **fields)
    user.groups.set(Group.objects.filter(name=role))
    staff_member_of(user)
    return user


def at_the_desk(role: str = "moderator", **fields) -> Client:
    return staff_client(make_staff(role, **fields))


def page_of(comment: Comment, query: str = "") -> str:
    return f"{reverse('desk:item', args=[comment.pk])}{query}"


def decide(browser: Client, comment: Comment, act: str, *, query: str = "", follow: bool = False, **typed):
    """Press a button on the item's page, about what it shows now unless `typed` says otherwise."""
    values = {name: "" if value is None else value for name, value in seen(comment).items()} | {"act": act} | typed
    return browser.post(page_of(comment, query), values, follow=follow)


def chain(comment: Comment) -> list[tuple[str, str, str]]:
    """Every decision about `comment` as (action, from, to)."""
    return list(comment.decisions.order_by("pk").values_list("action", "from_state", "to_state"))


def last_key(comment: Comment) -> int:
    return last_decision(comment).pk


def text_of(answer) -> str:
    """What a page says, without its tags, blanks as one."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def wait(comment: Comment, hours: float) -> None:
    """Let an item wait since `hours` ago."""
    since = timezone.now() - timedelta(hours=hours)
    DeskItem.objects.filter(pk=comment.pk).update(since=since, due_at=since + timedelta(hours=24))


def report(comment: Comment, times: int = 1, rule: str = "spam") -> None:
    for _ in range(times):
        report_comment(comment, by=make_participant(), rule=make_rule(rule), note="Look.")
