"""Comments: states, versions, votes, reports, and what stays when an author leaves."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import publish_comment
from feedback.actions.reactions import report_comment, vote_on_comment
from feedback.actions.refusals import ConsultationClosed, Invalid, NotPossibleNow, NotYours
from feedback.ledger.canonical import comment_commitment
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentCount, CommentVersion, Decision, DeskItem, LedgerEntry, Rating, Report
from principles.models import Programme
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, rate_as, rate_by_many, seen
from tests.programme_builders import make_measure, make_programme


def moderating_first():
    """A measure of a programme that publishes comments after moderation."""
    return make_measure(make_programme(measures=0, moderation="before"))


def leaves(kind: str) -> list[dict]:
    return [json.loads(text) for text in LedgerEntry.objects.filter(kind=kind).values_list("leaf", flat=True)]


@pytest.mark.django_db
def test_a_comment_is_published_at_once_and_its_ledger_entry_commits_to_its_text():
    author = make_participant()
    comment = make_comment(make_measure(), by=author, text="Мектеп керек.", language="ru", stance="for")
    sequence()
    version = comment.shown
    assert comment.state == "published"
    assert version.commitment == comment_commitment(
        text="Мектеп керек.", author=author.pseudonym, language="ru", stance="for", salt=version.salt
    )
    assert [leaf["commitment"] for leaf in leaves("comment")] == [version.commitment]


@pytest.mark.django_db
def test_where_a_programme_moderates_first_a_comment_waits_and_is_not_visible():
    comment = make_comment(moderating_first())
    assert comment.state == "pending"
    assert list(Comment.objects.visible()) == []
    assert list(Comment.objects.public()) == []
    publish_comment(comment, by=make_moderator(), **seen(comment))
    assert list(Comment.objects.visible()) == [comment]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ауылдағы мектепке жаңа жол керек, балалар қиналып жүр.", "kk"),
        ("В нашем посёлке до сих пор нет нормальной дороги.", "ru"),
        ("Our village still has no decent road to the school.", "en"),
    ],
)
def test_the_language_of_a_comment_is_recognised(text, language):
    assert make_comment(make_measure(), text=text, language="").language == language


@pytest.mark.django_db
def test_an_edit_within_fifteen_minutes_is_quiet_and_a_later_one_is_marked_and_keeps_the_old_version():
    author = make_participant()
    comment = make_comment(make_measure(), by=author, text="First.")
    edit_comment(comment, by=author, text="Second.", language="en")
    comment.refresh_from_db()
    assert (comment.edited_at, list(CommentVersion.objects.filter(public=True).values_list("text", flat=True))) == (
        None,
        ["Second."],
    )
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        edit_comment(comment, by=author, text="Third.", language="en")
        comment.refresh_from_db()
        assert comment.edited_at == timezone.now()
    assert list(CommentVersion.objects.filter(public=True).values_list("text", flat=True)) == ["Second.", "Third."]


@pytest.mark.django_db
def test_where_a_programme_moderates_first_an_edit_waits_and_the_old_version_stays_public():
    author = make_participant()
    comment = make_comment(moderating_first(), by=author, text="First.")
    publish_comment(comment, by=make_moderator(), **seen(comment))
    edit_comment(comment, by=author, text="Second.", language="en")
    comment.refresh_from_db()
    assert (comment.state, comment.shown.text, comment.latest.text) == ("published", "First.", "Second.")
    assert [item.comment_id for item in DeskItem.objects.filter(edited=True)] == [comment.pk]
    publish_comment(comment, by=make_moderator(), **seen(comment))
    comment.refresh_from_db()
    assert comment.shown.text == "Second."


@pytest.mark.django_db
def test_a_withdrawn_comment_leaves_its_replies_and_nothing_brings_it_back():
    author = make_participant()
    measure = make_measure()
    comment = make_comment(measure, by=author)
    reply = make_comment(measure, parent=comment)
    withdraw_comment(comment, by=author)
    comment.refresh_from_db()
    assert (comment.state, reply in Comment.objects.visible()) == ("withdrawn", True)
    with pytest.raises(NotPossibleNow):
        publish_comment(comment, by=make_moderator(), **seen(comment))
    with pytest.raises(NotPossibleNow):
        edit_comment(comment, by=author, text="Again.", language="en")


@pytest.mark.django_db
def test_only_its_author_edits_or_withdraws_a_comment():
    comment = make_comment(make_measure())
    for action in (
        lambda other: edit_comment(comment, by=other, text="Mine now.", language="en"),
        lambda other: withdraw_comment(comment, by=other),
    ):
        with pytest.raises(NotYours):
            action(make_participant())


@pytest.mark.django_db
def test_a_reply_takes_no_reply():
    measure = make_measure()
    reply = make_comment(measure, parent=make_comment(measure))
    with pytest.raises(NotPossibleNow):
        make_comment(measure, parent=reply)


@pytest.mark.django_db
def test_votes_count_one_way_or_the_other_and_can_be_taken_back():
    comment = make_comment(make_measure())
    voter = make_participant()
    counts = []
    for value in (1, 1, -1, 0):
        vote_on_comment(comment, by=voter, value=value)
        comment.refresh_from_db()
        counts.append((comment.agree_count, comment.disagree_count))
    assert counts == [(1, 0), (1, 0), (0, 1), (0, 0)]


@pytest.mark.django_db
def test_nobody_votes_on_or_reports_their_own_comment():
    author = make_participant()
    comment = make_comment(make_measure(), by=author)
    with pytest.raises(NotPossibleNow):
        vote_on_comment(comment, by=author, value=1)
    with pytest.raises(NotPossibleNow):
        report_comment(comment, by=author, rule=make_rule())


@pytest.mark.django_db
def test_a_person_reports_a_comment_once_and_a_decision_settles_it():
    comment = make_comment(make_measure())
    reader = make_participant()
    for _ in range(2):
        report_comment(comment, by=reader, rule=make_rule(), note="Look.")
    assert Report.objects.filter(handled_at=None).count() == 1
    hide(comment)
    assert Report.objects.filter(handled_at=None).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01", "\u202e\u200b", "...", "\u3164\u3164", "\u2800", "\U000e0041\U000e0042", "x" * 5001]
)
def test_a_text_that_says_nothing_or_too_much_is_refused(text):
    with pytest.raises(Invalid):
        make_comment(make_measure(), text=text)
    assert Comment.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("safe\u202etxet", "safetxet"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("e\u0301", "\u00e9"),
        ("z" + "\u0335" * 40, "z" + "\u0335" * 4),
        ("😀👍🏽 🇰🇿", "😀👍🏽 🇰🇿"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f ok\U000e0041", "\U0001f3f4\U000e0067\U000e0062\U000e007f ok"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("x" * 5000, "x" * 5000),
        ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)
def test_a_text_is_kept_normalised(typed, kept):
    assert make_comment(make_measure(), text=typed).shown.text == kept


@pytest.mark.django_db
def test_a_key_makes_a_write_happen_once():
    measure = make_measure()
    author = make_participant()
    first = make_comment(measure, by=author, key="k" * 64)
    again = make_comment(measure, by=author, key="k" * 64)
    assert (first.pk, Comment.objects.count()) == (again.pk, 1)
    assert make_comment(measure, key="k" * 64).pk != first.pk


@pytest.mark.django_db
def test_before_it_opens_and_after_it_closes_a_consultation_takes_nothing_and_keeps_the_right_to_withdraw():
    measure = make_measure()
    author = make_participant()
    comment = make_comment(measure, by=author)
    other = make_participant()
    now = timezone.now()
    for times in ({"opens_at": now + timedelta(days=1)}, {"opens_at": None, "closes_at": now}):
        Programme.objects.update(**times)
        for write in (
            lambda: make_comment(measure),
            lambda: edit_comment(comment, by=author, text="Changed.", language="en"),
            lambda: vote_on_comment(comment, by=other, value=1),
            lambda: report_comment(comment, by=other, rule=make_rule()),
            lambda: rate_as(other, measure, 3),
        ):
            with pytest.raises(ConsultationClosed):
                write()
    withdraw_comment(comment, by=author)
    comment.refresh_from_db()
    assert comment.state == "withdrawn"


@pytest.mark.django_db
def test_hidden_without_a_decision_is_impossible():
    comment = make_comment(make_measure())
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(moderation="hidden")


@pytest.mark.django_db
def test_leaving_with_comments_erased_deletes_every_word_and_keeps_what_was_counted():
    measure = make_measure()
    raters = rate_by_many(measure, [4] * 10)
    sequence()
    leaver = raters[0]
    rate_as(leaver, measure, 1)  # a change that has not joined the results
    rate_as(leaver, measure, 5, question="delivery")  # a rating that has not joined them
    comment = make_comment(measure, by=leaver, text="CANARY in a comment")
    hide(comment, explanation="CANARY in an explanation")
    liked = make_comment(measure)
    vote_on_comment(liked, by=leaver, value=1)
    report_comment(liked, by=leaver, rule=make_rule(), note="CANARY in a note")
    delete_account(leaver.user, erase_comments=True)
    sequence()
    comment.refresh_from_db()
    leaver.refresh_from_db()
    liked.refresh_from_db()
    assert (comment.state, comment.author, leaver.user, liked.agree_count) == ("erased", None, None, 0)
    assert (CommentVersion.objects.filter(comment=comment).count(), Report.objects.count()) == (0, 0)
    assert Decision.objects.filter(comment=comment).count() == 1
    assert Rating.objects.filter(participant=leaver).count() == 0
    assert Rating.objects.filter(value=4, released_value=4).count() == 10
    assert Rating.objects.filter(question__slug="delivery").count() == 0
    assert not LedgerEntry.objects.filter(leaf__contains="CANARY").exists()
    assert leaves("comment_erased")[0]["id"] == str(comment.pk)
    assert recount() == []


@pytest.mark.django_db
def test_leaving_with_comments_kept_shows_them_under_a_former_participant(client):
    author = make_participant(display_name="Aigerim")
    comment = make_comment(make_measure(), by=author, text="It stays.")
    delete_account(author.user, erase_comments=False)
    html = client.get(f"/en{comment.get_absolute_url()[3:]}").content.decode()
    assert ("It stays." in html, "former participant" in html, "Aigerim" in html) == (True, True, False)


@pytest.mark.django_db
def test_comment_counts_follow_the_ledger():
    measure = make_measure()
    hide(make_comment(measure))
    author = make_participant()
    withdraw_comment(make_comment(measure, by=author), by=author)
    make_comment(measure)
    sequence()
    count = CommentCount.objects.get(measure=measure)
    assert (count.submitted, count.published, count.hidden, count.withdrawn) == (3, 1, 1, 1)
