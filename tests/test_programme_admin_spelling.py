"""Texts, slugs, codes and plural forms in the admin are spelled as in the programme's file."""

import json

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from zeal import zeal_ignore

from principles.models import Edition, Measure, Principle, Programme, TargetFigure, Unit
from tests.builders import staff_client
from tests.programme_admin import READING, errors_of, filled, inline_data, page_of, promise
from tests.programme_builders import FORMS, make_measure, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    """A signed-in superuser's browser, past the second factor."""
    user = get_user_model().objects.create_superuser(
        email="keeper@example.org", password="a long password", language="en"
    )
    client = staff_client(user)
    # Django caches these one by one for the life of the process, which would look like N+1 in the first test.
    ContentType.objects.get_for_models(*apps.get_app_config("principles").get_models())
    return client


def unit_data(staff, programme, forms):
    """What a browser sends when the unit's plural forms are changed."""
    return inline_data(staff.get(page_of(programme))) | {"units-0-forms": forms}


STRANGE = [("\x00", "0000"), ("\x07", "0007"), ("\x85", "0085"), ("\u202e", "202E"), ("\u2066", "2066")]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("\\ud800 {n}", "A text cannot hold the character U+D800."),
        ("\\u0000 {n}", "A text cannot hold the character U+0000."),
        ("\\u0007 {n}", "A text cannot hold the character U+0007."),
        ("\\u202e {n}", "A text cannot hold the character U+202E."),
        ("one\\ntwo {n}", "A plural form is a text with {n} where the number goes."),
    ],
)
def test_plural_forms_with_a_strange_character_are_refused_and_shown_as_they_were_typed(staff, form, message):
    programme = make_programme(questions=(), measures=0)
    typed = json.dumps(FORMS | {"kk": {"other": "FORM"}}).replace("FORM", form)

    response = staff.post(page_of(programme), unit_data(staff, programme, typed))

    assert response.status_code == 200
    units = response.context["inline_admin_formsets"][2].formset
    assert units.errors[0] == {"forms": [message]}
    assert units.forms[0]["forms"].value() == typed
    assert Unit.objects.get().forms == FORMS


@pytest.mark.parametrize("typed", ["[" * 100_000, "1" * 5000, "{", ""], ids=["deep", "long number", "broken", "empty"])
def test_plural_forms_that_are_no_json_to_read_are_refused(staff, typed):
    programme = make_programme(questions=(), measures=0)

    response = staff.post(page_of(programme), unit_data(staff, programme, typed))

    assert response.status_code == 200
    assert list(response.context["inline_admin_formsets"][2].formset.errors[0]) == ["forms"]
    assert Unit.objects.get().forms == FORMS


@pytest.mark.parametrize(("character", "code"), STRANGE)
def test_no_text_of_the_admin_takes_a_strange_character(staff, character, code):
    measure = make_measure(figures=[promise()])
    principle, programme = measure.principle, measure.principle.programme
    kinds = (Programme, Principle, Edition, TargetFigure)
    before = [list(kind.objects.values()) for kind in kinds]
    text, refusal = f"a{character}b", [f"A text cannot hold the character U+{code}."]

    def refused(row, fields):
        data = filled(staff, page_of(row)) if row == measure else inline_data(staff.get(page_of(row)))
        response = staff.post(page_of(row), data | dict.fromkeys(fields, text))
        assert response.status_code == 200
        inlines = [error for one in response.context["inline_admin_formsets"] for error in one.formset.errors]
        return response.context["adminform"].form.errors, inlines

    for row, fields in [
        (programme, ["title_kk", "summary_ru", "announced_by_en", "source_title"]),
        (principle, ["title_en", "summary_kk"]),
        (measure, ["title_kk", "summary_ru", "note_en"]),
    ]:
        with zeal_ignore():
            assert refused(row, fields)[0] == dict.fromkeys(fields, refusal)
    with zeal_ignore():
        assert refused(programme, ["areas-0-name_ru"])[1][2] == {"name_ru": refusal}
    response = staff.post(
        page_of(measure), filled(staff, page_of(measure), kind="correction", **{"figures-0-label_kk": text})
    )
    assert response.context["adminform"].form.figures.errors == [{"label_kk": refusal}, {}, {}]
    target = page_of(measure.targets.get())
    reading = {f"readings-0-{name}": value for name, value in READING.items()} | {"readings-0-source_name": text}
    response = staff.post(target, {"readings-TOTAL_FORMS": "1", "readings-INITIAL_FORMS": "0"} | reading)
    assert response.context["inline_admin_formsets"][0].formset.errors == [{"source_name": refusal}]
    assert [list(kind.objects.values()) for kind in kinds] == before


