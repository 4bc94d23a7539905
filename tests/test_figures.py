"""How figures and their progress are shown."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import gettext, override

from principles.figures import amount_text, figure_text, progress, share
from principles.models import Reading, TargetFigure, Unit
from tests.programme_builders import FORMS

CLASSROOMS = Unit(slug="classrooms", forms=FORMS)
PERCENT = Unit(slug="percent", forms={language: {"other": "{n}%"} for language in ("kk", "ru", "en")})


def figure(comparison="at_least", value="7000", unit=CLASSROOMS):
    return TargetFigure(comparison=comparison, value=Decimal(value), unit=unit)


def reading(day, value, voice="government"):
    return Reading(read_on=date(2026, 1, day), value=Decimal(value), voice=voice)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("1.0000", "en", "1 classroom"),
        ("7000.0000", "en", "7,000 classrooms"),
        ("1.5", "en", "1.5 classrooms"),
        ("1", "ru", "1 кабинет"),
        ("22.0000", "ru", "22 кабинета"),
        ("7000", "ru", "7\xa0000 кабинетов"),
        ("1.5000", "ru", "1,5 кабинета"),
        ("1", "kk", "1 кабинет"),
        ("1234567.1234", "kk", "1\xa0234\xa0567,1234 кабинет"),
        ("0", "ru", "0 кабинетов"),
        ("100.0000", "ru", "100 кабинетов"),
        ("-3", "en", "-3 classrooms"),
    ],
)
def test_an_amount_takes_the_languages_plural_and_grouping(value, language, text):
    assert amount_text(Decimal(value), CLASSROOMS, language) == text


@pytest.mark.parametrize(
    ("comparison", "text"),
    [
        ("equal", "14%"),
        ("at_least", "at least 14%"),
        ("at_most", "at most 14%"),
        ("more_than", "more than 14%"),
        ("less_than", "less than 14%"),
    ],
)
def test_a_figure_says_how_it_compares(comparison, text):
    assert figure_text(figure(comparison, "14.0000", PERCENT), "en") == text


@pytest.mark.parametrize(("language", "amount"), [("kk", "7\xa0000 кабинет"), ("ru", "7\xa0000 кабинетов")])
def test_a_figure_is_told_in_the_language_asked_for(language, amount):
    with override(language):
        expected = gettext("at least %(amount)s") % {"amount": amount}

    assert figure_text(figure(), language) == expected


@pytest.mark.parametrize(
    ("comparison", "target", "value", "parts"),
    [
        ("at_least", "7000", "3500", 50),
        ("at_least", "7000", "5240", 75),
        ("at_least", "200", "1", 1),
        ("at_least", "7000", "1", 1),
        ("at_least", "7000", "0", 0),
        ("at_least", "7000", "6999", 99),
        ("at_least", "7000", "7000", 100),
        ("at_least", "7000", "9000", 100),
        ("more_than", "100", "100", 99),
        ("more_than", "100", "101", 100),
        ("equal", "100", "40", 40),
        ("equal", "100", "100", 100),
        ("equal", "1", "3", None),
        ("equal", "1000", "1001", None),
        ("at_most", "14", "20", None),
        ("less_than", "14", "10", None),
        ("at_least", "0", "5", None),
        ("at_least", "10", "-1", None),
    ],
)
def test_the_share_of_a_target_is_told_where_it_means_something(comparison, target, value, parts):
    assert share(figure(comparison, target), Decimal(value)) == parts


def test_progress_keeps_the_voices_apart_and_judges_the_latest_reading():
    late, early, other = reading(20, "7100"), reading(5, "100"), reading(10, "50", "independent")

    government, independent = progress(figure(), [late, other, early])

    assert (government.voice, government.readings, government.latest) == ("government", [early, late], late)
    assert (government.met, government.share) == (True, 100)
    assert (independent.voice, independent.readings, independent.met, independent.share) == (
        "independent",
        [other],
        False,
        1,
    )


def test_a_target_without_readings_has_no_progress():
    assert progress(figure(), []) == []


@pytest.mark.parametrize(
    ("comparison", "value", "met"),
    [("at_most", "14", True), ("at_most", "14.1", False), ("less_than", "14", False), ("equal", "14.0", True)],
)
def test_the_latest_reading_meets_the_target_or_not(comparison, value, met):
    assert progress(figure(comparison, "14"), [reading(1, value)])[0].met is met
