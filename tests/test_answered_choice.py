"""Finding what is answered: counts, filters, search, sitemap."""

import re

import pytest
from django.test import Client

from feedback.actions.answers import correct_answer
from feedback.actions.moderation import publish_comment
from feedback.ledger.sequencer import sequence
from tests.answers import contents_of, html_of, make_answer, make_editor, page_of
from tests.builders import hide, make_comment, make_moderator, seen
from tests.programme_builders import make_measure, make_programme
from tests.test_contributing import text_of
from tests.test_listing import listed

pytestmark = pytest.mark.django_db


def test_a_measure_shows_how_many_of_its_comments_are_answered():
    measure = make_measure()
    assert "Comments with an official answer" not in html_of(page_of(measure))
    answered, reply_to, hidden = (make_comment(measure) for _ in range(3))
    reply = make_comment(measure, parent=reply_to)
    make_answer(measure, answered, reply, hidden)
    hide(hidden)
    sequence()
    assert "Comments with an official answer: 2 of 3." in text_of(Client().get(page_of(measure)))


def test_comments_are_chosen_by_whether_they_are_answered_replies_included_and_in_every_order():
    measure = make_measure()
    texts = ("Yes.", "No.", "Perhaps.")
    first, second, _third = (make_comment(measure, text=text, stance="for") for text in texts)
    reply = make_comment(measure, parent=first, text="A reply.", language="ru", stance="against")
    make_answer(measure, first, second, reply)
    hide(second)
    for order in ("", "&sort=agreed", "&sort=discussed"):
        shown = [text for text in listed(measure, f"?answered=yes{order}") if "(en)" not in text]
        assert sorted(shown) == ["A reply.", "Yes."], order
    assert [text for text in listed(measure, "?answered=yes&language=ru") if "(en)" not in text] == ["A reply."]
    html = html_of(f"{page_of(measure)}?answered=yes&sort=sides")
    assert len(re.findall(r'<article class="comment', html)) == 2
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert f'href="/en/measures/{measure.slug}/comments/{first.pk}/">a reply</a>' in html


def test_a_choice_of_answered_comments_has_the_measure_s_own_canonical_address():
    measure = make_measure()
    html = html_of(f"{page_of(measure)}?answered=yes&before=2026-01-01T00:00:00%2B00:00~{'0' * 32}")
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{page_of(measure)}">' in html


def test_search_finds_answered_comments_alone_and_measures_with_an_answer():
    programme = make_programme()
    measure, other = programme.principles.get().measures.all()
    answered, unanswered = (make_comment(measure, text=f"Roads {text}") for text in ("one.", "two."))
    answer = make_answer(measure, answered)
    results = text_of(Client().get("/en/search/?q=roads&answered=yes"))
    assert ("1 comment found" in results, "Roads one." in results, "Roads two." in results) == (True, True, False)
    found = text_of(Client().get("/en/search/?q=measure&answered=yes&kind=measures"))
    assert "1 measure found" in found
    correct_answer(answer, contents_of(measure, unanswered), by=make_editor())
    results = text_of(Client().get("/en/search/?q=roads&answered=yes"))
    assert ("Roads one." in results, "Roads two." in results) == (False, True)
    hide(unanswered)
    assert "Nothing was found" in text_of(Client().get("/en/search/?q=roads&answered=yes"))
    publish_comment(unanswered, by=make_moderator(), **seen(unanswered))
    assert "Roads two." in text_of(Client().get("/en/search/?q=roads&answered=yes"))
    assert other.answers.count() == 0


def test_an_answer_is_in_the_sitemap_in_every_language():
    answer = make_answer(make_measure())
    sitemap = html_of("/sitemap.xml")
    for language in ("kk", "ru", "en"):
        assert f"<loc>http://127.0.0.1:8000/{language}/answers/{answer.code}/</loc>" in sitemap
