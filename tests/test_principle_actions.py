"""Adding measures and revising them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from principles.actions import NothingChanged, StaleEdition, revise_measure
from principles.models import Edition, Measure, Target, TargetFigure
from principles.wording import Figure, Wording, figures_of, wording_of
from tests.programme_builders import in_three_languages, make_measure, make_programme

pytestmark = pytest.mark.django_db


def classrooms(slug="classrooms-opened", value="7000"):
    return Figure(slug, in_three_languages("Classrooms opened"), "at_least", Decimal(value), "classrooms", 2030)


def reworded(text="Other words"):
    return Wording(title=in_three_languages(text), summary=in_three_languages(text))


def test_a_new_measure_has_its_first_edition_and_comes_last():
    programme = make_programme(measures=2)

    measure = make_measure(programme, figures=[classrooms()])

    assert [one.code for one in Measure.objects.filter(principle__programme=programme)] == [
        "1.1",
        "1.2",
        "1.3",
    ]
    assert (measure.current_edition.number, measure.current_edition.series) == (1, 1)
    assert figures_of(measure.current_edition) == [classrooms()]


def test_a_substantive_edition_starts_a_series_and_a_correction_stays_in_it():
    measure = make_measure()

    for text, substantive in [("a", False), ("b", True), ("c", False)]:
        revise_measure(measure, wording=reworded(text), figures=[], substantive=substantive, note={"ru": text})

    editions = measure.editions.order_by("number").values_list("number", "series", "note_ru")
    assert list(editions) == [(1, 1, ""), (2, 1, "a"), (3, 3, "b"), (4, 3, "c")]
    assert Measure.objects.get().current_edition.number == 4


def test_an_old_edition_keeps_its_wording_and_figures():
    measure = make_measure(title="Old", figures=[classrooms()])
    old = measure.current_edition

    revise_measure(measure, wording=reworded(), figures=[classrooms(value="8000")], substantive=True)

    old = Edition.objects.get(pk=old.pk)
    assert wording_of(old).title == in_three_languages("Old")
    assert figures_of(old) == [classrooms()]
    assert figures_of(measure.current_edition) == [classrooms(value="8000")]
    assert Target.objects.count() == 1


def test_a_revision_that_changes_nothing_is_refused():
    measure = make_measure(figures=[classrooms()])

    with pytest.raises(NothingChanged):
        revise_measure(
            measure,
            wording=wording_of(measure.current_edition),
            figures=[classrooms(value="7000.0")],
            substantive=True,
        )

    assert Edition.objects.count() == 1


def test_a_revision_of_an_edition_that_is_no_longer_current_is_refused():
    measure = make_measure()
    revise_measure(measure, wording=reworded("first"), figures=[], substantive=True, expected_edition=1)

    with pytest.raises(StaleEdition):
        revise_measure(measure, wording=reworded("second"), figures=[], substantive=True, expected_edition=1)

    assert Edition.objects.count() == 2


@pytest.mark.parametrize(
    "figures",
    [
        [classrooms(), classrooms()],
        [Figure("x", in_three_languages("x"), "at_least", Decimal(1), "unknown-unit")],
        [Figure("x", in_three_languages("x"), "about", Decimal(1), "classrooms")],
        [Figure("x", {}, "at_least", Decimal(1), "classrooms")],
        [Figure("x", in_three_languages("x"), "at_least", Decimal("1.00001"), "classrooms")],
        [Figure("x", in_three_languages("x"), "at_least", Decimal(1), "classrooms", 30)],
        [classrooms("of-another-measure")],
    ],
)
def test_a_figure_that_cannot_be_is_refused_and_nothing_is_written(figures):
    programme = make_programme(measures=0)
    make_measure(programme, figures=[classrooms("of-another-measure")])
    measure = make_measure(programme)

    with pytest.raises(ValidationError):
        revise_measure(measure, wording=reworded(), figures=figures, substantive=True)

    assert (Edition.objects.count(), TargetFigure.objects.count()) == (2, 1)


def test_a_wording_needs_one_language_and_not_more():
    measure = make_measure(title={"kk": "Атауы"}, summary={"kk": "Мазмұны"})
    assert str(measure) == "1.1 Атауы"

    with pytest.raises(ValidationError):
        make_measure(title={"kk": "Атауы"}, summary={"ru": "Содержание"})
