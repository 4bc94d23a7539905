"""Staying in sync: the changes in order, and a copy that equals the lists once writers stop."""

import json
import random

import pytest
from django.test import Client

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import hide_comment, publish_comment
from feedback.actions.refusals import Refused
from feedback.admin.long_lists import KindFilter
from feedback.api.changes import COMMENT, RESOURCES
from feedback.ledger.checkpoints import publish
from feedback.ledger.receipts import comment_receipt
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, LedgerEntry
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, rate_as, rate_by_many, seen
from tests.programme_builders import make_measure, make_programme
from tests.test_api_reading import everything

# What other entries than a comment's own move: read live, and not part of what a copy is compared by.
LIVE = ("votes", "replies", "answers")


class Follower:
    """A stranger's copy, kept by one loop; `seq` is all that it remembers between two runs."""

    def __init__(self):
        self.seq, self.copy, self.seqs = 0, {}, []

    def follow(self, *, at_most: int | None = None, page_size: int = 7) -> None:
        pages = 0
        while at_most is None or pages < at_most:
            answer = Client().get("/api/v1/changes/", {"after": self.seq, "page_size": page_size})
            page = json.loads(answer.content)
            for change in page["results"]:
                self.copy[change["resource"], change["key"]] = change["data"]
                self.seqs.append(change["seq"])
            self.seq = page["next_after"]
            pages += 1
            if self.seq == page["head"]:
                break

    def comments(self) -> dict:
        return {
            key: {name: value for name, value in data.items() if name not in LIVE}
            for (resource, key), data in self.copy.items()
            if resource == "comments" and data
        }


@pytest.mark.django_db
def test_a_change_has_the_shape_that_others_programs_rely_on(client):
    comment = hide(make_comment(make_measure()))
    sequence()
    page = json.loads(client.get("/api/v1/changes/").content)
    assert set(page) == {"log", "results", "next_after", "head"}
    assert [row["seq"] for row in page["results"]] == list(range(1, page["head"] + 1))
    last = page["results"][-1]
    assert (last["kind"], last["resource"], last["key"], last["reason"]) == (
        "comment_moderated",
        "comments",
        str(comment.pk),
        "spam",
    )
    assert (last["data"]["state"], last["data"]["text"]) == ("hidden", None)
    assert set(last) == {"seq", "hour", "kind", "resource", "key", "measure", "data", "reason"}


@pytest.mark.django_db
def test_what_waits_for_moderation_is_an_entry_without_data(client):
    comment = make_comment(make_measure(make_programme(measures=0, moderation="before")), text="CANARY")
    sequence()
    (change,) = [
        row for row in json.loads(client.get("/api/v1/changes/").content)["results"] if row["resource"] == "comments"
    ]
    assert (change["key"], change["data"], change["reason"]) == (str(comment.pk), None, None)


@pytest.mark.django_db
def test_polling_at_the_head_costs_next_to_nothing(client, django_assert_max_num_queries):
    make_comment(make_measure())
    sequence()
    head = json.loads(client.get("/api/v1/changes/").content)["head"]
    with django_assert_max_num_queries(8):
        first = client.get("/api/v1/changes/", {"after": head})
    again = client.get("/api/v1/changes/", {"after": head}, headers={"if-none-match": first["ETag"]})
    assert (json.loads(first.content)["results"], again.status_code) == ([], 304)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_follower_that_is_stopped_and_resumed_ends_with_what_the_lists_have(client, seed):
    chance = random.Random(seed)  # noqa: S311
    programme = make_programme(measures=0, moderation=chance.choice(["before", "after"]))
    measures = [make_measure(programme) for _ in range(3)]
    people = [make_participant() for _ in range(6)]
    moderator, rule = make_moderator(), make_rule("spam")
    rate_by_many(measures[0], [1, 2, 3, 4, 5, 5, 5, 5, 5])
    follower, late = Follower(), Follower()

    def comment():
        found = Comment.objects.order_by("?").first()
        return found

    def decide(action, **further):
        found = comment()
        if found:
            action(found, by=moderator, rule=rule, explanation="Why.", **seen(found), **further)

    deeds = [
        lambda: make_comment(chance.choice(measures), by=chance.choice(people), text=f"Text {chance.random()}"),
        lambda: edit_comment(comment(), by=chance.choice(people), text=f"Other {chance.random()}", language="en"),
        lambda: withdraw_comment(comment(), by=chance.choice(people)),
        lambda: decide(hide_comment),
        lambda: decide(publish_comment),
        lambda: rate_as(chance.choice(people), measures[0], chance.randint(1, 5)),
        sequence,
        lambda: follower.follow(at_most=1),
    ]
    for _ in range(60):
        try:
            chance.choices(deeds, [6, 2, 1, 2, 2, 2, 2, 2])[0]()
        except (Refused, AttributeError):  # of a comment that is gone, or while there is none
            continue
    delete_account(people[0].user, erase_comments=True)
    sequence()
    follower.follow()
    late.follow(page_size=500)
    listed = {row["id"]: {k: v for k, v in row.items() if k not in LIVE} for row in everything(client, "comments/")}
    assert follower.comments() == listed == late.comments()
    tallies = {f"{row['measure']}/{row['question']}/{row['edition']}": row for row in everything(client, "tallies/")}
    # `n` counts those who still wait as well, before any entry tells of them.
    released = {key: row | {"n": 0} for key, row in tallies.items() if row["seq"]}
    assert {key: follower.copy["tallies", key] | {"n": 0} for key in released} == released
    assert follower.seqs == list(range(1, LedgerEntry.objects.count() + 1))


@pytest.mark.django_db
def test_what_the_ledger_says_of_itself_stands_among_the_changes(client):
    comment_receipt(make_comment(make_measure()))  # the first receipt has its key named in the ledger
    sequence()
    publish()
    page = json.loads(client.get("/api/v1/changes/").content)
    about = [change for change in page["results"] if change["resource"] == "ledger"]
    assert [(change["kind"], change["data"], change["measure"]) for change in about] == [("key_rotation", None, None)]
    assert {kind for kind in KindFilter.KINDS if RESOURCES.get(kind, COMMENT) == COMMENT} == {
        "comment",
        "comment_edited",
        "comment_moderated",
        "comment_redacted",
        "comment_withdrawn",
        "comment_erased",
        "appeal",
        "appeal_decided",
    }
