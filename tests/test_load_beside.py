"""`manage.py load_programme` beside what stands already: another programme, and what this one may not drop."""

import pytest

from principles.models import Measure, Reading, Target
from tests.programme_builders import load_fair_kazakhstan
from tests.programme_files import SMALL, changed, dump, faults, load

pytestmark = pytest.mark.django_db


def test_two_programmes_stand_side_by_side(tmp_path):
    load(tmp_path, SMALL)
    small = dump()

    load_fair_kazakhstan()
    load(tmp_path, SMALL)

    assert [len(rows) for rows in dump()[:1]] == [2]
    assert [[row for row in now if row in then] for now, then in zip(dump(), small, strict=True)] == small
    assert Measure.objects.in_force().count() == 35


def test_slugs_of_another_programme_are_refused_with_their_lines(tmp_path):
    load(tmp_path, SMALL)

    assert faults(tmp_path, changed(("slug: small", "slug: other"))) == [
        "33: principle slug 'first' is taken by the programme 'small'",
        "38: measure slug 'one' is taken by the programme 'small'",
        "44: target slug 'one-target' is taken by the programme 'small'",
        "51: measure slug 'two' is taken by the programme 'small'",
    ]


def test_a_target_keeps_its_measure(tmp_path):
    load(tmp_path, SMALL)
    Reading.objects.create(
        target=Target.objects.get(),
        read_on="2026-01-01",
        value=3,
        source_name="x",
        source_url="https://x.kz",
        voice="government",
    )

    assert faults(tmp_path, changed(("slug: one\n", "slug: three\n"))) == [
        "44: target 'one-target' belongs to the measure 'one'; give this one another slug"
    ]


def test_a_question_is_not_dropped(tmp_path):
    load(tmp_path, SMALL)

    assert faults(tmp_path, changed(("slug: support", "slug: delivery"))) == [
        "18: question 'support' is missing: it was loaded before and cannot be dropped"
    ]


def test_times_are_held_against_those_that_staff_set(tmp_path):
    load(tmp_path, changed(("  opens: 2026-03-01\n", "")))
    assert faults(tmp_path, changed(("opens: 2026-03-01", "opens: 2026-05-01"), ("  closes: 2026-03-31\n", ""))) == [
        "2: programme: it would open 2026-05-01 00:00:00+05:00 and close 2026-03-31 19:00:00+00:00, "
        "by the times already set"
    ]
