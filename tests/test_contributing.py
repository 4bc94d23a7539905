"""Rating, commenting and everything else that participants do, through the pages."""

import re

import pytest
from django.test import Client

from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentVote, Rating, Report
from principles.models import Programme
from tests.builders import (
    hide,
    make_comment,
    make_participant,
    make_rule,
    rate_by_many,
    signed_in,
)
from tests.programme_builders import make_measure, make_programme
from tests.test_tallies import revise


def page_of(measure, rest: str = "", language: str = "en") -> str:
    return f"/{language}/measures/{measure.slug}/{rest}"


def text_of(response) -> str:
    """The visible words of a page, in one line."""
    html = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.django_db
def test_a_participant_rates_changes_and_takes_back():
    measure = make_measure()
    person = make_participant()
    browser = signed_in(person)
    seen = []
    for data in ({"value": "4"}, {"value": "2"}, {"take_back": "1"}):
        answer = browser.post(page_of(measure, "ratings/support/"), data | {"edition": "1"})
        assert (answer.status_code, answer["Location"]) == (302, f"{page_of(measure)}#support")
        seen.append(Rating.objects.get().value)
    assert seen == [4, 2, None]


@pytest.mark.django_db
def test_beside_one_s_own_waiting_comment_the_page_does_not_say_that_there_is_none():
    measure, person = make_measure(make_programme(moderation="before")), make_participant()
    make_comment(measure, by=person, text="Mine.")
    own, others = (text_of(signed_in(each).get(page_of(measure))) for each in (person, make_participant()))
    assert ("Mine." in own, "Nothing is public here yet." in own, "No comments yet." in own) == (True, True, False)
    assert "No comments yet." in others


@pytest.mark.django_db
def test_the_page_tells_a_participant_at_once_what_they_chose_and_whether_it_is_counted():
    measure = make_measure()
    person = make_participant()
    browser = signed_in(person)
    browser.post(page_of(measure, "ratings/support/"), {"value": "4", "edition": "1"})
    assert ("Your rating: support 4 (en) . It is saved; it joins the results with the next group of ten.") in text_of(
        browser.get(page_of(measure))
    )
    rate_by_many(measure, [1] * 9)
    sequence()
    assert "It is counted in the results." in text_of(browser.get(page_of(measure)))


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["0", "6", "x", "", "1e0", "４４", "9" * 40, "\x00"])
def test_a_rating_that_is_none_is_refused_with_a_reason(value):
    measure = make_measure()
    answer = signed_in(make_participant()).post(page_of(measure, "ratings/support/"), {"value": value, "edition": "1"})
    assert (answer.status_code, Rating.objects.count()) == (422, 0)
    assert "Please choose one of the five answers." in text_of(answer)


@pytest.mark.django_db
def test_a_rating_of_an_edition_that_was_replaced_is_a_409_that_shows_the_new_wording():
    measure = make_measure()
    browser = signed_in(make_participant())
    revise(measure, "Quite another wording")
    answer = browser.post(page_of(measure, "ratings/support/"), {"value": "4", "edition": "1"})
    assert (answer.status_code, Rating.objects.count()) == (409, 0)
    assert "Quite another wording" in text_of(answer)
    assert "The wording of this measure has changed." in text_of(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/measures/nowhere/", "/en/measures/nowhere/comments/", "/en/measures/nowhere/ratings/support/"]
)
def test_a_measure_that_does_not_exist_is_a_404_that_helps(path):
    answer = signed_in(make_participant()).post(path, {"text": "x", "value": "1", "edition": "1"})
    assert answer.status_code in {404, 405}
    answer = Client().get(path)
    assert (answer.status_code, "To the front page" in text_of(answer)) == (404, True)


