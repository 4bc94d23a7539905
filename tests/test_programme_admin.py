"""The admin's pages of a programme: who reads them, what cannot be deleted, what hangs under what."""

import json
from decimal import Decimal
from itertools import count

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from principles.models import Edition, Measure, Programme, Question, Reading, TargetFigure, Unit
from tests.builders import staff_client
from tests.programme_admin import filled, inline_data, page_of, promise
from tests.programme_builders import FORMS, load_fair_kazakhstan, make_measure, make_programme

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


def test_the_pages_open(staff, django_assert_max_num_queries):
    programme = load_fair_kazakhstan()
    measure = Measure.objects.get(slug="modern-classrooms")
    rows = [programme, measure.principle, measure, measure.current_edition, measure.targets.get()]
    for row in rows:
        with django_assert_max_num_queries(40):
            assert staff.get(page_of(row)).status_code == 200
        with django_assert_max_num_queries(20):
            assert staff.get(reverse(f"admin:principles_{row._meta.model_name}_changelist")).status_code == 200
    for name in ("programme", "principle", "measure"):
        assert staff.get(reverse(f"admin:principles_{name}_add")).status_code == 200


@pytest.mark.parametrize("name", ["measure", "edition", "principle", "target"])
def test_a_list_takes_as_many_queries_at_two_rows_as_at_ten(staff, name):
    targets = count()

    def queries(measures):
        for _ in range(measures):
            make_measure(figures=[promise(target=f"target-{next(targets)}")])
        with CaptureQueriesContext(connection) as captured:
            staff.get(reverse(f"admin:principles_{name}_changelist"))
        return len(captured)

    queries(1)
    assert queries(1) == queries(8)


def test_nothing_that_others_refer_to_can_be_deleted(staff):
    programme = make_programme(measures=0)
    measure = make_measure(programme, figures=[promise()])
    for row in [programme, measure.principle, measure, measure.current_edition, measure.targets.get()]:
        name = f"principles_{row._meta.model_name}"
        assert staff.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        answer = staff.post(
            reverse(f"admin:{name}_changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )
        assert answer.status_code in {200, 302, 403}
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_slug_stays_as_it_is(staff):
    measure = make_measure()

    staff.post(page_of(measure), filled(staff, page_of(measure), slug="renamed", code="7"))

    assert (Measure.objects.get().slug, Measure.objects.get().code) == (measure.slug, "7")


def test_a_programme_needs_one_language_and_not_english(staff):
    address = reverse("admin:principles_programme_add")
    data = inline_data(staff.get(address)) | {"slug": "kk-only", "title_kk": "Атауы", "summary_kk": "Мазмұны"}

    assert staff.post(address, data | {"title_kk": ""}).status_code == 200
    assert staff.post(address, data).status_code == 302
    assert Programme.objects.get().title_kk == "Атауы"


def test_questions_and_units_are_kept_under_the_programme(staff):
    programme = make_programme(questions=("support",))
    data = inline_data(staff.get(page_of(programme)))
    data = {name: value for name, value in data.items() if not name.startswith("units-")}
    unit = {"units-TOTAL_FORMS": "1", "units-INITIAL_FORMS": "1", "units-0-id": Unit.objects.get().pk}
    unit |= {"units-0-programme": programme.pk, "units-0-slug": "classrooms"}

    bad = staff.post(page_of(programme), data | unit | {"units-0-forms": '{"en": {"other": "{n}"}}'})
    assert bad.status_code == 200
    forms = FORMS | {"en": {"other": "{n} rooms"}}
    data |= {"questions-0-text_en": "Are you for it?", "units-0-forms": json.dumps(forms)}
    assert staff.post(page_of(programme), data | unit).status_code == 302

    assert Question.objects.get().text_en == "Are you for it?"
    assert Unit.objects.get().forms == forms


def test_a_reading_is_entered_under_its_target(staff):
    target = make_measure(figures=[promise()]).targets.get()
    data = {
        "readings-TOTAL_FORMS": "1",
        "readings-INITIAL_FORMS": "0",
        "readings-0-read_on": "2026-01-31",
        "readings-0-value": "1200.5",
        "readings-0-voice": "independent",
        "readings-0-source_name": "An institute",
        "readings-0-source_url": "https://example.org/report",
    }

    response = staff.post(page_of(target), data)

    assert response.status_code == 302
    reading = Reading.objects.get()
    assert (str(reading.read_on), reading.value, reading.voice) == ("2026-01-31", Decimal("1200.5"), "independent")
    assert (reading.source_name, reading.source_url) == ("An institute", "https://example.org/report")
    assert TargetFigure.objects.count() == 1


def test_those_who_may_only_read_see_the_measure_and_change_nothing():
    measure = make_measure(title="Words", figures=[promise()])
    user = get_user_model().objects.create_user(email="reader@example.org", is_staff=True, language="en")
    user.user_permissions.add(Permission.objects.get(codename="view_measure"))
    reader = staff_client(user)

    page = reader.get(page_of(measure))
    answer = reader.post(page_of(measure), {"title_en": "Other words", "kind": "correction"})

    assert (page.status_code, page.content.decode().count("Words (kk)")) == (200, 1)
    assert answer.status_code == 403
    assert Edition.objects.count() == 1
