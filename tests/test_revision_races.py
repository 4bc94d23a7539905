"""Several people revise one measure, or load one file, at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from principles.actions import StaleEdition, load_programme, revise_measure
from principles.models import Edition, Measure
from principles.wording import Wording
from tests.programme_builders import in_three_languages, make_measure
from tests.programme_files import SMALL, dump

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
THREADS = 8


def at_once(work):
    """What `work(number)` returns, or the class of what it raises, in as many threads as there are."""

    def run(number):
        try:
            return work(number)
        except Exception as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def revise(number, expected_edition):
    words = in_three_languages(f"Words of {number}")
    wording = Wording(title=words, summary=words)
    measure = Measure.objects.get()
    return revise_measure(
        measure, wording=wording, figures=[], substantive=True, expected_edition=expected_edition
    ).number


def test_of_all_who_read_the_same_edition_one_revises_it():
    make_measure()

    outcomes = at_once(lambda number: revise(number, 1))

    assert sorted(outcomes, key=str) == [2] + [StaleEdition] * (THREADS - 1)
    assert Measure.objects.get().current_edition.number == 2


def test_editions_are_numbered_without_gap_or_double():
    make_measure()

    outcomes = at_once(lambda number: revise(number, None))

    assert sorted(outcomes) == list(range(2, THREADS + 2))
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == list(range(1, THREADS + 2))
    assert Measure.objects.get().current_edition.number == THREADS + 1


def test_a_file_loaded_several_times_at_once_is_loaded_once(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")

    outcomes = at_once(lambda number: load_programme(path).any)

    assert outcomes.count(True) == 1
    assert [len(rows) for rows in dump()] == [1, 1, 1, 1, 1, 2, 2, 1, 1]
