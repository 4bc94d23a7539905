"""`manage.py load_programme`: what it loads and what it leaves alone."""

import pytest
from django.utils import timezone

from principles.models import (
    Area,
    Edition,
    Measure,
    Principle,
    Programme,
    Question,
    Target,
    TargetFigure,
    Unit,
)
from tests.programme_builders import load_fair_kazakhstan
from tests.programme_files import MODELS, SMALL, changed, dump, load

pytestmark = pytest.mark.django_db


def test_the_shipped_file_has_what_the_portal_promises():
    load_fair_kazakhstan()

    assert Principle.objects.count() == 3
    assert Measure.objects.in_force().count() == 33
    assert Target.objects.count() == TargetFigure.objects.count() == 10
    assert [question.slug for question in Question.objects.all()] == ["support", "delivery"]


def test_measures_stand_in_the_order_of_the_file():
    load_fair_kazakhstan()

    codes = Measure.objects.filter(principle__code="2").values_list("code", flat=True)
    assert list(codes) == [f"2.{number}" for number in range(1, 16)]


def test_loading_again_leaves_every_row_as_it_was():
    load_fair_kazakhstan()
    before = dump()

    load_fair_kazakhstan()

    assert dump() == before


def test_the_command_says_what_it_did(tmp_path):
    assert load(tmp_path, SMALL) == [
        "programme: 1 added",
        "questions: 1 added",
        "areas: 1 added",
        "units: 1 added",
        "principles: 1 added",
        "measures: 2 added",
        "editions: 2 added",
        "targets: 1 added",
    ]
    assert load(tmp_path, changed(("Один", "Раз"))) == [
        "programme: 1 unchanged",
        "questions: 1 unchanged",
        "areas: 1 unchanged",
        "units: 1 unchanged",
        "principles: 1 unchanged",
        "measures: 2 unchanged",
        "editions: 1 added, 1 unchanged",
        "targets: 1 unchanged",
    ]


def test_everything_that_a_file_says_is_kept(tmp_path):
    load(tmp_path, SMALL)

    programme = Programme.objects.get()
    assert (programme.title_kk, programme.title_ru, programme.title_en) == ("Шағын", "Малая", "Small")
    assert programme.opens_at.isoformat() == "2026-02-28T19:00:00+00:00"
    assert programme.closes_at.isoformat() == "2026-03-31T19:00:00+00:00"
    assert (programme.moderation, programme.order, programme.country) == ("before", 7, "KZ")
    assert (programme.source_title, programme.source_language) == ("A source", "en")
    question = Question.objects.get()
    assert (question.label_1_ru, question.label_5_en) == ("а", "e")
    figure = TargetFigure.objects.get()
    assert (figure.comparison, str(figure.value), figure.unit.slug, figure.due) == ("at_least", "7.5000", "years", 2030)
    assert [(one.code, one.area and one.area.slug, one.paragraph) for one in Measure.objects.all()] == [
        ("1.1", "schools", 3),
        ("1.2", None, None),
    ]


def test_a_text_is_kept_composed_and_without_what_shows_nothing(tmp_path):
    load(tmp_path, changed(("ru: Один", "ru: \u041e\u200b\u0434\u0438\u0306")))

    assert Edition.objects.get(measure__code="1.1").title_ru == "Од\u0439"


def test_a_time_with_offset_is_taken_as_it_is(tmp_path):
    load(
        tmp_path,
        changed(("opens: 2026-03-01", "opens: 2026-03-01T09:00:00+03:00"), ("2026-03-31", "2026-04-01T00:00Z")),
    )

    programme = Programme.objects.get()
    assert programme.opens_at.isoformat() == "2026-03-01T06:00:00+00:00"
    assert programme.closes_at.isoformat() == "2026-04-01T00:00:00+00:00"


@pytest.mark.parametrize(("options", "series"), [([], 2), (["--correction"], 1)])
@pytest.mark.parametrize("change", [("ru: Один", "ru: Раз"), ("value: 7.5", "value: 8"), ("due: 2030", "due: 2031")])
def test_a_changed_wording_or_figure_makes_one_edition(tmp_path, change, options, series):
    load(tmp_path, SMALL)
    old = list(Edition.objects.order_by("pk").values())

    load(tmp_path, changed(change), *options)

    assert list(Edition.objects.filter(pk__in=[row["id"] for row in old]).order_by("pk").values()) == old
    new = Edition.objects.exclude(pk__in=[row["id"] for row in old]).get()
    assert (new.number, new.series, new.measure.slug) == (2, series, "one")
    assert new.measure.current_edition == new
    assert new.figures.count() == 1


