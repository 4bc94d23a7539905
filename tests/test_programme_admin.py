"""Staff keep programmes in the admin: editions of measures, their figures, and readings of targets."""

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
from zeal import zeal_ignore

from principles.actions import revise_measure
from principles.models import Edition, Measure, Principle, Programme, Question, Reading, Target, TargetFigure, Unit
from principles.wording import Figure, Wording, figures_of, wording_of
from tests.builders import staff_client
from tests.programme_builders import FORMS, in_three_languages, load_fair_kazakhstan, make_measure, make_programme

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


def promise(value="7000", target="classrooms-opened"):
    return Figure(target, in_three_languages("Classrooms opened"), "at_least", Decimal(value), "classrooms", 2030)


def page_of(row):
    return reverse(f"admin:principles_{row._meta.model_name}_change", args=[row.pk])


def filled(staff, address, **changes):
    """What a browser would send from the page at `address` with these fields changed."""
    form = staff.get(address).context["adminform"].form
    bound = [form, form.figures.management_form, *form.figures.forms]
    data = {
        field.html_name: "" if field.value() is None else field.value()
        for one in bound
        for field in one
        if field.value() is not False
    }
    return data | changes


def errors_of(response):
    return response.context["adminform"].form.errors.get_json_data()


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

    response = staff.post(page_of(measure), filled(staff, page_of(measure), title_ru="Иначе", kind=kind, note="Why"))

    assert response.status_code == 302
    measure = Measure.objects.get()
    edition = measure.current_edition
    assert (edition.number, edition.series, edition.title_ru, edition.note) == (2, series, "Иначе", "Why")
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


def test_a_slug_stays_as_it_is(staff):
    measure = make_measure()

    staff.post(page_of(measure), filled(staff, page_of(measure), slug="renamed", code="7"))

    assert (Measure.objects.get().slug, Measure.objects.get().code) == (measure.slug, "7")


def inline_data(response):
    """What a browser would send from a page whose form stands beside formsets."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {
        field.html_name: "" if field.value() is None else field.value()
        for form in forms
        for field in form
        if field.value() is not False
    }


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


def test_a_retired_principle_gives_its_code_free():
    programme = make_programme(measures=0)
    Principle.objects.update(retired_at="2026-01-01T00:00Z")

    Principle.objects.create(programme=programme, slug="another", code="1", title_en="x", summary_en="x")

    assert list(Principle.objects.in_force().values_list("slug", flat=True)) == ["another"]


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


def unit_data(staff, programme, forms):
    """What a browser sends when the unit's plural forms are changed."""
    return inline_data(staff.get(page_of(programme))) | {"units-0-forms": forms}


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


READING = {
    "read_on": "2026-01-31",
    "value": "1200.5",
    "voice": "independent",
    "source_name": "An institute",
    "source_url": "https://example.org/report",
}
STRANGE = [("\x00", "0000"), ("\x07", "0007"), ("\x85", "0085"), ("\u202e", "202E"), ("\u2066", "2066")]


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
        (measure, ["title_kk", "summary_ru", "note"]),
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


def put_in_order(staff, principle, **changes):
    """Send the principle's page with these fields of its table of measures changed."""
    with zeal_ignore():  # Django's formsets look each row up by its hidden id
        return staff.post(page_of(principle), inline_data(staff.get(page_of(principle))) | changes)


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
