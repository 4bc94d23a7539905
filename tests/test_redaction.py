"""Removing a part of a comment: what stays, what readers see, and what an edit of it does."""

import pytest

from feedback.actions.comments import edit_comment
from feedback.actions.refusals import Invalid
from feedback.ledger.recount import recount
from feedback.models import DeskItem
from tests.builders import make_comment
from tests.decisions import TEXT, redact, redacted_comment
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db


def test_a_redaction_shows_the_rest_and_keeps_the_original_for_staff():
    comment = redacted_comment()
    versions = list(comment.versions.order_by("number").values_list("number", "text", "public"))
    assert versions == [(1, TEXT, False), (2, "Ask ▮▮▮ about the shop, he sells shoes.", True)]
    assert (comment.state, comment.shown.redaction.action, comment.edited_at) == ("published", "redact", None)
    assert recount() == []


def test_what_touches_or_overlaps_becomes_one_mark():
    comment = make_comment(make_measure(), text="one two three four")
    redact(comment, "one two", "two", " three")
    comment.refresh_from_db()
    assert comment.shown.text == "▮▮▮ four"


def test_a_phrase_that_stands_nowhere_is_named_and_a_text_is_not_removed_whole():
    comment = make_comment(make_measure(), text=TEXT)
    with pytest.raises(Invalid, match="“Aigul” does not stand in the comment"):
        redact(comment, "Daulet", "Aigul")
    with pytest.raises(Invalid, match="Nothing would be left to read"):
        redact(comment, TEXT)
    assert comment.versions.count() == 1


def test_an_edit_of_a_redacted_comment_waits_and_is_compared_at_the_desk():
    comment = redacted_comment()
    edit_comment(comment, by=comment.author, text=TEXT, language="en")
    comment.refresh_from_db()
    assert (comment.shown.number, comment.has_waiting_edit) == (2, True)
    assert DeskItem.objects.get().edited
