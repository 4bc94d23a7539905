"""What staff removed from a comment is read through no door of the portal, by nobody but staff who decide."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from feedback.actions.moderation import hide_on_demand, redact_comment, spans_of
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, LedgerEntry
from tests.builders import make_comment, make_moderator, make_participant, make_rule, seen, signed_in
from tests.desk import at_the_desk, page_of
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
SECRET = "Zhanibekova"
TEXT = f"Ask {SECRET} about the new school, she knows."


@pytest.fixture
def comment() -> Comment:
    made = make_comment(make_measure(), text=TEXT)
    spans = spans_of(TEXT, [SECRET])
    what = {"rule": make_rule("privacy"), "explanation": "A name.", "spans": spans}
    redact_comment(made, by=make_moderator(), **what, **seen(made))
    sequence()
    made.refresh_from_db()
    return made


def doors(comment: Comment) -> list[str]:
    measure = comment.measure
    page = f"/en/measures/{measure.slug}/"
    return [
        "/en/",
        page,
        f"{page}?sort=agreed",
        f"{page}comments/{comment.pk}/",
        f"{page}comments/{comment.pk}/versions/",
        f"{page}feed/",
        f"/en/programmes/{measure.principle.programme.slug}/feed/",
        f"{page}card.png",
        f"/en/search/?q={SECRET}",
        "/en/search/?q=school",
    ]


def test_the_removed_words_are_behind_no_public_door(comment):
    for browser in (Client(), signed_in(make_participant())):
        opened = {door: browser.get(door) for door in doors(comment)}
        assert {door: answer.status_code for door, answer in opened.items()} == dict.fromkeys(opened, 200)
        found = [door for door, answer in opened.items() if SECRET in content_of(answer)]
        assert found == [f"/en/search/?q={SECRET}"]
        # There the reader's own words stand, and no comment.
        assert ("/comments/" in content_of(opened[found[0]]), "▮" in content_of(opened[found[0]])) == (False, False)
    assert all(SECRET not in leaf for leaf in LedgerEntry.objects.values_list("leaf", flat=True))


def content_of(answer) -> str:
    return b"".join(answer).decode(errors="replace") if answer.streaming else answer.content.decode(errors="replace")


def test_readers_see_that_a_part_was_removed_and_under_which_rule(comment, client):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(doors(comment)[3]).content.decode()))
    assert "Ask ▮▮▮ about the new school, she knows." in text
    assert "The staff removed a part (▮▮▮) under the rule “privacy in en”." in text


@pytest.mark.parametrize("role", ["analyst", "editor"])
def test_staff_who_do_not_decide_do_not_read_them_either(comment, role):
    browser = at_the_desk(role)
    pages = [
        reverse("admin:feedback_comment_changelist"),
        reverse("admin:feedback_comment_change", args=[comment.pk]),
        reverse("admin:feedback_decision_changelist"),
        reverse("admin:feedback_decision_change", args=[comment.decisions.get().pk]),
        page_of(comment),
    ]
    assert [page for page in pages if SECRET in browser.get(page).content.decode()] == []


def test_staff_who_decide_compare_with_the_original(comment):
    page = at_the_desk().get(page_of(comment)).content.decode()
    assert f"<del>{SECRET}</del><ins>▮▮▮</ins>" in page


def test_a_comment_hidden_at_a_demand_names_who_demanded_it(client):
    comment = make_comment(make_measure(), text=TEXT)
    what = {"authority": "Ministry of Examples", "explanation": "A court's decision."}
    hide_on_demand(comment, by=make_moderator(), **what, **seen(comment))
    page = client.get(f"/en/measures/{comment.measure.slug}/comments/{comment.pk}/").content.decode()
    assert "Hidden at the demand of Ministry of Examples." in page
    own = signed_in(comment.author).get(f"/en/measures/{comment.measure.slug}/comments/{comment.pk}/").content.decode()
    assert ("Hidden at the demand of Ministry of Examples." in own, "A court&#x27;s decision." in own) == (True, True)
