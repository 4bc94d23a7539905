"""Codes, slugs and order in the admin: what is taken is refused and stays typed."""

import json

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from zeal import zeal_ignore

from principles.models import Measure, Principle, Reading
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


def put_in_order(staff, principle, **changes):
    """Send the principle's page with these fields of its table of measures changed."""
    with zeal_ignore():  # Django's formsets look each row up by its hidden id
        return staff.post(page_of(principle), inline_data(staff.get(page_of(principle))) | changes)


def test_measures_are_put_in_order_under_their_principle(staff):
    programme = make_programme(measures=3)
    principle = programme.principles.get()
    data = inline_data(staff.get(page_of(principle)))

    with zeal_ignore():  # Django's formsets look each row up by its hidden id
        response = staff.post(page_of(principle), data | {"measures-0-order": "9", "measures-2-code": "1.9"})

    assert response.status_code == 302
    assert list(principle.measures.values_list("code", "order")) == [("1.2", 1), ("1.9", 2), ("1.1", 9)]


def test_a_principle_lists_its_measures_with_links(staff):
    measure = make_measure(title="Words")

    page = staff.get(page_of(measure.principle)).content.decode()

    assert page.count(f'href="{page_of(measure)}"') >= 1


def test_a_retired_principle_gives_its_code_free():
    programme = make_programme(measures=0)
    Principle.objects.update(retired_at="2026-01-01T00:00Z")

    Principle.objects.create(programme=programme, slug="another", code="1", title_en="x", summary_en="x")

    assert list(Principle.objects.in_force().values_list("slug", flat=True)) == ["another"]


def test_two_measures_swap_their_codes(staff):
    principle = make_programme(measures=3).principles.get()

    response = put_in_order(staff, principle, **{"measures-0-code": "1.2", "measures-1-code": "1.1"})

    assert response.status_code == 302
    assert list(principle.measures.values_list("code", flat=True)) == ["1.2", "1.1", "1.3"]


def test_a_code_of_another_measure_is_refused_in_the_table_and_stays_typed(staff):
    principle = make_programme(measures=3).principles.get()

    response = put_in_order(staff, principle, **{"measures-0-code": "1.2", "measures-2-order": "7"})

    assert response.status_code == 200
    table = response.context["inline_admin_formsets"][0].formset
    assert table.errors == [{"code": ["This code is taken by another measure of the principle."]}, {}, {}]
    assert (table.forms[0]["code"].value(), table.forms[2]["order"].value()) == ("1.2", "7")
    assert list(principle.measures.values_list("code", "order")) == [("1.1", 0), ("1.2", 1), ("1.3", 2)]


def test_a_code_of_a_measure_added_since_the_table_was_read_is_refused(staff):
    programme = make_programme(measures=2)
    principle = programme.principles.get()
    data = inline_data(staff.get(page_of(principle)))
    make_measure(programme, code="1.9")

    with zeal_ignore():
        response = staff.post(page_of(principle), data | {"measures-0-code": "1.9"})

    assert response.context["inline_admin_formsets"][0].formset.errors[0] == {
        "code": ["This code is taken by another measure of the principle."]
    }


def test_a_code_of_a_retired_measure_is_free_in_the_table(staff):
    principle = make_programme(measures=3).principles.get()
    principle.measures.filter(code="1.2").update(retired_at="2026-01-01T00:00Z")

    response = put_in_order(staff, principle, **{"measures-2-code": "1.2"})

    assert response.status_code == 302
    assert list(principle.measures.values_list("code", flat=True)) == ["1.1", "1.2", "1.2"]


def test_a_new_measure_with_a_code_or_slug_that_is_taken_is_refused_and_stays_typed(staff):
    programme = make_programme(measures=1)
    address = reverse("admin:principles_measure_add")
    taken = Measure.objects.get()
    words = {"title_kk": "Атауы", "summary_kk": "Мазмұны", "principle": programme.principles.get().pk}

    response = staff.post(address, filled(staff, address, slug="new", code=taken.code, **words))
    assert errors_of(response)["code"][0]["message"] == "This code is taken by another measure of the principle."
    assert response.context["adminform"].form["title_kk"].value() == "Атауы"
    response = staff.post(address, filled(staff, address, slug=taken.slug, code="1.9", **words))
    assert errors_of(response)["slug"][0]["message"] == "Measure with this Slug already exists."
    Measure.objects.update(retired_at="2026-01-01T00:00Z")
    assert staff.post(address, filled(staff, address, slug="new", code=taken.code, **words)).status_code == 302


def test_a_reading_sent_twice_is_refused_the_second_time(staff):
    target = make_measure(figures=[promise()]).targets.get()
    data = {"readings-TOTAL_FORMS": "1", "readings-INITIAL_FORMS": "0"}
    data |= {f"readings-0-{name}": value for name, value in READING.items()}

    assert staff.post(page_of(target), data).status_code == 302
    response = staff.post(page_of(target), data)

    assert response.context["inline_admin_formsets"][0].formset.errors == [
        {"__all__": ["Reading with this Target, Voice and Date already exists."]}
    ]
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(("inline", "slug"), [(1, "schools"), (2, "classrooms")], ids=["areas", "units"])
def test_an_area_or_unit_sent_twice_is_refused_the_second_time(staff, inline, slug):
    programme = make_programme(questions=(), measures=0)
    data = inline_data(staff.get(page_of(programme)))
    prefix = ["questions", "areas", "units"][inline]
    first = {name: value for name, value in data.items() if not name.startswith(f"{prefix}-")}
    new = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0", f"{prefix}-0-slug": slug}
    new |= {f"{prefix}-0-name_kk": "x", f"{prefix}-0-order": "0", f"{prefix}-0-forms": json.dumps(FORMS)}

    response = staff.post(page_of(programme), first | new)

    assert list(response.context["inline_admin_formsets"][inline].formset.errors[0]) == ["__all__"]
