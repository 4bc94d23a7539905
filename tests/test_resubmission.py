"""After a loss, authors send again what was lost, by its receipt; nobody does so in another's name."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from feedback.ledger.checkpoints import publish
from feedback.ledger.receipts import comment_receipt, rating_receipt
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentVersion, OutboxEntry, Rating
from tests.builders import make_comment, make_participant, rate_as, signed_in
from tests.programme_builders import make_measure
from tests.test_ledger_reopening import lose
from tests.test_receipts import said_of
from tests.test_tallies import revise
from tests.verifying import Portal, fault_of

AGAIN = "/en/profile/receipts/again/"


def number() -> None:
    sequence()
    publish()


def receipt_of(comment: Comment) -> dict:
    return comment_receipt(Comment.objects.get(pk=comment.pk))


def lost_comment(author, measure, **more) -> dict:
    """The receipt of a comment that a loss took; the ledger is reopened."""
    receipt_of(make_comment(measure, text="Said before the rest."))  # so that the kept part names the receipts' key
    number()
    receipt = receipt_of(make_comment(measure, by=author, text="Said and lost.", **more))
    number()
    lose(1)
    call_command("reopen_ledger", verbosity=0)
    return receipt


def send(client: Client, receipt: dict | str):
    text = receipt if isinstance(receipt, str) else json.dumps(receipt)
    return client.post(AGAIN, {"text": text})


@pytest.mark.django_db
def test_an_author_sends_a_lost_comment_again_as_a_new_act(client):
    author, measure = make_participant(), make_measure()
    receipt = lost_comment(author, measure, stance="for")
    assert AGAIN in client.post("/en/ledger/", {"text": json.dumps(receipt)}).content.decode()
    answer = send(signed_in(author), receipt)
    again = Comment.objects.get(author=author)
    assert (answer.status_code, answer.url) == (302, f"{measure.get_absolute_url()}#comment-{again.pk}")
    assert (again.latest.text, again.latest.stance) == ("Said and lost.", "for")
    assert str(again.pk) != receipt["leaf"]["id"]
    number()
    assert "is entry" in said_of(client, receipt_of(again))
    assert recount() == []
    assert fault_of(Portal()) is None


@pytest.mark.django_db
def test_nobody_sends_anothers_comment_again():
    receipt = lost_comment(make_participant(), make_measure())
    before = Comment.objects.count()
    stranger = make_participant()
    for doctored in (receipt, receipt | {"opening": receipt["opening"] | {"author": stranger.pseudonym}}):
        answer = send(signed_in(stranger), doctored)
        assert answer.status_code in {403, 409}
    assert (Client().post(AGAIN, {"text": json.dumps(receipt)})).status_code == 302
    assert Comment.objects.count() == before


@pytest.mark.django_db
def test_a_comment_is_sent_again_once():
    author = make_participant()
    receipt = lost_comment(author, make_measure())
    client = signed_in(author)
    assert [send(client, receipt).status_code for _ in range(3)] == [302, 409, 409]
    assert Comment.objects.filter(author=author).count() == 1


@pytest.mark.django_db
def test_a_receipt_without_its_words_cannot_send_them_again():
    author = make_participant()
    receipt = lost_comment(author, make_measure())
    bare = {name: value for name, value in receipt.items() if name != "opening"}
    assert send(signed_in(author), bare).status_code == 409
    assert Comment.objects.filter(author=author).count() == 0


@pytest.mark.django_db
def test_what_was_not_lost_is_not_sent_again():
    author, measure = make_participant(), make_measure()
    kept = receipt_of(make_comment(measure, by=author))
    client = signed_in(author)
    lost_comment(make_participant(), measure)
    before = Comment.objects.count()
    assert [send(client, text).status_code for text in (kept, "nonsense", kept | {"log": "x"}, "")] == [
        409,
        409,
        409,
        422,
    ]
    assert Comment.objects.count() == before


def reopen_without(change) -> None:
    """A comment is lost, `change` beside it, and the ledger is reopened."""
    number()
    make_comment(make_measure())
    number()
    lose(1)
    change()
    call_command("reopen_ledger", verbosity=0)


@pytest.mark.django_db
def test_an_edit_that_was_lost_is_made_again_to_the_comment_that_was_kept(client):
    author, measure = make_participant(), make_measure()
    comment = Comment.objects.get(pk=make_comment(measure, by=author, text="As it was first.").pk)
    number()
    kept = comment.latest_id
    # What an older backup would have: the comment without its edit.
    edited = signed_in(author).post(
        f"/en/measures/{measure.slug}/comments/{comment.pk}/edit/", {"text": "As it was then.", "edition": 1}
    )
    assert edited.status_code == 302
    receipt = receipt_of(comment)

    def forget():
        Comment.objects.filter(pk=comment.pk).update(latest=kept, shown=kept, edited_at=None)
        CommentVersion.objects.filter(comment=comment.pk).exclude(pk=kept).delete()

    OutboxEntry.objects.all().delete()
    reopen_without(forget)
    assert said_of(client, receipt).startswith("The ledger was reopened after a loss")
    assert send(signed_in(author), receipt).status_code == 302
    assert Comment.objects.get(pk=comment.pk).latest.text == "As it was then."


@pytest.mark.django_db
def test_a_lost_rating_is_given_again_and_a_newer_one_stands(client):
    author, measure = make_participant(), make_measure()
    receipt = rating_receipt(Rating.objects.get(pk=rate_as(author, measure, 4).pk))
    reopen_without(lambda: Rating.objects.all().delete())
    assert said_of(client, receipt).startswith("The ledger was reopened after a loss")
    assert send(signed_in(author), receipt).status_code == 302
    assert Rating.objects.get(participant=author).value == 4
    other = make_participant()
    rate_as(other, measure, 1)
    assert send(signed_in(other), receipt).status_code == 409
    assert Rating.objects.get(participant=other).value == 1


@pytest.mark.django_db
def test_a_wording_that_changed_since_asks_to_look_again():
    author, measure = make_participant(), make_measure()
    receipt = lost_comment(author, measure)
    revise(measure, "Another wording")
    answer = send(signed_in(author), receipt)
    assert (answer.status_code, "has changed since" in answer.content.decode()) == (409, True)
    assert Comment.objects.filter(author=author).count() == 0
