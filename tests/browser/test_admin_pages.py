"""The admin's own pages for everybody: axe on every list and on a row of each, light and dark, wide and narrow."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from tests.browser.faults import faults_shown
from tests.browser.pages import enter
from tests.browser.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

# In Django's own templates: the heading of a column of buttons, and a mark that says twice what its field says.
LEFT = {"empty-table-header", "aria-prohibited-attr"}


def pages_of_admin() -> dict[str, str]:
    """Its first page, and by model the list and the page of a row."""
    found = {"index": reverse("admin:index")}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        found[f"list of {name}"] = reverse(f"admin:{name}_changelist")
        if one := model._default_manager.first():
            found[f"one {name}"] = reverse(f"admin:{name}_change", args=[one.pk])
    return found


def test_no_page_of_the_admin_has_a_fault_that_axe_finds(page, live_server):
    world = make_world({"participants": 20, "comments": 60, "ratings": 100, "seed": 3})
    enter(page, world, "staff")
    ContentType.objects.get_for_models(*admin.site._registry)  # kept by the process, asked for one by one otherwise
    faults = []
    for name, path in pages_of_admin().items():
        assert page.goto(path).status == 200, path
        faults += faults_shown(page, name)
    left = [fault for fault in faults if fault[2] not in LEFT]
    assert left == [], "\n".join(map(str, left))
