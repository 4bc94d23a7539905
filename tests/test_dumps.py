"""Dumps: whole snapshots of the open data as files, equal to what the API says."""

import json
from collections import Counter
from datetime import UTC
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from feedback.api.changes import changes_of
from feedback.dumps import shelf
from feedback.dumps.dictionary import COLUMNS
from feedback.dumps.making import make_dump
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentCount, CommentVote, LedgerEntry, Tally
from tests.builders import make_comment, make_participant
from tests.dumps import (
    NASTY,
    bodies,
    busy_portal,
    described,
    everything_written,
    lines,
    made,
)
from tests.programme_builders import make_measure
from tests.test_api_reading import everything, got

# Tables that are lists of the API, with the order that they have in a dump.
LISTS = {
    "programmes": {},
    "principles": {},
    "measures": {},
    "questions": {},
    "targets": {},
    "comments": {"ordering": "created"},
    "tallies": {},
    "answers": {"ordering": "published"},
    "rules": {},
    "decisions": {"ordering": "decided"},
}
OTHERS = ["editions", "readings", "ratings", "tallies_over_time", "ledger"]


@pytest.mark.django_db
def test_json_lines_are_what_the_api_answers_byte_for_byte(client):
    busy_portal()
    folder = made()
    for table, query in LISTS.items():
        assert bodies(folder, table) == everything(client, f"{table}/", page_size=7, **query), table
        assert bodies(folder, table) != [], table
    comments = [client.get(f"/api/v1/comments/{row['id']}/").content for row in bodies(folder, "comments")]
    assert lines(folder, "comments") == comments
    answers = [client.get(f"/api/v1/answers/{row['code']}/").content for row in bodies(folder, "answers")]
    assert lines(folder, "answers") == answers
    assert [unlisted for unlisted in COLUMNS if unlisted not in LISTS] == OTHERS


@pytest.mark.django_db
def test_ratings_are_the_released_leaves_in_order_and_give_the_tallies(client):
    measure = busy_portal()
    folder = made()
    leaves = [
        {"seq": entry.seq, **json.loads(entry.leaf)}
        for entry in LedgerEntry.objects.filter(kind__startswith="rating").order_by("seq")
    ]
    names = ["seq", "hour", "kind", "measure", "question", "edition", "who", "value"]
    rows = bodies(folder, "ratings")
    assert [list(row) for row in rows] == [names] * 10
    assert rows == [{name: leaf.get(name) for name in names} for leaf in leaves]
    (tally,) = [row for row in bodies(folder, "tallies") if row["counts"]]
    values = Counter(row["value"] for row in rows)
    assert tally["counts"] == [values[value] for value in range(1, 6)] == [1, 1, 1, 2, 5]
    assert (tally["measure"], tally["n"], tally["released_n"]) == (measure.slug, 12, 10)
    (released,) = bodies(folder, "tallies_over_time")
    assert [released[f"c{value}"] for value in range(1, 6)] == tally["counts"]
    assert (released["seq"], released["pool"]) == (tally["seq"], "first")
    assert tally["seq"] <= described(folder)["seq"] == LedgerEntry.objects.count()


@pytest.mark.django_db
def test_counts_reconcile_with_the_numbers_that_pages_show():
    busy_portal()
    folder = made()
    states = Counter((row["measure"], row["state"]) for row in bodies(folder, "comments"))
    for count in CommentCount.objects.select_related("measure"):
        for state in ("published", "hidden", "withdrawn", "erased"):
            assert states[count.measure.slug, state] == getattr(count, state)
    assert sum(states.values()) == Comment.objects.public().count()
    for row in bodies(folder, "measures"):
        assert row["comments"]["submitted"] == sum(
            number for state, number in row["comments"].items() if state != "submitted"
        )
    assert [tally.n for tally in Tally.objects.order_by("pk")] == [row["n"] for row in bodies(folder, "tallies")]


@pytest.mark.django_db
def test_nothing_that_nobody_may_read_is_in_any_file():
    busy_portal()
    folder = made()
    written = everything_written(folder)
    assert b"A first one." in written
    assert b"CANARY" not in written
    assert b"@example.org" not in written
    states = Counter(row["state"] for row in bodies(folder, "comments"))
    assert states == {"published": 3 + len(NASTY), "hidden": 1, "withdrawn": 1, "erased": 1}


