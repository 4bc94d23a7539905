"""Pages of a programme in the admin, read and filled in as a browser does."""

from decimal import Decimal

from django.urls import reverse

from principles.wording import Figure
from tests.programme_builders import in_three_languages


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


def page_of(row):
    return reverse(f"admin:principles_{row._meta.model_name}_change", args=[row.pk])


def promise(value="7000", target="classrooms-opened"):
    return Figure(target, in_three_languages("Classrooms opened"), "at_least", Decimal(value), "classrooms", 2030)


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


def errors_of(response):
    return response.context["adminform"].form.errors.get_json_data()


READING = {
    "read_on": "2026-01-31",
    "value": "1200.5",
    "voice": "independent",
    "source_name": "An institute",
    "source_url": "https://example.org/report",
}
