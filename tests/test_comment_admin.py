"""Comments in the admin: found and read there, decided at the desk."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from feedback.actions.appeals import appeal_sanction
from feedback.actions.reactions import report_comment
from feedback.actions.sanctions import warn_participant
from feedback.admin import long_lists
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Decision
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen, staff_client
from tests.desk import at_the_desk
from tests.programme_builders import make_measure, make_programme


@pytest.fixture
def staff():
    return staff_client(make_moderator())


def page_of(comment: Comment) -> str:
    return reverse("admin:feedback_comment_change", args=[comment.pk])


@pytest.mark.django_db
def test_a_comment_s_page_is_read_only_and_leads_to_the_desk(staff):
    comment = make_comment(make_measure(), text="Call me on +7 701 123-45-67.")
    page = staff.get(page_of(comment)).content.decode()
    assert f'<a href="/admin/moderation/{comment.pk}/">Open it at the desk</a>' in page
    assert ("Call me on +* *** ***-**-**." in page, 'name="_save"' in page) == (True, False)
    values = {"decision": "hide", "rule": make_rule("spam").pk, "explanation": "It advertises."} | seen(comment)
    assert staff.post(page_of(comment), values | {"after": ""}).status_code == 403
    assert Decision.objects.count() == 0


@pytest.mark.django_db
def test_a_comment_s_page_offers_the_desk_to_those_alone_whom_it_lets_in():
    comment = make_comment(make_measure())
    page = at_the_desk("analyst").get(page_of(comment))
    assert (page.status_code, b"/admin/moderation/" in page.content) == (200, False)


@pytest.mark.django_db
def test_what_waits_is_found_in_the_list_of_comments(staff):
    comment = make_comment(make_measure(make_programme(measures=0, moderation="before")))
    make_comment(make_measure())
    listed = staff.get(reverse("admin:feedback_comment_changelist"), {"waits": "moderation"})
    assert [row.pk for row in listed.context["cl"].result_list] == [comment.pk]


@pytest.mark.django_db
def test_the_list_of_comments_costs_the_same_at_one_and_at_thirty_rows(staff, django_assert_max_num_queries):
    measure = make_measure()
    make_comment(measure)
    page = reverse("admin:feedback_comment_changelist")
    with django_assert_max_num_queries(12) as first:
        staff.get(page)
    for _ in range(29):
        make_comment(measure)
    with django_assert_max_num_queries(len(first)):
        staff.get(page)


@pytest.mark.django_db
def test_every_list_of_feedback_opens_with_rows_in_it(staff):
    measure = make_measure()
    make_rule("hatred")
    report_comment(make_comment(measure), by=make_participant(), rule=make_rule("spam"))
    hide(make_comment(measure))
    warning = warn_participant(make_participant(), by=make_moderator(), rule=make_rule("spam"), explanation="Stop.")
    appeal_sanction(warning, by=warning.participant, text="No.")
    sequence()
    for name in ("comment", "report", "decision", "sanction", "appeal", "rule", "ledgerentry"):
        page = staff.get(reverse(f"admin:feedback_{name}_changelist"))
        assert (name, page.status_code) == (name, 200)
        row = page.context["cl"].result_list[0]
        assert staff.get(reverse(f"admin:feedback_{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.django_db
def test_the_admin_speaks_the_staff_member_s_language():
    client = staff_client(make_moderator(language="kk"))
    make_comment(make_measure())
    html = client.get(reverse("admin:feedback_comment_changelist")).content.decode()
    assert '<html lang="kk"' in html
    assert "жарияланған" in html


@pytest.mark.django_db
def test_a_decision_is_dated_by_the_clock_and_in_the_form_of_its_reader():
    client = staff_client(make_moderator(language="kk"))
    with time_machine.travel(datetime(2026, 11, 23, 20, 30, tzinfo=UTC), tick=False):
        comment = hide(make_comment(make_measure()))
        html = client.get(page_of(comment)).content.decode()
    assert re.findall(r"<p>([^·<]+)\xa0· ", html) == ["2026\xa0ж. 24\xa0қараша, 01:30"]


@pytest.mark.django_db
def test_a_list_counts_no_further_than_its_bound_and_says_so(staff, monkeypatch):
    measure = make_measure()
    for _ in range(4):
        make_comment(measure)
    page = reverse("admin:feedback_comment_changelist")
    assert "4 comments" in staff.get(page).content.decode()
    monkeypatch.setattr("portal.long_lists.MOST_COUNTED", 2)
    assert "over 1,000 comments" in staff.get(page).content.decode()


@pytest.mark.django_db
def test_the_ledger_s_list_is_filtered_by_every_kind_without_looking_for_them(staff, django_assert_max_num_queries):
    make_comment(make_measure())
    sequence()
    page = reverse("admin:feedback_ledgerentry_changelist")
    with django_assert_max_num_queries(9):
        answer = staff.get(page, {"kind": "comment"})
    assert answer.context["cl"].result_count == 1
    listed = re.findall(r"^\| `(\w+)` \|", Path("docs/ledger.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(long_lists.KindFilter.KINDS) == sorted(listed)