def test_what_is_no_wording_changes_in_place(tmp_path):
    load(tmp_path, SMALL)
    pks = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in MODELS]

    load(
        tmp_path,
        changed(
            ("en: Small", "en: Little"),
            ("en: Support", "en: For it"),
            ("[a, b, c, d, e]", "[a, b, c, d, f]"),
            ("en: Schools", "en: School"),
            ("'{n} жыл'", "'{n} жылы'"),
            ("en: First", "en: The first"),
            ('code: "1.1"', 'code: "1.9"'),
            ("        area: schools\n", ""),
        ),
    )

    assert [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in MODELS] == pks
    assert Programme.objects.get().title_en == "Little"
    assert (Question.objects.get().text_en, Question.objects.get().label_5_en) == ("For it", "f")
    assert (Area.objects.get().name_en, Unit.objects.get().forms["kk"]) == ("School", {"other": "{n} жылы"})
    assert Principle.objects.get().title_en == "The first"
    assert (Measure.objects.get(slug="one").code, Measure.objects.get(slug="one").area) == ("1.9", None)


def test_measures_may_swap_codes(tmp_path):
    load(tmp_path, SMALL)

    load(tmp_path, changed(('"1.1"', '"x"'), ('"1.2"', '"1.1"'), ('"x"', '"1.2"')))

    assert list(Measure.objects.values_list("slug", "code")) == [("one", "1.2"), ("two", "1.1")]


def test_a_measure_that_left_the_file_is_retired_and_comes_back(tmp_path):
    load(tmp_path, SMALL)
    before = dump()
    start = timezone.now()

    assert load(tmp_path, SMALL[: SMALL.index('      - code: "1.2"')])[5] == "measures: 1 retired, 1 unchanged"
    assert Measure.objects.get(slug="two").retired_at > start
    assert list(Measure.objects.in_force().values_list("slug", flat=True)) == ["one"]

    load(tmp_path, SMALL)
    assert dump() == before


def test_a_new_measure_may_take_the_code_of_a_retired_one(tmp_path):
    load(tmp_path, SMALL)

    load(tmp_path, changed(("slug: two", "slug: three")))

    measures = Measure.objects.order_by("pk")
    assert [(one.slug, one.code, one.retired_at is None) for one in measures] == [
        ("one", "1.1", True),
        ("two", "1.2", False),
        ("three", "1.2", True),
    ]


def test_a_principle_that_left_the_file_is_retired_with_its_measures_and_comes_back(tmp_path):
    load(tmp_path, SMALL)
    before = dump()
    second = changed(
        ("slug: first", "slug: second"),
        ("slug: one\n", "slug: three\n"),
        ("slug: two", "slug: four"),
        ("one-target", "three-target"),
    )

    load(tmp_path, second)
    assert list(Principle.objects.in_force().values_list("slug", "code")) == [("second", "1")]
    assert list(Measure.objects.in_force().values_list("slug", flat=True)) == ["three", "four"]

    load(tmp_path, SMALL)
    assert list(Principle.objects.in_force().values_list("slug", "code")) == [("first", "1")]
    assert [row for row in dump()[5] if row["retired_at"] is None] == before[5]


def test_a_measure_may_move_to_another_principle(tmp_path):
    load(tmp_path, SMALL)
    moved = changed(
        (
            '      - code: "1.2"\n',
            '  - code: "2"\n    slug: second\n    title: {kk: а, ru: а, en: a}\n    summary: {kk: а, ru: а, en: a}\n'
            '    measures:\n      - code: "2.1"\n',
        )
    )

    load(tmp_path, moved)

    assert list(Measure.objects.order_by("pk").values_list("slug", "code", "principle__slug")) == [
        ("one", "1.1", "first"),
        ("two", "2.1", "second"),
    ]
    assert Edition.objects.count() == 2


def test_areas_and_units_go_only_when_nothing_has_them_any_more(tmp_path):
    more = changed(
        ("areas:\n", "areas:\n  unused: {kk: а, ru: а, en: a}\n"),
        ("units:\n", "units:\n  unused: {kk: {other: '{n}'}, ru: {other: '{n}'}, en: {other: '{n}'}}\n"),
    )
    load(tmp_path, more)
    without = SMALL[: SMALL.index("        targets:")].replace("        area: schools\n", "")
    without = without[: without.index("areas:")] + without[without.index("principles:") :]

    load(tmp_path, without)

    assert list(Area.objects.all()) == []
    assert [unit.slug for unit in Unit.objects.all()] == ["years"]  # an old edition promises years


def test_what_the_file_does_not_say_stays_as_staff_set_it(tmp_path):
    silent = changed(
        ("  opens: 2026-03-01\n", ""),
        ("  closes: 2026-03-31\n", ""),
        ("  moderation: before\n", ""),
        ("  order: 7\n", ""),
    )
    load(tmp_path, silent)
    closes = timezone.now()
    Programme.objects.update(closes_at=closes, moderation="before", order=3)

    load(tmp_path, silent)

    programme = Programme.objects.get()
    assert (programme.opens_at, programme.closes_at, programme.moderation, programme.order) == (
        None,
        closes,
        "before",
        3,
    )
