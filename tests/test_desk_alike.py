"""Beside an item of the desk: the texts on the same measure that are most like it, read in bounded cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.actions.comments import withdraw_comment
from feedback.admin.desk.sight import alike
from feedback.search import alike as likeness
from feedback.search.alike import most_alike
from feedback.search.index import reindex
from tests.builders import hide, make_comment, make_participant
from tests.desk import at_the_desk, page_of, text_of
from tests.plans import forbid_scans, scans_of
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
ROOF = "The roof of the village school has leaked for three winters and nobody repairs it."
SAME_ROOF = "For three winters our school has had a leaking roof; who repairs roofs in a village?"
ROAD = "Lorries have broken the road to the district centre, and the police look away."
BUS = "A bus to the village twice a day would help old people to see a doctor."


def texts(comments) -> list[str]:
    return [comment.latest.text for comment in comments]


def test_the_likest_texts_on_the_measure_come_first_and_others_do_not_come():
    measure = make_measure()
    for text in (ROAD, SAME_ROOF, BUS):
        make_comment(measure, text=text)
    make_comment(make_measure(), text=SAME_ROOF)
    comment = make_comment(measure, text=ROOF)
    assert texts(alike(comment)) == [SAME_ROOF]
    assert [other.measure_id for other in alike(comment)] == [measure.pk]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Мектептің төбесі ағып тұр, жөндеу керек.", "Біздің мектептің төбесінен су ағады, жөндеңіздер."),
        ("Крыша школы течёт третий год.", "В школе третий год течет крыша!"),
    ],
)
def test_texts_are_alike_in_their_endings_too(one, other):
    measure = make_measure()
    for text in (other, ROAD, BUS):
        make_comment(measure, text=text)
    assert texts(alike(make_comment(measure, text=one))) == [other]


def test_nearly_the_same_text_comes_before_what_is_only_alike_and_once():
    measure = make_measure()
    make_comment(measure, text=SAME_ROOF)
    copied = make_comment(make_measure(), text=ROOF)
    make_comment(measure, text=ROAD)
    comment = make_comment(measure, text=f"{ROOF}!!")
    assert texts(alike(comment)) == [copied.latest.text, SAME_ROOF]
    again = make_comment(measure, text=f"{ROOF}?")
    assert sorted(texts(alike(again))) == sorted([copied.latest.text, comment.latest.text, SAME_ROOF])


def test_a_text_that_is_not_public_is_compared_and_not_compared_with():
    measure, author = make_measure(), make_participant()
    hide(make_comment(measure, text=SAME_ROOF))
    withdraw_comment(make_comment(measure, by=author, text=SAME_ROOF), by=author)
    make_comment(measure, text=f"Please: {SAME_ROOF}")
    comment = make_comment(measure, text=ROOF)
    hide(comment)
    comment.refresh_from_db()
    assert most_alike(comment, 5) == [measure.comments.get(state="published").pk]


def test_a_word_or_two_of_the_subject_make_no_texts_alike():
    measure = make_measure()
    for text in (ROAD, BUS, ROOF):
        make_comment(measure, text=text)
    assert (
        alike(
            make_comment(
                measure,
                text="Teachers in our district get their pay late each month, so the school of the village loses them.",
            )
        )
        == []
    )
    assert alike(make_comment(measure, text="School!")) == []


def test_the_page_of_an_item_shows_them_masked():
    measure = make_measure()
    make_comment(measure, text=f"{SAME_ROOF} Call me: +7 701 123 45 67")
    page = text_of(at_the_desk().get(page_of(make_comment(measure, text=ROOF))))
    assert "Similar texts" in page
    assert SAME_ROOF[:40] in page
    assert "701 123 45 67" not in page


def test_one_query_reads_a_bounded_number_of_the_newest(monkeypatch):
    measure = make_measure()
    for number in range(4):
        make_comment(measure, text=f"{SAME_ROOF} {number}")
    comment = make_comment(measure, text=ROOF)
    monkeypatch.setattr(likeness, "LOOKED_AT", 3)
    with CaptureQueriesContext(connection) as queries:
        found = most_alike(comment, 5)
    assert (len(queries), len(found)) == (1, 2)
    assert "LIMIT 3" in queries[0]["sql"]


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL's planner")
def test_no_growing_table_is_scanned():
    measures = [make_measure() for _ in range(3)]
    for number in range(30):
        make_comment(measures[number % 3], text=f"{SAME_ROOF} {number}")
    comment = make_comment(measures[0], text=ROOF)
    reindex()
    forbid_scans()
    with CaptureQueriesContext(connection) as queries:
        most_alike(comment, 5)
    assert [scan for query in queries for scan in scans_of(query["sql"])] == []
