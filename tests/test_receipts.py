"""Receipts: what they promise, where authors find them, and what the ledger's page says of them in plain words."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.rating import withdraw_rating
from feedback.actions.tokens import make_token
from feedback.ledger.checkpoints import publish
from feedback.ledger.receipts import comment_receipt, rating_receipt
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, LedgerEntry, OutboxEntry, Rating, SigningKey
from principles.models import Programme
from tests.builders import hide, make_comment, make_participant, rate_as, rate_by_many, signed_in
from tests.programme_builders import make_measure
from tests.verifying import Portal, fault_of

LEDGER = "/en/ledger/"


def receipt_of(row) -> dict:
    row = type(row).objects.get(pk=row.pk)
    return comment_receipt(row) if isinstance(row, Comment) else rating_receipt(row)


def work() -> None:
    sequence()
    publish()


def said_of(client, receipt: dict | str) -> str:
    """What the ledger's page says, without its marks and line breaks."""
    text = receipt if isinstance(receipt, str) else json.dumps(receipt)
    html = client.post(LEDGER, {"text": text}).content.decode()
    return " ".join(html.split('role="status">')[1].split("</div>")[0].replace("<p>", "").replace("</p>", "").split())


@pytest.mark.django_db
def test_a_rating_waits_then_is_counted_and_later_changed(client):
    measure = make_measure()
    author = make_participant()
    first = receipt_of(rate_as(author, measure, 4))
    assert (first["promise"], first["leaf"]["value"]) == ({"pool": "first", "after_seq": 0, "groups": 2}, 4)
    assert said_of(client, first).startswith("The rating is in; it joins the results with the next group of ten.")
    rate_by_many(measure, [2] * 9)
    work()
    seq = LedgerEntry.objects.get(key=first["leaf"]["who"]).seq
    assert said_of(client, first) == f"The rating is entry {seq} of {LedgerEntry.objects.count()} and is counted."
    rate_as(author, measure, 1)
    second = receipt_of(Rating.objects.get(participant=author))
    assert second["promise"]["pool"] == "change"
    assert second["promise"]["after_seq"] == LedgerEntry.objects.filter(kind="tally_released").last().seq
    for rater in Rating.objects.exclude(participant=author).values_list("participant", flat=True):
        rate_as(type(author).objects.get(pk=rater), measure, 3)
    work()
    assert "was changed or taken back later" in said_of(client, first)
    assert "and is counted" in said_of(client, second)
    assert recount() == []
    assert fault_of(Portal(), receipts=[("first", first), ("second", second)]) is None


@pytest.mark.django_db
def test_a_rating_that_was_left_out_of_two_groups_is_a_broken_promise(client):
    measure = make_measure()
    left_out = rate_as(make_participant(), measure, 5)
    receipt = receipt_of(left_out)
    Rating.objects.filter(pk=left_out.pk).delete()  # what an operator could do
    for _ in range(2):
        rate_by_many(measure, [1] * 10)
        work()
    assert said_of(client, receipt).startswith("The promise of this receipt was not kept")
    assert "2 groups of its pool were released since" in fault_of(Portal(), receipts=[("mine", receipt)])


@pytest.mark.django_db
def test_a_rating_whose_group_never_came_together_is_withheld(client):
    measure = make_measure()
    receipt = receipt_of(rate_as(make_participant(), measure, 5))
    Programme.objects.update(closes_at=timezone.now())
    sequence(timezone.now() + timedelta(seconds=61))
    publish()
    assert said_of(client, receipt).startswith("The consultation, or this wording, ended before ten")
    assert fault_of(Portal(), receipts=[("mine", receipt)]) is None


@pytest.mark.django_db
def test_a_comment_is_due_then_entered_and_its_state_is_said(client):
    comment = make_comment(make_measure())
    receipt = receipt_of(comment)
    assert receipt["promise"] == {"within_hours": 24}
    assert said_of(client, receipt).startswith("The comment is not in the ledger yet")
    work()
    said = f"The comment is entry 3 of {LedgerEntry.objects.count()}. Its state today: "
    assert said_of(client, receipt) == said + "published."
    hide(comment)
    assert said_of(client, receipt) == said + "hidden."
    work()
    assert fault_of(Portal(), receipts=[("mine", receipt)]) is None


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["text", "author", "stance", "salt", None])
def test_words_that_a_receipt_was_not_given_for_are_not_taken_for_its_words(client, part):
    comment = make_comment(make_measure())
    receipt = receipt_of(comment)
    work()
    forged = receipt | {"opening": receipt["opening"] | {part: "other"} if part else None}
    assert said_of(client, forged).startswith("The words in this receipt are not the ones that it was given for")
    bare = {name: value for name, value in receipt.items() if name != "opening"}
    assert said_of(client, bare).endswith("The receipt does not hold its words, so they were not compared.")


@pytest.mark.django_db
def test_a_rating_that_was_changed_or_taken_back_while_it_waited_is_not_said_to_wait(client):
    measure, author = make_measure(), make_participant()
    first = receipt_of(rate_as(author, measure, 4))
    second = receipt_of(rate_as(author, measure, 2))
    assert said_of(client, first).startswith("The rating was changed or taken back before it joined the results")
    assert said_of(client, second).startswith("The rating is in; it joins the results with the next group of ten.")
    withdraw_rating(author, measure=measure.slug, question="support", edition=1)
    assert said_of(client, second).startswith("The rating was changed or taken back before it joined the results")


