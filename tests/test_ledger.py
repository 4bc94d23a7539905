"""The ledger's entries in their final form, against the document that describes them."""

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from feedback.actions.appeals import appeal_decision, rule_on_appeal
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import redact_comment
from feedback.actions.rating import withdraw_rating
from feedback.actions.reactions import vote_on_comment
from feedback.ledger import triggers
from feedback.ledger.checkpoints import publish
from feedback.ledger.leaves import wording_digest
from feedback.ledger.recount import recount
from feedback.ledger.reopening import reopen
from feedback.ledger.rotation import rotate_log_key, rotate_receipt_key
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentVote, LedgerEntry, OutboxEntry, Participant, SigningKey, Tally
from principles.models import Programme
from tests.answers import make_answer
from tests.builders import (
    hide,
    make_comment,
    make_moderator,
    make_participant,
    make_rule,
    rate_as,
    rate_by_many,
    seen,
)
from tests.programme_builders import load_fair_kazakhstan, make_measure
from tests.test_tallies import revise

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "ledger.md"
COMMON = {"v", "kind", "programme", "measure", "hour"}


def leaves() -> list[dict]:
    return [json.loads(leaf) for leaf in LedgerEntry.objects.order_by("seq").values_list("leaf", flat=True)]


def documented() -> dict[str, set[str]]:
    """The fields of every kind, as the document's table says."""
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return {kind: set(re.findall(r"`(\w+)`", fields)) for kind, fields in rows}


def let_everything_happen():
    """One measure through every kind of entry."""
    measure = make_measure()
    raters = rate_by_many(measure, [4] * 10)
    sequence()
    for rater in raters:
        withdraw_rating(rater, measure=measure.slug, question="support", edition=1)
    sequence()
    rate_as(raters[0], measure, 2)
    author = make_participant()
    first = make_comment(measure, by=author)
    make_answer(measure, make_comment(measure, parent=first))
    edit_comment(first, by=author, text="Changed.", language="en")
    hidden = hide(make_comment(measure))
    appeal = appeal_decision(hidden.hiding_decision, by=hidden.author, text="It names no shop.")
    rule_on_appeal(appeal, by=make_moderator(), reverse=True, explanation="So it is.", **seen(hidden))
    redacted = make_comment(measure, text="Ask for it at my shop.")
    span = {"spans": [(0, 3)], "rule": make_rule(), "explanation": "It advertises."}
    redact_comment(redacted, by=make_moderator(), **span, **seen(redacted))
    withdraw_comment(first, by=author)
    delete_account(author.user, erase_comments=True)
    revise(measure, "Quite another wording")
    sequence()
    Programme.objects.update(closes_at=timezone.now())
    sequence(timezone.now() + timedelta(seconds=61))
    publish()
    rotate_log_key()
    triggers.lift(connection)
    LedgerEntry.objects.last().delete()  # a loss, which is said in public
    triggers.install(connection)
    SigningKey.objects.filter(role="log").update(announced=None)
    reopen()
    rotate_receipt_key()
    return measure


@pytest.mark.django_db
def test_every_leaf_has_the_kind_and_the_fields_that_the_document_lists():
    let_everything_happen()
    seen = {leaf["kind"]: set(leaf) - COMMON for leaf in leaves()}
    assert seen == documented()
    assert all(leaf.keys() >= COMMON for leaf in leaves())


@pytest.mark.django_db
def test_every_leaf_is_canonical_and_hashed_as_rfc_9162_says():
    let_everything_happen()
    for entry in LedgerEntry.objects.all():
        leaf = entry.leaf.encode()
        assert rfc8785.dumps(json.loads(leaf)) == leaf
        assert bytes(entry.leaf_hash) == hashlib.sha256(b"\x00" + leaf).digest()
        parsed = json.loads(leaf)
        assert parsed["v"] == 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\dZ", parsed["hour"])
        assert (parsed["kind"], parsed["programme"] or "", parsed["measure"] or "") == (
            entry.kind,
            entry.programme,
            entry.measure,
        )


@pytest.mark.django_db
def test_the_ledger_names_nobody():
    let_everything_happen()
    everything = "\n".join(LedgerEntry.objects.values_list("leaf", flat=True))
    for participant in Participant.objects.select_related("user"):
        assert participant.pseudonym not in everything
    assert "example.org" not in everything
    assert "Person" not in everything


@pytest.mark.django_db
def test_the_shipped_programme_opens_with_its_thirty_three_editions():
    load_fair_kazakhstan()
    call_command("sequence_ledger", verbosity=0)
    kinds = [leaf["kind"] for leaf in leaves()]
    assert kinds == ["programme_opened"] + ["edition"] * 33
    call_command("sequence_ledger", verbosity=0)
    assert LedgerEntry.objects.count() == 34


