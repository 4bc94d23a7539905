"""What changed between two editions is shown word by word."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from principles.wording_diff import word_diff
from tests.programme_builders import make_measure
from tests.test_tallies import revise

TEXTS = st.lists(st.sampled_from(["мектеп", "жол", "road", ",", " ", "\n", "7", "000", "ә", "ё"]), max_size=12).map(
    "".join
)


@given(before=TEXTS, after=TEXTS)
def test_a_diff_holds_both_texts(before, after):
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before


@pytest.mark.django_db
def test_an_edition_shows_its_words_against_the_one_before():
    measure = make_measure(title="Roads to villages", summary="Build good roads to all villages.")
    revise(measure, "Build good roads to most villages.")
    html = Client().get(f"/en/measures/{measure.slug}/editions/2/").content.decode()
    assert "Build good roads to <del>all</del><ins>most</ins> villages." in html
    assert "What changed against edition 1" in html
    assert "What changed against" not in Client().get(f"/en/measures/{measure.slug}/editions/1/").content.decode()
