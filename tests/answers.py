"""Builders of official answers and of those who write them."""

import json
from datetime import date

from django.contrib.auth.models import Group
from django.test import Client

from feedback.actions.answer_contents import Contents
from feedback.actions.answers import (
    publish_answer,
    save_draft,
)
from feedback.ledger.sequencer import sequence
from feedback.models import Answer, Comment, LedgerEntry, Notice
from principles.models import Measure
from tests.builders import make_user
from tests.programme_builders import in_three_languages

SAID = "The school will open in 2027."
BODY = "Ministry of Education"


def make_staff(role: str, **fields):
    """Somebody of the staff with this role and nothing more."""
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def make_editor(**fields):
    return make_staff("editor", **fields)


def contents_of(measure: Measure, *comments: Comment, **fields) -> Contents:
    """`text` and `body` may be a text, which is said in each language, or {language: text}."""
    texts = {
        "text": in_three_languages(fields.pop("text", SAID)),
        "body": in_three_languages(fields.pop("body", BODY)),
    }
    values = {"outcome": "accepted", "answered_on": date(2026, 11, 20)} | fields
    return Contents(measure=measure, comments=frozenset(comment.pk for comment in comments), **texts, **values)


def make_draft(measure: Measure, *comments: Comment, by=None, publish_at=None, **fields) -> Answer:
    return save_draft(None, contents_of(measure, *comments, **fields), by=by or make_editor(), publish_at=publish_at)


def make_answer(measure: Measure, *comments: Comment, by=None, **fields) -> Answer:
    """A published answer to `comments`, or to the measure where there are none."""
    by = by or make_editor()
    return publish_answer(make_draft(measure, *comments, by=by, **fields), by=by)


def leaves(kind: str = "answer") -> list[dict]:
    sequence()
    return [json.loads(leaf) for leaf in LedgerEntry.objects.filter(kind=kind).values_list("leaf", flat=True)]


def told() -> list[tuple]:
    return list(Notice.objects.order_by("pk").values_list("participant", "kind", "comment", "answer"))


def html_of(address: str, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    return response.content.decode()


def page_of(measure, language: str = "en") -> str:
    return f"/{language}/measures/{measure.slug}/"