@pytest.mark.django_db
def test_a_comment_is_shown_as_text_with_its_links_unfollowed_and_its_language_marked():
    measure = make_measure()
    browser = signed_in(make_participant(display_name="Aigerim"))
    browser.post(
        page_of(measure, "comments/"),
        {
            "text": "<script>alert(1)</script>\nsee https://example.org/a",
            "edition": "1",
            "language": "ru",
            "stance": "against",
        },
    )
    html = Client().get(page_of(measure)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>" in html
    assert '<a href="https://example.org/a" rel="nofollow">' in html
    assert re.search(r'<div class="text" lang="ru">', html)
    assert "Aigerim" in html


@pytest.mark.django_db
def test_a_double_submit_makes_one_comment_and_the_same_form_with_other_words_another():
    measure = make_measure()
    browser = signed_in(make_participant())
    form = {"text": "Once.", "edition": "1", "token": "a-token-of-the-page"}
    places = [browser.post(page_of(measure, "comments/"), form)["Location"] for _ in range(2)]
    assert (places[0], Comment.objects.count()) == (places[1], 1)
    browser.post(page_of(measure, "comments/"), form | {"text": "Twice."})
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_a_waiting_edit_is_shown_to_its_author_beside_what_everybody_sees():
    measure = make_measure(make_programme(measures=0))
    person = make_participant()
    comment = make_comment(measure, by=person, text="Everybody sees this.")
    Programme.objects.update(moderation="before")
    signed_in(person).post(page_of(measure, f"comments/{comment.pk}/edit/"), {"text": "This waits.", "edition": "1"})
    text = text_of(signed_in(person).get("/en/profile/"))
    assert text.index("Everybody sees this.") < text.index("Your edit waits for moderation") < text.index("This waits.")
    assert "This waits." not in text_of(Client().get(page_of(measure)))


@pytest.mark.django_db
def test_replying_voting_reporting_editing_and_withdrawing_through_the_pages():
    measure = make_measure()
    author, reader = make_participant(), make_participant()
    comment = make_comment(measure, by=author)
    page = page_of(measure, f"comments/{comment.pk}/")
    other, own = signed_in(reader), signed_in(author)
    assert other.post(f"{page}reply/", {"text": "A reply.", "edition": "1"}).status_code == 302
    assert other.post(f"{page}vote/", {"value": "1"}).status_code == 302
    assert other.post(f"{page}report/", {"rule": make_rule().code, "note": "Look."}).status_code == 302
    assert own.post(f"{page}edit/", {"text": "Changed.", "edition": "1", "language": "kk"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.shown.text, comment.language, comment.reply_count, comment.agree_count) == ("Changed.", "kk", 1, 1)
    assert Report.objects.get().note == "Look."
    assert own.post(f"{page}withdraw/").status_code == 302
    text = text_of(Client().get(page_of(measure)))
    assert ("Changed." in text, "Withdrawn by its author." in text, "A reply." in text) == (False, True, True)


@pytest.mark.django_db
def test_nobody_else_edits_or_withdraws_a_comment_through_the_pages():
    measure = make_measure()
    comment = make_comment(measure)
    stranger = signed_in(make_participant())
    for action in ("edit", "withdraw"):
        page = page_of(measure, f"comments/{comment.pk}/{action}/")
        assert (stranger.get(page).status_code, stranger.post(page, {"text": "x"}).status_code) == (403, 403)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["2", "", "x", "\x00", "-2"])
def test_a_vote_that_is_none_changes_nothing(value):
    measure = make_measure()
    comment = make_comment(measure)
    answer = signed_in(make_participant()).post(page_of(measure, f"comments/{comment.pk}/vote/"), {"value": value})
    assert (answer.status_code, CommentVote.objects.count()) == (302, 0)


@pytest.mark.django_db
def test_a_report_without_a_rule_is_refused_and_keeps_its_note():
    measure = make_measure()
    make_rule()
    comment = make_comment(measure)
    answer = signed_in(make_participant()).post(page_of(measure, f"comments/{comment.pk}/report/"), {"note": "Look."})
    assert (answer.status_code, Report.objects.count()) == (422, 0)
    assert "Look." in answer.content.decode()


@pytest.mark.django_db
def test_what_is_not_visible_shows_nowhere():
    programme = make_programme(measures=0)
    measure = make_measure(programme)
    author = make_participant(display_name="AUTHOR-CANARY")
    hide(make_comment(measure, by=author, text="CANARY hidden"))
    withdrawn = make_comment(measure, by=author, text="CANARY withdrawn")
    signed_in(author).post(page_of(measure, f"comments/{withdrawn.pk}/withdraw/"))
    Programme.objects.update(moderation="before")
    pending = make_comment(measure, by=author, text="CANARY pending")
    stranger = signed_in(make_participant())
    paths = ["/en/", f"/en/programmes/{programme.slug}/", page_of(measure)]
    paths += [page_of(measure, f"comments/{comment.pk}/") for comment in Comment.objects.all()]
    paths += [page_of(measure, f"comments/{comment.pk}/versions/") for comment in Comment.objects.all()]
    paths += [page_of(measure, f"comments/{comment.pk}/report/") for comment in Comment.objects.all()]
    for path in paths:
        for browser in (Client(), stranger):
            assert "CANARY" not in browser.get(path, follow=True).content.decode()
    assert Client().get(page_of(measure, f"comments/{pending.pk}/")).status_code == 404
    assert "CANARY pending" in text_of(signed_in(author).get(page_of(measure)))


@pytest.mark.django_db
def test_the_author_of_a_hidden_comment_sees_it_with_rule_and_reason():
    measure = make_measure()
    author = make_participant()
    hide(make_comment(measure, by=author, text="Buy shoes."), explanation="It advertises a shop.")
    browser = signed_in(author)
    for path in (page_of(measure), "/en/profile/"):
        text = text_of(browser.get(path))
        assert ("Buy shoes." in text, "It advertises a shop." in text, "spam in en" in text) == (True, True, True)


@pytest.mark.django_db
def test_a_long_discussion_is_read_page_by_page_without_gap_or_repeat():
    measure = make_measure()
    author = make_participant()
    made = [make_comment(measure, by=author, text=f"Comment {number}.") for number in range(45)]
    seen, path = [], page_of(measure)
    while path:
        html = Client().get(path).content.decode()
        seen += re.findall(r'id="comment-([0-9a-f-]+)"', html)
        more = re.search(r'rel="next" href="([^"#]+)', html)
        path = page_of(measure) + more[1].replace("&amp;", "&") if more else None
    assert seen == [str(comment.pk) for comment in reversed(made)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place",
    [
        "x",
        "~",
        "%00",
        "2026-01-01~x",
        "2026-13-01T00:00:00%2B00:00~" + "0" * 32,
        "2026-01-01T00:00:00~" + "0" * 32,
        "0001-01-01T00:00:00%2B14:00~" + "0" * 32,
        "9999-12-31T23:59:59-14:00~" + "0" * 32,
    ],
)
def test_a_place_that_is_none_is_a_404_or_400(place):
    measure = make_measure()
    comment = make_comment(measure)
    browser = signed_in(make_participant())
    for path in (f"{page_of(measure)}?before=", f"/en{comment.get_absolute_url()[3:]}?after=", "/en/profile/?before="):
        assert browser.get(f"{path}{place}").status_code in {400, 404}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/en/measures/x/?before=2026", "/en/measures/x/?before=2026"),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_vote_leads_back_to_where_one_was_reading_and_never_elsewhere(back, leads_to):
    comment = make_comment(make_measure())
    page = f"/en{comment.get_absolute_url()[3:]}"
    answer = signed_in(make_participant()).post(f"{page}vote/", {"value": "1", "back": back})
    assert answer["Location"] == f"{leads_to or page}#comment-{comment.pk}"
