"""Answers as people meet them: on the measure, under comments, on pages of their own, in a comment's journey."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feedback.actions.answers import correct_answer
from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import publish_comment
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Notice
from principles.models import Programme, Reading, Target
from tests.answers import contents_of, html_of, make_answer, make_draft, make_editor, page_of
from tests.builders import hide, make_comment, make_moderator, make_participant, seen, signed_in
from tests.programme_builders import make_measure
from tests.test_contributing import text_of
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db


def answers_shown(html: str) -> list[str]:
    """The texts of the answers on a page, in their order."""
    return re.findall(r'(?s)<div class="answer .*?<div class="text" lang="..">\s*<p>([^<]*)</p>', html)


def steps(html: str) -> list[tuple[str, str]]:
    journey = re.search(r'(?s)<div class="journey">.*?</div>', html)[0]
    return re.findall(r'<li(?: class="(\w+)")?><strong>([^<]+)</strong>', journey)


def test_an_answer_stands_on_the_measure_under_its_comments_and_on_a_page_of_its_own():
    measure = make_measure()
    comment, other = make_comment(measure, text="A question."), make_comment(measure)
    answer = make_answer(measure, comment, text="The reason.", outcome="partly", link="https://gov.example/a.pdf")
    html = html_of(page_of(measure))
    assert answers_shown(html) == ["The reason. (en)"] * 2
    under = re.search(rf'(?s)id="comment-{comment.pk}".*?</article>', html)[0]
    assert answers_shown(under) == ["The reason. (en)"]
    assert answers_shown(re.search(rf'(?s)id="comment-{other.pk}".*?</article>', html)[0]) == []
    own = text_of(Client().get(f"/en/answers/{answer.code}/"))
    for part in ("accepted in part", "Ministry of Education (en)", "20 November 2026", "The reason.", "A question."):
        assert part in own
    assert 'href="https://gov.example/a.pdf" rel="nofollow noopener"' in html_of(f"/en/answers/{answer.code}/")


@pytest.mark.parametrize(
    ("language", "outcome", "date"),
    [
        ("kk", "ішінара қабылданды", "2026\xa0ж. 20\xa0қараша"),
        ("ru", "принято частично", "20\xa0ноября 2026\xa0г."),
        ("en", "accepted in part", "20 November 2026"),
    ],
)
def test_an_answer_is_shown_in_the_reader_s_language_and_labelled_where_it_has_none(language, outcome, date):
    measure = make_measure()
    make_answer(measure, text={"kk": "Себебі.", "ru": "Причина.", "en": "The reason."}, outcome="partly")
    make_answer(measure, text={"kk": "Тек қазақша."}, body={"kk": "Министрлік"})
    html = html_of(page_of(measure, language))
    own, fallback = html.split('<div class="answer ')[2], html.split('<div class="answer ')[1]
    said = {"kk": "Себебі.", "ru": "Причина.", "en": "The reason."}[language]
    assert f'<div class="text" lang="{language}"><p>{said}</p></div>' in own
    assert (outcome in own, date in own, "fallback" in own) == (True, True, False)
    assert '<div class="text" lang="kk"><p>Тек қазақша.</p></div>' in fallback
    assert '<span lang="kk">Министрлік</span>' in fallback
    assert ("fallback" in fallback) is (language != "kk")


def test_what_an_answer_says_is_text_and_no_mark_up():
    measure = make_measure()
    answer = make_answer(measure, text={"en": "<script>alert(1)</script>\n\nhttps://gov.example/x"}, body={"en": "<b>"})
    for address in (page_of(measure), f"/en/answers/{answer.code}/"):
        html = html_of(address)
        assert ("<script>alert" in html, "<b>" in html, "&lt;script&gt;" in html) == (False, False, True)
    assert 'href="https://gov.example/x" rel="nofollow"' in html_of(f"/en/answers/{answer.code}/")


def test_a_long_answer_is_cut_on_the_measure_and_whole_on_its_page():
    measure = make_measure()
    answer = make_answer(measure, text={"en": "word " * 400 + "end"})
    html = html_of(page_of(measure))
    assert ("end<" in html, "Read the whole answer" in html) == (False, True)
    assert "word end" in html_of(f"/en/answers/{answer.code}/")


def test_the_measure_shows_its_three_newest_answers_and_the_others_are_a_step_away():
    measure = make_measure()
    for number in range(23):
        make_answer(measure, text={"en": f"Answer {number}."})
    html = html_of(page_of(measure))
    assert answers_shown(html) == ["Answer 22.", "Answer 21.", "Answer 20."]
    texts, address = [], f"{page_of(measure)}answers/"
    while address:
        html = html_of(address)
        texts += answers_shown(html)
        more = re.search(r'rel="next" href="(\?[^"]+)', html)
        address = more and f"{page_of(measure)}answers/{more[1]}"
    assert texts == [f"Answer {number}." for number in range(22, -1, -1)]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "999999", "%D9%A3"])
def test_a_place_among_answers_that_is_none_is_a_404(before):
    assert Client().get(f"{page_of(make_measure())}answers/?before={before}").status_code == 404


@pytest.mark.parametrize("code", ["a999999", "a" + "9" * 40, "a" + "9" * 5000, "17", "a-1", "ax"])
def test_an_answer_that_is_none_is_a_404(code):
    make_measure()
    assert Client().get(f"/en/answers/{code}/").status_code == 404


def test_drafts_and_answers_of_the_future_leak_through_no_door():
    measure = make_measure()
    comment = make_comment(measure, text="A question about roads.")
    drafts = [
        make_draft(measure, comment, text="CANARY", body="CANARY"),
        make_draft(measure, comment, text="CANARY", publish_at=timezone.now() + timedelta(days=1)),
        make_draft(measure, text="CANARY"),
    ]
    sequence()
    person = signed_in(comment.author)
    programme = measure.principle.programme
    addresses = [
        "/en/",
        page_of(measure),
        f"{page_of(measure)}?answered=yes",
        f"{page_of(measure)}answers/",
        f"{page_of(measure)}comments/{comment.pk}/",
        f"{page_of(measure)}feed/",
        f"/en/programmes/{programme.slug}/feed/",
        "/en/search/?q=canary",
        "/en/search/?q=roads",
        "/sitemap.xml",
    ]
    for client, own in ((Client(), []), (person, ["/en/profile/"])):
        for address in addresses + own:
            html = html_of(address, client)
            assert ("CANARY" in html, "/answers/a" in html, "Ministry" in html) == (False, False, False), address
        for draft in drafts:
            assert client.get(f"/en/answers/{draft.code}/").status_code == 404
    assert "no official answer yet" in html_of(f"{page_of(measure)}comments/{comment.pk}/")
    assert "1 comment found" in text_of(Client().get("/en/search/?q=roads"))
    assert "Nothing was found" in text_of(Client().get("/en/search/?q=roads&answered=yes"))
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("how", ["hidden", "withdrawn", "erased"])
def test_of_a_comment_that_left_its_answer_shows_nothing(how):
    measure = make_measure()
    comment = make_comment(measure, text="CANARY", by=make_participant(display_name="Canary name"))
    answer = make_answer(measure, comment, text="The reason.")
    if how == "hidden":
        hide(comment)
    elif how == "withdrawn":
        withdraw_comment(comment, by=comment.author)
    else:
        delete_account(comment.author.user, erase_comments=True)
    sequence()
    for address in (
        page_of(measure),
        f"{page_of(measure)}answers/",
        f"{page_of(measure)}comments/{comment.pk}/",
        f"/en/answers/{answer.code}/",
        f"{page_of(measure)}feed/",
        f"{page_of(measure)}?answered=yes",
    ):
        assert "canary" not in html_of(address).lower(), address
    html = html_of(page_of(measure))
    assert answers_shown(html) == ["The reason. (en)"]  # on the measure, and not under the place of the comment
    assert "comment answered" not in html
    assert str(comment.pk) not in html_of(f"/en/answers/{answer.code}/")


def test_a_comment_shows_its_journey_up_to_what_changed():
    measure = make_measure()
    Programme.objects.update(moderation="before")
    comment = make_comment(measure)
    Comment.objects.update(created_at=timezone.now() - timedelta(days=3))
    own = signed_in(comment.author)
    address = f"{page_of(measure)}comments/{comment.pk}/"
    assert "What became of it" not in html_of(address, own)
    publish_comment(comment, by=make_moderator(), **seen(comment))
    assert steps(html_of(address)) == [
        ("done", "Received"),
        ("done", "Published"),
        ("", "Answer:"),
        ("", "What changed:"),
    ]
    times = re.findall(r'<li class="done">.*?<time datetime="([^"]+)"', html_of(address))
    assert times[0] < times[1]
    revise(measure, "The new wording")
    target = Target.objects.create(measure=measure, slug="kilometres")
    facts = {"read_on": "2026-10-01", "value": 1, "source_name": "x", "source_url": "https://x.example"}
    reading = Reading.objects.create(target=target, voice="government", **facts)
    make_answer(measure, comment, edition=measure.current_edition, reading=reading, outcome="done")
    html = html_of(address)
    assert [name for _state, name in steps(html)] == ["Received", "Published", "Answered", "What changed:"]
    assert {state for state, _name in steps(html)} == {"done"}
    assert f'href="/en/measures/{measure.slug}/editions/2/#diff">Edition 2 of' in html
    assert "a reading of 1 October 2026" in text_of(Client().get(address))


def test_a_profile_leads_from_one_s_own_comment_to_its_answer():
    measure = make_measure()
    answered, waiting = make_comment(measure), make_comment(measure)
    make_answer(measure, answered)
    for comment, links in ((answered, 1), (waiting, 0)):
        html = html_of("/en/profile/", signed_in(comment.author))
        assert html.count('">Official answer</a>&nbsp;· <time') == links


def test_an_author_sees_in_the_answer_s_correction_that_it_was_corrected():
    measure, editor = make_measure(), make_editor()
    answer = make_answer(measure, by=editor)
    correct_answer(answer, contents_of(measure, text="Other words."), by=editor)
    assert "corrected on" in text_of(Client().get(f"/en/answers/{answer.code}/"))


def test_pages_of_answers_have_one_heading_no_form_no_cookie_and_every_language_s_address():
    measure = make_measure()
    answer = make_answer(measure, make_comment(measure))
    for path in (f"answers/{answer.code}/", f"measures/{measure.slug}/answers/"):
        for language in ("kk", "ru", "en"):
            response = Client().get(f"/{language}/{path}")
            html = response.content.decode()
            assert (html.count("<h1"), "<form" in html, "style=" in html, response.cookies) == (1, False, False, {})
            assert f'hreflang="kk" href="http://127.0.0.1:8000/kk/{path}"' in html


@pytest.mark.parametrize(
    ("address", "anonymous", "participant"),
    [
        ("/en/measures/{measure}/", 9, 12),
        ("/en/measures/{measure}/?answered=yes", 8, 11),
        ("/en/measures/{measure}/comments/{comment}/", 4, 9),
        ("/en/measures/{measure}/answers/", 2, 5),
        ("/en/answers/{answer}/", 2, 5),
    ],
)
def test_pages_with_answers_cost_the_same_at_one_and_at_thirty(
    django_assert_num_queries, address, anonymous, participant
):
    measure, editor, author = make_measure(), make_editor(), make_participant()
    first = make_comment(measure, by=author)
    answer = make_answer(measure, first, by=editor)
    address = address.format(measure=measure.slug, comment=first.pk, answer=answer.code)
    browser = signed_in(author)
    for rows in (1, 29):
        for _ in range(rows):
            comment = make_comment(measure, by=author)
            reply = make_comment(measure, parent=first, by=author)
            make_answer(measure, comment, reply, by=editor)
        with django_assert_num_queries(anonymous):
            Client().get(address)
        with django_assert_num_queries(participant):
            browser.get(address)