@pytest.mark.django_db
def test_a_dump_that_fails_or_is_killed_on_its_way_leaves_nothing():
    busy_portal()

    def fail(table, rows):
        if table == "ratings" and rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_dump(fail)
    assert [path.name for path in shelf.home().iterdir()] == [".lock"]
    killed = shelf.home() / ".making-1"
    killed.mkdir()
    (killed / "comments.csv.gz").write_bytes(b"half")
    assert shelf.kept() == []
    name = make_dump().name
    assert sorted(path.name for path in shelf.home().iterdir()) == [".lock", name]


@pytest.mark.django_db
def test_the_same_contents_make_no_second_dump_and_other_contents_a_name_of_their_own():
    measure = make_measure()
    comment = make_comment(measure)
    sequence()
    first, again = make_dump(), make_dump()
    assert (first.new, again.new, again.name) == (True, False, first.name)
    Comment.objects.filter(pk=comment.pk).update(agree_count=3)  # a vote leaves no entry in the ledger
    second = make_dump()
    assert second.name == f"{first.name}-2"
    assert [dump.name for dump in shelf.kept()] == [second.name, first.name]
    assert first.name == f"{timezone.now().astimezone(UTC):%Y-%m-%d}-{LedgerEntry.objects.count()}"


@pytest.mark.django_db
def test_only_the_oldest_dumps_are_removed_and_never_the_newest():
    measure = make_measure()
    for number in range(3):
        make_comment(measure, text=f"Comment {number}.")
        sequence()
        make_dump()
    names = [dump.name for dump in shelf.kept()]
    assert (shelf.prune(2), [dump.name for dump in shelf.kept()]) == (names[2:], names[:2])
    assert (shelf.prune(0), [dump.name for dump in shelf.kept()]) == (names[1:2], names[:1])


@pytest.mark.django_db
def test_a_comment_whose_entry_still_waits_is_in_the_dump_and_comes_again_after_its_seq(client):
    measure = make_measure()
    make_comment(measure)
    sequence()
    waiting = make_comment(measure, text="Not numbered yet.")
    folder = made()
    seq = described(folder)["seq"]
    copy = {row["id"]: row for row in bodies(folder, "comments")}
    assert str(waiting.pk) in copy
    sequence()
    later = changes_of(list(LedgerEntry.objects.filter(seq__gt=seq)))
    assert [(change["kind"], change["key"]) for change in later] == [("comment", str(waiting.pk))]
    copy |= {change["key"]: change["data"] for change in later}
    assert sorted(copy) == sorted(row["id"] for row in got(client, "comments/")["results"])
    assert copy[str(waiting.pk)] == got(client, f"comments/{waiting.pk}/")


@pytest.mark.django_db(transaction=True)
def test_a_dump_is_of_one_moment_and_holds_up_no_writer():
    measure = make_measure()
    comment = make_comment(measure)
    sequence()
    head = LedgerEntry.objects.count()

    def write():
        try:
            make_comment(measure, text="Written meanwhile.")
            CommentVote.objects.create(comment=comment, participant=make_participant(), value=1)
            Comment.objects.filter(pk=comment.pk).update(agree_count=1)
            sequence()
        finally:
            connection.close()

    def meanwhile(table, rows):
        if (table, rows) == ("principles", 0):
            writer = Thread(target=write)
            writer.start()
            writer.join(20)
            assert not writer.is_alive()

    name = make_dump(meanwhile).name
    folder = shelf.home() / name
    assert LedgerEntry.objects.count() == head + 1
    assert described(folder)["seq"] == head
    (row,) = bodies(folder, "comments")
    assert (row["id"], row["votes"]["agree"]) == (str(comment.pk), 0)
    assert [row["comments"]["submitted"] for row in bodies(folder, "measures")] == [1]


@pytest.mark.django_db
def test_a_table_is_read_with_as_many_queries_for_thirty_rows_as_for_one(django_assert_max_num_queries):
    measure = make_measure()
    make_comment(measure)
    with django_assert_max_num_queries(40) as first:
        make_dump()
    for _ in range(3):
        make_comment(make_measure(measure.principle.programme))
        make_comment(measure)
    with django_assert_max_num_queries(len(first)):
        make_dump()