@pytest.mark.django_db
def test_the_digest_of_a_wording_moves_with_any_word_of_it():
    measure = make_measure()
    first = wording_digest(measure.current_edition)
    revise(measure, "Other words", substantive=False)
    assert wording_digest(measure.current_edition) != first
    assert len(first) == 64


@pytest.mark.django_db
def test_more_than_a_batch_is_moved_in_order(monkeypatch):
    monkeypatch.setattr("feedback.ledger.sequencer.BATCH", 3)
    measure = make_measure()
    made = [str(make_comment(measure).pk) for _ in range(8)]
    sequence()
    assert list(LedgerEntry.objects.filter(kind="comment").order_by("seq").values_list("key", flat=True)) == made
    assert OutboxEntry.objects.count() == 0
    assert recount() == []


@pytest.mark.django_db
def test_an_edition_comes_after_what_was_said_before_it_and_before_what_was_said_of_it():
    measure = make_measure()
    sequence()
    make_comment(measure, text="of the old wording")
    revise(measure, "The new wording")
    make_comment(measure, text="of the new wording")
    sequence()
    assert [(leaf["kind"], leaf["edition"]) for leaf in leaves()[-3:]] == [
        ("comment", 1),
        ("edition", 2),
        ("comment", 2),
    ]


@pytest.mark.django_db
def test_a_consultation_that_opens_again_goes_on_counting():
    measure = make_measure()
    rate_by_many(measure, [5] * 4)
    Programme.objects.update(closes_at=timezone.now() - timedelta(minutes=2))
    sequence()
    Programme.objects.update(closes_at=None)
    sequence()
    rate_by_many(measure, [1] * 6)
    sequence()
    assert Tally.objects.get().counts == [6, 0, 0, 0, 4]
    assert [leaf["kind"] for leaf in leaves() if leaf["kind"].startswith("programme")] == [
        "programme_opened",
        "programme_closed",
        "programme_opened",
    ]
    assert recount() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda: Tally.objects.update(count_1=7), "are kept, rows give"),
        (lambda: OutboxEntry.objects.update(count_to="hidden"), "comments hidden are kept"),
        (lambda: LedgerEntry.objects.filter(kind="rating")[:1].get().delete(), "is missing"),
        (
            lambda: LedgerEntry.objects.filter(kind="rating").update(leaf='{"kind":"edition"}'),
            "does not match its hash",
        ),
        (lambda: LedgerEntry.objects.filter(kind="rating").update(key="another"), "is kept under another"),
    ],
)
def test_recount_finds_what_was_doctored(spoil, complaint):
    measure = make_measure()
    rate_by_many(measure, [4] * 10)
    sequence()
    make_comment(measure)
    assert recount() == []
    triggers.lift(connection)
    spoil()
    triggers.install(connection)
    assert any(complaint in difference for difference in recount())


@pytest.mark.django_db
def test_recount_names_each_comment_whose_votes_or_replies_were_doctored():
    measure = make_measure()
    voted, unvoted, replied, *others = sorted((make_comment(measure) for _ in range(6)), key=lambda each: each.pk)
    for comment in (voted, replied, others[0]):
        make_comment(measure, parent=comment)
        vote_on_comment(comment, by=make_participant(), value=1)
        vote_on_comment(comment, by=make_participant(), value=-1)
    assert recount() == []
    CommentVote.objects.filter(comment=voted, value=1).delete()
    CommentVote.objects.create(comment=unvoted, participant=make_participant(), value=1)
    Comment.objects.filter(parent=replied).update(parent=others[1])
    assert [difference for difference in recount() if "kept" in difference] == [
        f"comment {voted.pk}: votes (1, 1) are kept, (0, 1) are there",
        f"comment {unvoted.pk}: votes (0, 0) are kept, (1, 0) are there",
        f"comment {replied.pk}: 1 replies are kept, 0 are there",
        f"comment {others[1].pk}: 0 replies are kept, 1 are there",
    ]


@pytest.mark.django_db
def test_recount_follows_ratings_that_are_changed_twice_and_taken_back():
    measure = make_measure()
    first, second = rate_by_many(measure, [4] * 10), rate_by_many(measure, [4] * 10)
    sequence()
    for rater in first:
        rate_as(rater, measure, 2)
    sequence()
    for rater in first[:9]:
        rate_as(rater, measure, 5)
    withdraw_rating(first[9], measure=measure.slug, question="support", edition=1)
    for rater in second:  # only they bring the pool to its ten again
        rate_as(rater, measure, 1)
    sequence()
    assert Tally.objects.get().counts == [10, 0, 0, 0, 9]
    assert recount() == []
    Tally.objects.update(count_5=0, count_2=9)
    assert [difference for difference in recount() if "the ledger gives" in difference] == [
        f"tally {(measure.slug, 'support', 1)}: [10, 9, 0, 0, 0] at {Tally.objects.get().seq} are kept, "
        "the ledger gives [10, 0, 0, 0, 9]"
    ]
