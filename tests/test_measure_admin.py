"""Measures in the admin: a changed wording or figure makes an edition, of the kind that staff say."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from principles.actions import revise_measure
from principles.models import Edition, Measure, Target
from principles.wording import Figure, Wording, figures_of, wording_of
from tests.builders import staff_client
from tests.programme_admin import errors_of, filled, page_of, promise
from tests.programme_builders import in_three_languages, make_measure, make_programme

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


def test_an_edition_is_read_and_never_changed(staff):
    edition = make_measure(title="Old words").current_edition
    before = Edition.objects.values().get()

    assert staff.get(reverse("admin:principles_edition_add")).status_code == 403
    assert staff.post(page_of(edition), {"title_en": "New words", "number": 1}).status_code == 403
    assert "Old words (kk)" in staff.get(page_of(edition)).content.decode()
    assert Edition.objects.values().get() == before


def test_a_measure_is_added_with_its_first_edition(staff):
    programme = make_programme(measures=2)
    address = reverse("admin:principles_measure_add")
    data = filled(
        staff,
        f"{address}?principle={programme.principles.get().pk}",
        slug="new-measure",
        code="1.3",
        title_kk="Жаңа",
        summary_kk="Жаңа мазмұн\r\nекінші жол",
        **{
            "figures-0-target": "new-target",
            "figures-0-label_kk": "Белгі",
            "figures-0-comparison": "at_most",
            "figures-0-value": "14.5",
            "figures-0-unit": "classrooms",
            "figures-0-due": "2030",
        },
    )

    response = staff.post(address, data)

    assert response.status_code == 302
    measure = Measure.objects.get(slug="new-measure")
    assert (measure.code, measure.order, measure.current_edition.number) == ("1.3", 2, 1)
    assert wording_of(measure.current_edition) == Wording(
        title={"kk": "Жаңа", "ru": "", "en": ""}, summary={"kk": "Жаңа мазмұн\nекінші жол", "ru": "", "en": ""}
    )
    assert figures_of(measure.current_edition) == [
        Figure("new-target", {"kk": "Белгі", "ru": "", "en": ""}, "at_most", Decimal("14.5"), "classrooms", 2030)
    ]


def test_a_measure_without_words_is_refused_and_what_was_typed_stays(staff):
    programme = make_programme(measures=0)
    address = reverse("admin:principles_measure_add")
    data = filled(staff, address, principle=programme.principles.get().pk, slug="new", code="1.1", title_kk="Тек атауы")

    response = staff.post(address, data)

    assert [error["message"] for error in errors_of(response)["__all__"]] == [
        "Write title and wording in at least one language."
    ]
    assert response.context["adminform"].form["title_kk"].value() == "Тек атауы"
    assert Measure.objects.count() == 0


@pytest.mark.parametrize(("kind", "series"), [("correction", 1), ("substantive", 2)])
def test_a_changed_wording_makes_an_edition_of_the_kind_that_staff_say(staff, kind, series):
    measure = make_measure(figures=[promise()])
    old = Edition.objects.values().get()

    changes = {"title_ru": "Иначе", "note_ru": "Потому", "note_en": "Because"}
    response = staff.post(page_of(measure), filled(staff, page_of(measure), kind=kind, **changes))

    assert response.status_code == 302
    measure = Measure.objects.get()
    edition = measure.current_edition
    assert (edition.number, edition.series, edition.title_ru) == (2, series, "Иначе")
    assert (edition.note_kk, edition.note_ru, edition.note_en) == ("", "Потому", "Because")
    assert figures_of(edition) == [promise()]
    assert Edition.objects.filter(number=1).values().get() == old


def test_a_changed_wording_needs_a_kind_and_stays_typed(staff):
    measure = make_measure()

    response = staff.post(page_of(measure), filled(staff, page_of(measure), summary_en="Other words"))

    assert [error["message"] for error in errors_of(response)["kind"]] == [
        "Say whether this is a correction or a substantive change."
    ]
    assert response.context["adminform"].form["summary_en"].value() == "Other words"
    assert Edition.objects.count() == 1


def test_a_change_of_place_makes_no_edition(staff):
    measure = make_measure(figures=[promise()])

    response = staff.post(page_of(measure), filled(staff, page_of(measure), code="9", order="4"))

    assert response.status_code == 302
    assert (Measure.objects.get().code, Measure.objects.get().order, Edition.objects.count()) == ("9", 4, 1)


def test_line_breaks_of_the_browser_are_no_change(staff):
    measure = make_measure(summary="One\nTwo")

    data = filled(staff, page_of(measure))
    data["summary_kk"] = data["summary_kk"].replace("\n", "\r\n")
    staff.post(page_of(measure), data)

    assert Edition.objects.count() == 1


def test_a_changed_figure_makes_an_edition_and_keeps_its_target(staff):
    measure = make_measure(figures=[promise()])

    staff.post(page_of(measure), filled(staff, page_of(measure), kind="substantive", **{"figures-0-value": "8000"}))

    measure = Measure.objects.get()
    assert figures_of(measure.current_edition) == [promise("8000")]
    assert figures_of(Edition.objects.get(number=1)) == [promise()]
    assert Target.objects.count() == 1


def test_a_figure_is_left_out_of_the_next_edition_and_stays_in_the_old_one(staff):
    measure = make_measure(figures=[promise()])

    staff.post(page_of(measure), filled(staff, page_of(measure), kind="substantive", **{"figures-0-DELETE": "on"}))

    assert figures_of(Measure.objects.get().current_edition) == []
    assert figures_of(Edition.objects.get(number=1)) == [promise()]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("value", "many", "Enter a number."),
        ("value", "1.23456", "Ensure that there are no more than 4 decimal places."),
        ("unit", "tons", "Select a valid choice. tons is not one of the available choices."),
        ("due", "30", "Ensure this value is greater than or equal to 1900."),
    ],
)
def test_a_figure_that_cannot_be_is_refused(staff, field, value, message):
    measure = make_measure(figures=[promise()])

    response = staff.post(
        page_of(measure), filled(staff, page_of(measure), kind="correction", **{f"figures-0-{field}": value})
    )

    assert [error["message"] for error in errors_of(response)["__all__"]] == ["Correct the target figures below."]
    assert response.context["adminform"].form.figures.errors[0] == {field: [message]}
    assert Edition.objects.count() == 1


def test_a_target_of_another_measure_is_refused(staff):
    programme = make_programme(measures=0)
    make_measure(programme, figures=[promise()])
    measure = make_measure(programme, figures=[promise(target="another")])

    response = staff.post(
        page_of(measure),
        filled(staff, page_of(measure), kind="correction", **{"figures-0-target": "classrooms-opened"}),
    )

    assert list(response.context["adminform"].form.figures.non_form_errors()) == [
        "The target classrooms-opened belongs to another measure."
    ]
    assert Edition.objects.count() == 2


def test_a_page_read_before_somebody_elses_edition_is_stopped_once_and_keeps_the_text(staff):
    measure = make_measure(figures=[promise()])
    data = filled(staff, page_of(measure), title_en="Mine", kind="correction")
    revise_measure(
        measure,
        wording=Wording(title=in_three_languages("Theirs"), summary=in_three_languages("Theirs")),
        figures=[promise()],
        substantive=True,
    )

    response = staff.post(page_of(measure), data)

    assert [error["message"][:38] for error in errors_of(response)["__all__"]] == [
        "This measure got edition 2 meanwhile; "
    ]
    form = response.context["adminform"].form
    assert (form["title_en"].value(), form["expected_edition"].value()) == ("Mine", 2)
    assert Edition.objects.count() == 2

    assert staff.post(page_of(measure), data | {"expected_edition": "2"}).status_code == 302
    assert (Measure.objects.get().current_edition.number, Measure.objects.get().current_edition.title_en) == (3, "Mine")
