"""The staff find every comment by its words, the newest text included that others may not read; nobody else does."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import publish_comment
from feedback.admin import comments as list_of_comments
from feedback.models import BulkDecision, Comment, DeskWords
from feedback.search import matching
from feedback.search.staff import ids_of_comments_with
from tests.builders import hide, make_comment, make_moderator, make_participant, seen, staff_client
from tests.programme_builders import make_measure
from tests.test_search_index import traces

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/comment/"


def found(words: str) -> set:
    ids = ids_of_comments_with(words)
    return set() if ids is None else set(Comment.objects.filter(pk__in=ids).values_list("pk", flat=True))


def moderated_first():
    measure = make_measure()
    make_programme_wait(measure)
    return measure


def make_programme_wait(measure) -> None:
    programme = measure.principle.programme
    programme.moderation = "before"
    programme.save()


def words() -> list[str]:
    return list(DeskWords.objects.order_by("id").values_list("words", flat=True))


def test_a_comment_is_found_in_every_state_by_any_form_of_its_words_until_it_is_erased():
    author, moderator, measure = make_participant(), make_moderator(), moderated_first()
    comment = make_comment(measure, by=author, text="Schools near the river.")
    assert (comment.state, words(), found("school rivers")) == ("pending", ["school river"], {comment.pk})
    publish_comment(comment, by=moderator, **seen(comment))
    assert (words(), found("school")) == ([], {comment.pk})
    comment.refresh_from_db()
    edit_comment(comment, by=author, text="Bridges near the river.")
    assert (words(), found("bridge"), found("school")) == (["bridg river"], {comment.pk}, {comment.pk})
    comment.refresh_from_db()
    publish_comment(comment, by=moderator, **seen(comment))
    assert (words(), found("bridge"), found("school")) == ([], {comment.pk}, set())
    comment.refresh_from_db()
    hide(comment, by=moderator)
    assert (words(), found("bridge")) == (["bridg river"], {comment.pk})
    comment.refresh_from_db()
    withdraw_comment(comment, by=author)
    assert (words(), found("bridge")) == (["bridg river"], {comment.pk})
    delete_account(author.user, erase_comments=True)
    assert (words(), found("bridge"), traces("bridg")) == ([], set(), 0)


def test_nobody_else_finds_what_waits_or_is_hidden():
    waiting = make_comment(moderated_first(), text="Bulldozers before dawn.")
    hidden = hide(make_comment(make_measure(), text="Bulldozers at noon."))
    assert found("bulldozer") == {waiting.pk, hidden.pk}
    page = Client().get("/en/search/", {"q": "bulldozer"}).content.decode()
    assert ("dawn" in page, "noon" in page) == (False, False)


def test_reindexing_makes_the_same_rows_again_and_takes_away_what_does_not_belong_there():
    author, measure = make_participant(), moderated_first()
    for text in ("Schools first.", "Мектептер мен жолдар."):
        make_comment(measure, text=text, language="")
    hide(make_comment(make_measure(), text="Buy shoes."))
    rows = list(DeskWords.objects.order_by("comment").values_list("comment", "words"))
    assert len(rows) == 3
    public, gone = make_comment(make_measure(), text="Roads."), make_comment(make_measure(), by=author, text="Rails.")
    delete_account(author.user, erase_comments=True)
    for comment in (public, gone):  # as an older version of the portal leaves them, which knows no such rows
        DeskWords.objects.create(comment=comment, words="rail")
    DeskWords.objects.filter(comment=rows[0][0]).delete()
    call_command("reindex_search", verbosity=0)
    assert list(DeskWords.objects.order_by("comment").values_list("comment", "words")) == rows
    DeskWords.objects.create(comment=gone, words="railways")
    DeskWords.objects.filter(comment=rows[-1][0]).delete()
    call_command("keep_within_periods", "--dry-run")
    assert DeskWords.objects.filter(comment=gone).exists()
    call_command("keep_within_periods")
    assert list(DeskWords.objects.order_by("comment").values_list("comment", "words")) == rows
    assert traces("railways") == 0


@pytest.mark.parametrize("moderated", ["before", "after"])
def test_a_page_shows_the_newest_and_a_decision_about_all_takes_more(monkeypatch, moderated):
    monkeypatch.setattr(list_of_comments, "MOST_SHOWN", 2)
    measure = make_measure()
    if moderated == "before":
        make_programme_wait(measure)
    comments = [make_comment(measure, text=f"School number {number}.") for number in range(3)]
    staff = staff_client(make_moderator())
    page = staff.get(LIST, {"q": "schools"})
    assert [row.pk for row in page.context["cl"].result_list] == [comment.pk for comment in comments[:0:-1]]
    answer = staff.post(f"{LIST}?q=schools", {"action": "decide_matching"})
    assert answer.status_code == 302
    assert BulkDecision.objects.get().targets.count() == 3


def test_the_pages_of_a_search_follow_each_other(monkeypatch):
    monkeypatch.setattr(list_of_comments.CommentAdmin, "list_per_page", 2)
    measure = make_measure()
    comments = [make_comment(measure, text=f"School number {number}.").pk for number in range(5)][::-1]
    make_comment(measure, text="Roads.")
    staff, address, pages = staff_client(make_moderator()), f"{LIST}?q=schools", []
    while address:
        shown = staff.get(address).context["cl"]
        pages.append([row.pk for row in shown.result_list])
        address = shown.next_page and LIST + shown.next_page
    assert pages == [comments[:2], comments[2:4], comments[4:]]


@pytest.mark.postgresql
def test_on_postgresql_the_newest_spans_give_the_newest_and_where_they_have_too_few_all_are_read():
    measure, author = make_measure(), make_participant()
    numbers = [10, 20, 30, *range(192_000, 200_000, 200)]
    comments = Comment.objects.bulk_create(
        Comment(id=uuid.uuid4(), measure=measure, edition=1, author=author, moderation="pending", language="en")
        for _ in numbers
    )
    rows = zip(numbers, comments, strict=True)
    DeskWords.objects.bulk_create(DeskWords(id=number, comment=comment, words="school") for number, comment in rows)
    newest_first = [str(comment.pk) for comment in comments[::-1]]
    with connection.cursor() as cursor:
        for most, spans in ((5, 1), (41, 3)):
            assert len(matching.newest_spans(cursor, "'school'", most, "feedback_deskwords")[0]) == spans
            keys = ids_of_comments_with("schools", most).params
            assert keys == [None, ",".join(newest_first[:most])]


def test_a_list_says_that_more_was_found_than_it_counts():
    measure = make_measure()
    make_comment(measure, text="Schools first.")
    author = make_participant()
    others = Comment.objects.bulk_create(
        Comment(id=uuid.uuid4(), measure=measure, edition=1, author=author, moderation="pending", language="en")
        for _ in range(500)
    )
    DeskWords.objects.bulk_create(DeskWords(comment=comment, words="school") for comment in others)
    staff = staff_client(make_moderator())
    page = staff.get(LIST, {"q": "schools"})
    text = page.content.decode()
    assert ("over 500 comments" in text, "501 results" in text) == (True, False)
    assert len(page.context["cl"].result_list) == 50
    assert "501 comments" in staff.get(LIST).content.decode()
    assert "1 result (" in staff.get(LIST, {"q": "schools first"}).content.decode()
