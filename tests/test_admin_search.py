"""What the staff look for in any list of the administration may be as long as it likes: too long finds nothing."""

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.translation import override

from portal.admin_search import LONGEST_SEARCH, BoundedSearch
from tests.builders import make_comment, make_moderator, make_participant, staff_client
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
TOO_LONG = {"en": "The search is too long", "ru": "Запрос слишком длинный", "kk": "Іздеу сөзі тым ұзын"}
SEARCHED = [model for model, each in admin.site._registry.items() if each.search_fields]
LISTS = {model._meta.label: each for model, each in admin.site._registry.items()}


@pytest.fixture
def staff():
    make_comment(make_measure(), by=make_participant(display_name="Aigerim"))
    browser = staff_client(make_moderator())
    browser.raise_request_exception = False
    return browser


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_list_of_the_administration_is_bounded():
    assert [name for name, each in LISTS.items() if not isinstance(each, BoundedSearch)] == []
    assert "feedback.Participant" in LISTS


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model._meta.label)
def test_a_search_of_any_length_is_answered_and_too_long_a_one_finds_nothing(staff, model):
    for words in ("word " * 300, "x" * 5000, "a " * 101):
        answer = staff.get(list_of(model), {"q": words})
        assert (answer.status_code, answer.context["cl"].result_count) == (200, 0)
        assert answer.context["cl"].query == words
        assert TOO_LONG["en"] in answer.content.decode()
    longest = staff.get(list_of(model), {"q": ("a " * LONGEST_SEARCH)[:LONGEST_SEARCH]})
    assert (longest.status_code, TOO_LONG["en"] in longest.content.decode()) == (200, False)


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model._meta.label)
def test_suggestions_for_any_field_take_a_term_of_any_length(staff, model):
    for field in model._meta.related_objects:
        if isinstance(field.field, models.ForeignKey) and not field.field.remote_field.parent_link:
            source = field.related_model._meta
            about = {"app_label": source.app_label, "model_name": source.model_name}
            for term in ("word " * 300, "x" * 5000):
                answer = staff.get("/admin/autocomplete/", about | {"field_name": field.field.name, "term": term})
                assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize("label", LISTS)
def test_no_filter_of_words_is_a_fault(staff, label):
    model = LISTS[label].model
    words = (models.CharField, models.TextField)
    names = [field.name for field in model._meta.fields if isinstance(field, words)]
    for name in names[:1]:
        for query in (
            {f"{name}__regex": "("},
            {f"{name}__iregex": "("},
            {f"{name}__range": "a,b,c"},
            {f"{name}__contains": "y" * 60_000},
            {name: [f"y{number}" for number in range(999)]},
        ):
            assert staff.get(list_of(model), query).status_code == 400, query.keys()


def test_too_long_a_search_takes_nothing_along(staff):
    """What matches may be exported or decided about at once: a search that was dropped would match everything."""
    query = f"q={'word+' * 300}"
    answer = staff.get("/admin/feedback/participant/export/", {"query": query})
    assert (answer.status_code, answer.context["number"]) == (200, 0)
    answer = staff.post(f"/admin/feedback/comment/?{query}", {"action": "decide_matching"}, follow=True)
    assert TOO_LONG["en"] in answer.content.decode()
    assert "Decision" not in answer.context["title"]


@pytest.mark.parametrize("language", TOO_LONG)
def test_the_page_says_so_in_the_staff_members_language(language):
    browser = staff_client(make_moderator(language=language))
    with override(language):
        answer = browser.get("/admin/feedback/participant/", {"q": "word " * 300})
    assert TOO_LONG[language] in answer.content.decode()