@pytest.mark.django_db
def test_a_comment_that_is_missing_after_a_day_is_a_broken_promise(client, time_machine):
    comment = make_comment(make_measure())
    receipt = receipt_of(comment)
    OutboxEntry.objects.all().delete()  # what an operator could do
    make_comment(make_measure())
    work()
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert said_of(client, receipt).startswith("The promise of this receipt was not kept")


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["leaf", "issued", "promise", "log", "key", "signature"])
def test_a_receipt_of_which_anything_was_changed_is_refused(client, part):
    receipt = receipt_of(rate_as(make_participant(), make_measure(), 4))
    work()
    other = {
        "leaf": receipt["leaf"] | {"value": 5},
        "issued": "2020-01-01T00:00:00Z",
        "promise": receipt["promise"] | {"after_seq": 7},
        "log": "elsewhere",
        "key": "A" * 43 + "=",
        "signature": "A" * 86 + "==",
    }
    doctored = receipt | {part: other[part]}
    assert said_of(client, doctored).startswith("This receipt does not bear this portal's signature")
    assert "not signed" in fault_of(Portal(), receipts=[("mine", doctored)])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["{}", "[]", "7", "nonsense", '{"key": "x"}', "[" * 5000, '{"key": 3, "signature": 4}']
)
def test_what_is_no_receipt_is_said_to_be_none(client, text):
    assert said_of(client, text).startswith("This is not a receipt")


@pytest.mark.django_db
def test_a_receipt_may_be_sent_as_its_file_and_nothing_at_all_is_asked_again(client):
    receipt = receipt_of(make_comment(make_measure()))
    file = SimpleUploadedFile("receipt.json", json.dumps(receipt).encode())
    assert b"not in the ledger yet" in client.post(LEDGER, {"file": file}).content
    assert client.post(LEDGER, {}).status_code == 422


@pytest.mark.django_db
def test_authors_find_and_download_their_receipts_and_nobody_elses():
    measure = make_measure()
    author, other = make_participant(), make_participant()
    comment = make_comment(measure, by=author)
    rate_as(author, measure, 4)
    addresses = [
        f"/en/profile/receipts/ratings/{measure.slug}/support/",
        f"/en/profile/receipts/comments/{comment.pk}/",
    ]
    profile = signed_in(author).get("/en/profile/").content.decode()
    for address in addresses:
        assert f'href="{address}"' in profile
        assert signed_in(author).get(address).status_code == 200
        assert signed_in(other).get(address).status_code == 404
    file = signed_in(author).get(f"{addresses[1]}?file")
    assert file["Content-Disposition"] == f'attachment; filename="receipt-{comment.pk}.json"'
    assert json.loads(file.content) == receipt_of(comment)
    page = signed_in(author).get(measure.get_absolute_url()).content.decode()
    assert page.count(addresses[0]) == 1


@pytest.mark.django_db
def test_what_was_taken_back_or_erased_has_no_receipt_any_more():
    measure, author = make_measure(), make_participant()
    rating, comment = rate_as(author, measure, 4), make_comment(measure, by=author)
    withdraw_rating(author, measure=measure.slug, question="support", edition=1)
    withdraw_comment(comment, by=author)
    assert receipt_of(rating) is None
    assert receipt_of(comment)["leaf"]["kind"] == "comment"
    delete_account(author.user, erase_comments=True)
    assert receipt_of(comment) is None


@pytest.mark.django_db
def test_the_api_gives_a_receipt_with_each_rating_and_comment(client):
    measure, author = make_measure(), make_participant()
    token = make_token(author.user, name="t", scope="write")[1]
    headers = {"Authorization": f"Bearer {token}"}
    body = {"value": 3, "edition": 1}
    rated = client.put(f"/api/v1/ratings/{measure.slug}/support/", body, "application/json", headers=headers).json()
    assert rated["receipt"]["leaf"]["value"] == 3
    written = {"measure": measure.slug, "text": "A school is needed.", "language": "en"}
    comment = client.post("/api/v1/comments/", written, "application/json", headers=headers).json()
    assert comment["receipt"]["leaf"]["commitment"] == comment["commitment"]
    assert comment["receipt"]["opening"]["text"] == "A school is needed."
    work()
    assert fault_of(Portal(), receipts=[("rating", rated["receipt"]), ("comment", comment["receipt"])]) is None


@pytest.mark.django_db
def test_the_key_of_receipts_is_a_file_of_the_web_servers_and_is_named_in_the_ledger(settings):
    receipt = receipt_of(make_comment(make_measure()))
    assert Path(settings.RECEIPT_KEY).stat().st_mode & 0o777 == 0o600
    work()
    entry = LedgerEntry.objects.get(kind="key_rotation")
    assert json.loads(entry.leaf) == {
        "v": 1,
        "kind": "key_rotation",
        "programme": None,
        "measure": None,
        "hour": json.loads(entry.leaf)["hour"],
        "role": "receipts",
        "key": receipt["key"],
        "previous": None,
        "signature": None,
    }
    assert SigningKey.objects.get(role="receipts").announced == entry.seq
    work()
    assert LedgerEntry.objects.filter(kind="key_rotation").count() == 1


@pytest.mark.django_db
def test_the_ledgers_page_shows_the_checkpoint_and_offers_the_verifier(client):
    make_comment(make_measure())
    work()
    html = client.get(LEDGER).content.decode()
    assert "testserver" not in html
    assert f"has {LedgerEntry.objects.count()} entries" in html
    file = client.get(f"{LEDGER}verify_consultation.py")
    assert file.content.startswith(b"#!/usr/bin/env python3\n")
    assert 'filename="verify_consultation.py"' in file["Content-Disposition"]


@pytest.mark.django_db
def test_a_check_costs_as_many_queries_at_thirty_entries_as_at_one(client, django_assert_max_num_queries):
    measure = make_measure()
    receipt = receipt_of(rate_as(make_participant(), measure, 4))
    for _ in range(3):
        rate_by_many(measure, [2] * 10)
        work()
        with django_assert_max_num_queries(12):
            said_of(client, receipt)
