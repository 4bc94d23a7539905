"""Long lists of the admin go on from a row: nothing is skipped or comes twice, whatever is written meanwhile."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from feedback.admin.comments import CommentAdmin
from feedback.ledger.sequencer import sequence
from feedback.models import LedgerEntry, Rating
from tests.builders import hide, make_comment, make_moderator, make_participant, rate_as, staff_client
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
COMMENTS = "/admin/feedback/comment/"


@pytest.fixture
def staff(monkeypatch):
    monkeypatch.setattr(CommentAdmin, "list_per_page", 3)
    return staff_client(make_moderator())


def shown(answer) -> list:
    return [row.pk for row in answer.context["cl"].result_list]


def link(answer, name: str) -> str | None:
    found = re.search(rf'<a href="([^"]*)"[^>]*>{name}</a>', answer.content.decode())
    return unescape(found[1]) if found else None


def walk(staff, address: str, name: str = "Next page", *, at_each=lambda: None) -> list[list]:
    """The rows of one page after the other, by the links of that name."""
    path, pages = address.split("?")[0], []
    while address:
        answer = staff.get(address)
        pages.append(shown(answer))
        at_each()
        query = link(answer, name)
        address = query and f"{path}{query}"
    return pages


def test_every_row_is_on_one_page_forwards_and_backwards(staff):
    measure = make_measure()
    wanted = [make_comment(measure).pk for _ in range(8)][::-1]
    pages = walk(staff, COMMENTS)
    assert pages == [wanted[:3], wanted[3:6], wanted[6:]]
    assert walk(staff, f"{COMMENTS}?after={pages[1][-1]}", "Previous page") == pages[::-1]
    assert shown(staff.get(f"{COMMENTS}?o=7&after={wanted[-3]}")) == wanted[::-1][3:6]
    first, last = staff.get(COMMENTS), staff.get(f"{COMMENTS}?after={pages[1][-1]}")
    assert (link(first, "First page"), link(first, "Previous page")) == (None, None)
    assert (link(last, "First page"), link(last, "Next page")) == ("?", None)


def test_what_is_written_meanwhile_moves_no_page(staff):
    measure = make_measure()
    wanted = [make_comment(measure).pk for _ in range(7)][::-1]
    pages = walk(staff, COMMENTS, at_each=lambda: make_comment(measure))
    assert [key for page in pages for key in page] == wanted


def test_filters_stay_and_begin_at_the_first_page(staff):
    measure = make_measure()
    hidden = [hide(make_comment(measure)).pk for _ in range(4)][::-1]
    make_comment(measure)
    pages = walk(staff, f"{COMMENTS}?state=hidden")
    assert [key for page in pages for key in page] == hidden
    answer = staff.get(f"{COMMENTS}?state=hidden&after={hidden[2]}")
    assert "?language__exact=kk&amp;state=hidden" in answer.content.decode()
    assert "after=" not in answer.content.decode().split('id="changelist-filter"')[1].split("</nav>")[0]


@pytest.mark.parametrize("key", ["", "0", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_row_that_is_none_leads_to_the_first_page(staff, key):
    wanted = [make_comment(measure).pk for measure in [make_measure()] for _ in range(4)][::-1]
    for name in ("after", "before"):
        assert shown(staff.get(f"{COMMENTS}?{name}={key}")) == wanted[:3]


def test_a_page_far_behind_costs_what_the_first_one_costs(staff, django_assert_num_queries):
    measure = make_measure()
    wanted = [make_comment(measure).pk for _ in range(9)][::-1]
    staff.get(COMMENTS)
    with django_assert_num_queries(7):
        staff.get(COMMENTS)
    with django_assert_num_queries(8):  # and the row that it begins behind
        staff.get(f"{COMMENTS}?after={wanted[5]}")


@pytest.mark.parametrize("model", [LedgerEntry, Rating])
def test_other_long_lists_go_on_from_a_row_as_well(staff, model, monkeypatch):
    measure = make_measure()
    for _ in range(10):
        rate_as(make_participant(), measure, 4)
        make_comment(measure)
    sequence()
    monkeypatch.setattr(type(admin.site._registry[model]), "list_per_page", 3)
    pages = walk(staff, reverse(f"admin:feedback_{model._meta.model_name}_changelist"))
    keys = [key for page in pages for key in page]
    assert (len(keys), len(set(keys)), max(map(len, pages))) == (model.objects.count(), model.objects.count(), 3)