def test_line_breaks_of_the_browser_are_stored_as_those_of_the_file(staff):
    programme = make_programme(questions=(), measures=0)

    staff.post(page_of(programme), inline_data(staff.get(page_of(programme))) | {"summary_kk": "Бір\r\nекі"})

    assert Programme.objects.get().summary_kk == "Бір\nекі"


COMPOSED = {"\u041a\u0438\u0306\u200b\u0456\u115f": "\u041a\u0439\u0456", "Z" + "\u0351" * 9: "Z" + "\u0351" * 4}


@pytest.mark.parametrize(("typed", "kept"), COMPOSED.items(), ids=["parts of a letter", "stack of marks"])
def test_texts_are_kept_composed_and_without_what_shows_nothing(staff, typed, kept):
    programme = make_programme(questions=(), measures=0)
    names = ["title_kk", "summary_ru", "announced_by_en", "source_title"]

    staff.post(page_of(programme), inline_data(staff.get(page_of(programme))) | dict.fromkeys(names, typed))

    assert Programme.objects.values_list(*names).get() == (kept,) * 4


def test_a_text_of_which_nothing_is_left_is_missing(staff):
    programme = make_programme(questions=(), measures=0)

    typed = {"title_kk": "\u200b", "title_ru": "\u3164", "title_en": "\u2800"}
    response = staff.post(page_of(programme), inline_data(staff.get(page_of(programme))) | typed)

    assert response.context["adminform"].form.errors == {"title_kk": ["Write it in at least one language."]}


def test_a_text_that_is_too_long_once_it_is_composed_is_refused(staff):
    measure = make_measure(figures=[promise()])
    typed = {"title_kk": "\ufb2f" * 200, "figures-0-label_kk": "\ufb2f" * 200, "kind": "correction"}

    response = staff.post(page_of(measure), filled(staff, page_of(measure), **typed))

    form = response.context["adminform"].form
    assert "(it has 400)" in form.errors["title_kk"][0]
    assert "(it has 400)" in form.figures.errors[0]["label_kk"][0]


def test_a_title_stands_on_one_line(staff):
    measure = make_measure()

    response = staff.post(page_of(measure), filled(staff, page_of(measure), title_kk="Бір\r\nекі", kind="correction"))

    assert response.context["adminform"].form.errors == {"title_kk": ["Write it on one line."]}


@pytest.mark.parametrize("slug", ["new_measure", "New-measure", "new--measure", "-new", "new-", "жаңа", "new measure"])
def test_a_slug_is_spelled_as_in_the_file(staff, slug):
    programme = make_programme(questions=(), measures=0)
    refusal = {"slug": ["Use small Latin letters, digits and single hyphens."]}
    address = reverse("admin:principles_measure_add")
    figure = {"figures-0-target": slug, "figures-0-label_kk": "x", "figures-0-comparison": "equal"}
    figure |= {"figures-0-value": "1", "figures-0-unit": "classrooms"}
    words = {"principle": programme.principles.get().pk, "code": "1.1", "title_kk": "x", "summary_kk": "x"}

    measure = staff.post(address, filled(staff, address, slug=slug, **words, **figure)).context["adminform"].form
    assert measure.errors == refusal | {"__all__": ["Correct the target figures below."]}
    assert measure.figures.errors[0] == {"target": refusal["slug"]}
    for name in ("programme", "principle"):
        address = reverse(f"admin:principles_{name}_add")
        response = staff.post(address, inline_data(staff.get(address)) | {"slug": slug})
        assert response.context["adminform"].form.errors["slug"] == refusal["slug"]
    response = staff.post(
        page_of(programme),
        inline_data(staff.get(page_of(programme))) | {"areas-TOTAL_FORMS": "2", "areas-1-slug": slug},
    )
    assert response.context["inline_admin_formsets"][1].formset.errors[1]["slug"] == refusal["slug"]
    assert Measure.objects.count() == 0


def test_a_code_is_spelled_as_in_the_file(staff):
    measure = make_measure()

    response = staff.post(page_of(measure), filled(staff, page_of(measure), code="~1"))

    assert errors_of(response)["code"][0]["message"] == "A code is made of letters, digits, points and hyphens."


def test_a_slug_of_older_rules_hinders_no_change(staff):
    measure = make_measure(slug="Old_slug")

    response = staff.post(page_of(measure), filled(staff, page_of(measure), code="7"))

    assert (response.status_code, Measure.objects.get().code) == (302, "7")
