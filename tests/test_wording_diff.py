"""What changed between two editions is shown word by word."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from principles.actions import revise_measure
from principles.wording import Wording
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


def test_a_text_that_stayed_by_and_large_is_told_word_by_word():
    pieces = word_diff("Build good roads to all villages.", "Build good roads to most villages.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Build good roads to "),
        ("gone", "all"),
        ("new", "most"),
        ("same", " villages."),
    ]


def test_a_wholly_new_text_stands_whole_beside_the_old_one():
    before, after = "Pipes and pumps for the villages of Turkistan.", "All of the towns are supplied with water."
    assert [(piece.kind, piece.text) for piece in word_diff(before, after)] == [("gone", before), ("new", after)]


@pytest.mark.django_db
def test_a_new_wording_stands_in_blocks_on_the_page():
    measure = make_measure(title="Roads to villages", summary="Build good roads to all villages.")
    revise(measure, "Water for towns.")
    html = Client().get(f"/en/measures/{measure.slug}/editions/2/").content.decode()
    assert '<span class="meta" lang="en">Before:</span> <del>Build good roads to all villages. (en)</del></p>' in html
    assert '<span class="meta" lang="en">Now:</span> <ins>Water for towns.</ins></p>' in html
    assert "<del>removed" not in html


@pytest.mark.django_db
def test_what_changed_and_why_is_said_in_the_readers_language_alone():
    measure = make_measure(title="Roads to villages", summary="Build good roads to all villages.")
    wording = Wording(title={"en": "Roads"}, summary={"en": "Build roads."})
    note = {"kk": "Қысқарды.", "ru": "Стало короче."}
    revise_measure(measure, wording=wording, figures=[], substantive=True, note=note)
    address = f"measures/{measure.slug}/editions/2/"
    assert "Не өзгерді және неге: Қысқарды.</p>" in Client().get(f"/kk/{address}").content.decode()
    assert "Что изменилось и почему: Стало короче.</p>" in Client().get(f"/ru/{address}").content.decode()
    assert '<span lang="ru">Стало короче.</span>' in Client().get(f"/en/{address}").content.decode()


@pytest.mark.django_db
def test_an_edition_shows_its_words_against_the_one_before():
    measure = make_measure(title="Roads to villages", summary="Build good roads to all villages.")
    revise(measure, "Build good roads to most villages.")
    html = Client().get(f"/en/measures/{measure.slug}/editions/2/").content.decode()
    assert "Build good roads to <del>all</del><ins>most</ins> villages." in html
    assert "What changed since edition 1" in html
    assert "What changed since" not in Client().get(f"/en/measures/{measure.slug}/editions/1/").content.decode()
