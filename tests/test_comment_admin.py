"""Staff hide and publish comments in the admin, under a rule with an explanation."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from feedback.actions.comments import edit_comment
from feedback.actions.reactions import report_comment
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Decision
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen, staff_client
from tests.programme_builders import make_measure, make_programme


@pytest.fixture
def staff():
    return staff_client(make_moderator())


def page_of(comment: Comment) -> str:
    return reverse("admin:feedback_comment_change", args=[comment.pk])


@pytest.mark.django_db
def test_hiding_takes_a_rule_and_an_explanation_and_records_the_decision(staff):
    comment = make_comment(make_measure())
    rule = make_rule("spam")
    answer = staff.post(
        page_of(comment), {"decision": "hide", "rule": rule.pk, "explanation": "It advertises.", "version": 1}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/admin/feedback/comment/")
    comment.refresh_from_db()
    decision = Decision.objects.get()
    assert (comment.state, comment.hiding_decision) == ("hidden", decision)
    assert (decision.role, decision.version, decision.explanation.text) == ("administrator", 1, "It advertises.")


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["rule", "explanation"])
def test_hiding_without_rule_or_explanation_is_refused_and_keeps_what_was_typed(staff, missing):
    comment = make_comment(make_measure())
    values = {"decision": "hide", "rule": make_rule().pk, "explanation": "It advertises.", "version": 1}
    values[missing] = ""
    answer = staff.post(page_of(comment), values)
    assert answer.status_code == 200
    assert Decision.objects.count() == 0
    if missing == "rule":
        assert b"It advertises." in answer.content


@pytest.mark.django_db
def test_a_decision_about_a_version_that_was_edited_since_is_refused(staff):
    measure = make_measure()
    author = make_participant()
    comment = make_comment(measure, by=author)

    edit_comment(comment, by=author, text="Something else altogether.", language="en")
    answer = staff.post(
        page_of(comment), {"decision": "hide", "rule": make_rule().pk, "explanation": "No.", "version": 1}
    )
    assert answer.status_code == 200
    assert "changed after you opened it" in answer.content.decode()
    assert Decision.objects.count() == 0


@pytest.mark.django_db
def test_a_decision_that_is_refused_is_not_called_done(staff):
    comment = hide(make_comment(make_measure()))
    values = {"decision": "hide", "rule": make_rule().pk, "explanation": "Again."} | seen(comment)
    answer = staff.post(page_of(comment), values, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "This comment can no longer be changed in this way.",
        "Your explanation was: Again.",
    ]


@pytest.mark.django_db
def test_a_pending_comment_is_published_from_the_queue(staff):
    measure = make_measure(make_programme(measures=0, moderation="before"))
    comment = make_comment(measure)
    listed = staff.get(reverse("admin:feedback_comment_changelist"), {"waits": "moderation"})
    assert listed.context["cl"].result_count == 1
    staff.post(page_of(comment), {"decision": "publish", "rule": "", "explanation": "", "version": 1})
    comment.refresh_from_db()
    assert comment.state == "published"


@pytest.mark.django_db
def test_a_hidden_comment_can_be_published_again(staff):
    comment = hide(make_comment(make_measure()))
    staff.post(page_of(comment), {"decision": "publish", "rule": "", "explanation": "A mistake."} | seen(comment))
    comment.refresh_from_db()
    assert (comment.state, comment.hiding_decision) == ("published", None)
    assert list(Decision.objects.values_list("action", flat=True)) == ["hide", "publish"]


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
    sequence()
    for name in ("comment", "report", "decision", "rule", "ledgerentry"):
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
    assert re.findall(r"<p>(\S+ \S+) · ", html) == ["24.11.2026 01:30"]
