"""Warnings and suspensions from an item's page, and rulings on appeals against them."""

import html
import re

import pytest
from django.urls import reverse

from feedback.actions.appeals import appeal_decision, appeal_sanction
from feedback.actions.sanctions import suspend_participant, warn_participant
from feedback.models import Appeal, Comment, Notice, Participant, Sanction
from tests.builders import hide, make_comment, make_participant, make_rule, staff_client
from tests.desk import at_the_desk, make_staff, page_of
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
APPEALS = "/admin/moderation/appeals/"


def text_of(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def sanction(browser, comment: Comment, kind: str, **typed):
    make_rule()
    values = {"kind": kind, "rule": "spam", "explanation": "Please stop.", "days": 7} | typed
    address = reverse("desk:sanction", args=[comment.pk])
    return browser.post(address, {f"sanction-{name}": value for name, value in values.items()})


def suspended(by) -> tuple[Participant, Sanction]:
    author = make_participant()
    made = suspend_participant(author, by=by, rule=make_rule(), explanation="Ten advertisements.", days=7)
    appeal_sanction(made, by=author, text="There were two.")
    return author, made


def test_an_author_is_warned_under_a_rule():
    comment = make_comment(make_measure())
    assert sanction(at_the_desk(), comment, "warn")["Location"] == page_of(comment)
    made = Sanction.objects.get()
    assert (made.kind, made.participant, made.comment, made.explanation) == (
        "warning", comment.author, comment, "Please stop.",
    )  # fmt: skip


def test_a_senior_moderator_suspends_and_ends_it_before_its_time():
    comment = make_comment(make_measure())
    assert sanction(at_the_desk(), comment, "suspend").status_code == 422
    browser = at_the_desk("senior-moderator")
    assert sanction(browser, comment, "suspend", days=91).status_code == 422
    assert sanction(browser, comment, "suspend", days=90).status_code == 302
    made = Sanction.objects.get()
    assert Sanction.objects.in_force().get() == made
    lift = reverse("desk:lift", args=[made.pk])
    at_the_desk().post(lift)
    assert Sanction.objects.in_force().count() == 1
    browser.post(lift)
    browser.post(lift)
    assert Sanction.objects.in_force().count() == 0
    assert [notice.kind for notice in Notice.objects.of(comment.author).order_by("pk")] == ["sanction", "lifted"]
    comment.refresh_from_db()
    assert comment.state == "published"


def test_a_warning_cannot_be_ended():
    warning = warn_participant(make_participant(), by=make_staff(), rule=make_rule(), explanation="Please stop.")
    answer = at_the_desk("senior-moderator").post(reverse("desk:lift", args=[warning.pk]), follow=True)
    assert "There is no suspension to end." in text_of(answer)
    warning.refresh_from_db()
    assert warning.lifted_at is None


def test_a_sanction_without_an_explanation_is_refused_and_keeps_what_was_typed():
    comment = make_comment(make_measure())
    answer = sanction(at_the_desk("senior-moderator"), comment, "suspend", explanation=" ", days=33)
    assert (answer.status_code, 'value="33"' in answer.content.decode()) == (422, True)
    assert Sanction.objects.count() == 0


def test_an_appeal_against_a_suspension_is_ruled_on_by_somebody_else():
    first = make_staff("senior-moderator", display_name="Saule")
    suspended(first)
    address = reverse("desk:appeal", args=[Appeal.objects.get().pk])
    own, second = staff_client(first), at_the_desk("senior-moderator")
    assert "Suspension from writing\xa0· spam in en" in text_of(second.get(APPEALS))
    page = text_of(second.get(address))
    assert ("Ten advertisements." in page, "There were two." in page, "Saule" in page) == (True, True, True)
    ruling = {"act": "reverse", "explanation": "Two it was."}
    assert "somebody else rules on the appeal" in text_of(own.get(address))
    assert own.post(address, ruling).status_code == 403
    assert at_the_desk().post(address, ruling).status_code == 403
    assert second.post(address, {"act": "reverse"}).status_code == 422
    assert second.post(address, ruling)["Location"] == APPEALS
    assert (Appeal.objects.get().outcome, Sanction.objects.in_force().count()) == ("reversed", 0)
    assert second.post(address, ruling).status_code == 409
    assert "Nothing waits here." in text_of(second.get(APPEALS))


def test_an_appeal_against_a_decision_leads_to_the_comment_s_item():
    comment = hide(make_comment(make_measure()))
    appeal = appeal_decision(comment.hiding_decision, by=comment.author, text="No.")
    assert at_the_desk().get(reverse("desk:appeal", args=[appeal.pk]))["Location"] == page_of(comment)
