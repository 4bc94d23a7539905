"""A demo's numbers and ledger entries are what actions and the sequencer would have made."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from feedback.demo import leaves
from feedback.ledger import leaves as proper
from feedback.ledger.canonical import canonical, comment_commitment
from feedback.ledger.recount import recount
from feedback.models import (
    Comment,
    CommentVersion,
    Decision,
    LedgerEntry,
    OutboxEntry,
    Participant,
    Rating,
    Tally,
)
from portal.plain_text import clean_text
from principles.models import Programme
from tests.demo import make_demo, until
from tests.programme_builders import load_fair_kazakhstan


@pytest.fixture
def programme(db) -> Programme:
    call_command("load_regions", verbosity=0, stdout=StringIO())
    call_command("load_rules", stdout=StringIO())
    return load_fair_kazakhstan()


def test_every_number_of_a_demo_is_made_and_equals_its_recount(programme):
    printed = make_demo()
    assert recount() == []
    assert (Participant.objects.count(), Comment.objects.count(), Rating.objects.count()) == (30, 60, 300)
    assert OutboxEntry.objects.count() == 0
    assert "Every kept number equals its recount." in printed
    assert re.search("30 participants, 300 ratings, 60 comments", printed)


def test_every_number_equals_its_recount_where_ratings_were_changed(programme):
    make_demo(participants=200, comments=5, ratings=4000)
    assert recount() == []
    assert LedgerEntry.objects.filter(kind="tally_released", leaf__contains='"pool":"change"').exists()
    assert Rating.objects.filter(waiting=True, released_once=True).exists()


def test_commitments_and_texts_are_what_actions_would_have_written(programme):
    make_demo()
    for version in CommentVersion.objects.select_related("comment__author"):
        author = version.comment.author.pseudonym
        assert clean_text(version.text) == version.text
        assert version.commitment == comment_commitment(
            text=version.text,
            author=author,
            language=version.language,
            stance=version.stance,
            salt=version.salt,
        )


def test_the_ledger_runs_in_order_of_time(programme):
    make_demo()
    hours = [
        re.search('"hour":"(.*?)"', leaf)[1]
        for leaf in LedgerEntry.objects.exclude(kind__in=["edition", "programme_opened"])
        .order_by("seq")
        .values_list("leaf", flat=True)
    ]
    assert hours == sorted(hours)
    assert hours[-1] <= until().strftime("%Y-%m-%dT%HZ")


def test_leaves_by_template_are_those_of_the_ledger(programme):
    make_demo(participants=200, ratings=4000)
    at = timezone.now()
    names = {"programme": programme.slug, "hour": proper.hour(at)}
    tally = Tally.objects.select_related("question", "edition__measure__principle__programme").first()
    rating = Rating.objects.filter(question=tally.question, edition=tally.edition).first()
    names |= {"measure": tally.edition.measure.slug, "question": tally.question.slug, "edition": tally.edition.number}
    for rating.value in (4, None):
        line = leaves.rating_line(who=rating.who.hex, value=rating.value, **names)
        assert line.leaf == canonical(proper.rating_leaf(rating, at))
    line = leaves.tally_line(pool="change", counts=[1, 0, 22, 3, 4], **names)
    assert line.leaf == canonical(proper.tally_released_leaf(tally, pool="change", counts=[1, 0, 22, 3, 4], at=at))


def test_leaves_of_comments_by_template_are_those_of_the_ledger(programme):
    make_demo()
    at = timezone.now()
    comment = Comment.objects.exclude(parent=None).select_related("measure", "latest").filter(withdrawn_at=None)[0]
    decision = Decision.objects.filter(action="hide").select_related("rule_version__rule", "comment__measure").first()
    proper.record_comment(comment, comment.latest, edited=True, moderation="pending", count_to="", at=at)
    proper.record_departure(comment, kind="comment_withdrawn", count_from="published", at=at)
    proper.record_decision(decision, decision.comment, count_from="", count_to="")
    names = {"programme": programme.slug, "measure": comment.measure.slug, "id_": str(comment.pk)}
    written = [
        leaves.comment_line(
            edition=comment.edition,
            parent=str(comment.parent_id),
            channel=comment.channel,
            moderation="pending",
            commitment=comment.latest.commitment,
            hour=proper.hour(at),
            edited=True,
            **names,
        ),
        leaves.departure_line(kind="comment_withdrawn", hour=proper.hour(at), **names),
        leaves.decision_line(
            programme=programme.slug,
            measure=decision.comment.measure.slug,
            id_=str(decision.comment_id),
            version=decision.commitment,
            to="hidden",
            rule=decision.rule_version.rule.code,
            decision=decision.pk,
            role=decision.role,
            hour=proper.hour(decision.created_at),
        ),
    ]
    outbox = OutboxEntry.objects.order_by("pk").values_list("kind", "measure", "key", "leaf")
    assert [tuple(line) for line in written] == list(outbox)
