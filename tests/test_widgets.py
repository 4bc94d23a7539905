"""What other sites embed: the tallies of a measure in a frame, and a badge."""

from xml.etree import ElementTree

import pytest

from feedback.ledger.sequencer import sequence
from tests.builders import make_participant, rate_by_many, signed_in
from tests.programme_builders import make_measure


@pytest.fixture
def measure():
    measure = make_measure()
    rate_by_many(measure, [5] * 7 + [1] * 3)
    sequence()
    return measure


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_widget_may_stand_in_any_frame_and_shows_the_tally(client, measure, language):
    answer = client.get(f"/{language}/embed/measures/{measure.slug}/")
    policy = answer["Content-Security-Policy"]
    assert (answer.status_code, answer.get("X-Frame-Options")) == (200, None)
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "70%" in answer.content.decode()
    assert "<form" not in answer.content.decode()


@pytest.mark.django_db
def test_the_widget_is_the_same_for_everybody(client, measure):
    path = f"/en/embed/measures/{measure.slug}/"
    own = signed_in(make_participant()).get(path)
    assert (own.content, set(own["Cache-Control"].split(", "))) == (
        client.get(path).content,
        {"public", "max-age=60"},
    )


@pytest.mark.django_db
def test_the_badge_is_a_picture_with_the_numbers_in_words(client, measure):
    answer = client.get(f"/ru/embed/measures/{measure.slug}/badge.svg")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    assert answer["Content-Type"] == "image/svg+xml"
    assert root.get("aria-label") == f"{measure.code}: оценки 10 · 70 %"


@pytest.mark.django_db
def test_every_other_page_stays_out_of_frames(client, measure):
    answer = client.get(f"/en/measures/{measure.slug}/")
    assert (answer["X-Frame-Options"], "frame-ancestors 'none'" in answer["Content-Security-Policy"]) == ("DENY", True)
