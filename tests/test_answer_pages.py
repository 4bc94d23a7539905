"""Official answers where people meet them: on the measure, under comments, on their own pages, and nowhere before."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feedback.actions.answers import correct_answer
from feedback.actions.closing import publish_statement, save_statement
from feedback.actions.comments import withdraw_comment
from feedback.actions.decisions import NotAllowed
from feedback.actions.departure import delete_account
from feedback.actions.following import follow
from feedback.actions.moderation import publish_comment
from feedback.actions.refusals import NotPossibleNow
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, Notice
from principles.models import Programme, Reading, Target
from tests.answers import contents_of, make_answer, make_draft, make_editor, make_staff
from tests.builders import hide, make_comment, make_moderator, make_participant, seen, signed_in
from tests.programme_builders import in_three_languages, make_measure, make_programme
from tests.test_contributing import text_of
from tests.test_listing import listed
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db


def page_of(measure, language: str = "en") -> str:
    return f"/{language}/measures/{measure.slug}/"


def answers_shown(html: str) -> list[str]:
    """The texts of the answers on a page, in their order."""
    return re.findall(r'(?s)<div class="answer .*?<div class="text" lang="..">\s*<p>([^<]*)</p>', html)


def html_of(address: str, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    return response.content.decode()


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
        ("kk", "ішінара қабылданды", "2026 ж. 20 қараша"),
        ("ru", "принято частично", "20 ноября 2026 г."),
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


def steps(html: str) -> list[tuple[str, str]]:
    journey = re.search(r'(?s)<div class="journey">.*?</div>', html)[0]
    return re.findall(r'<li(?: class="(\w+)")?><strong>([^<]+)</strong>', journey)


def test_a_profile_leads_from_one_s_own_comment_to_its_answer():
    measure = make_measure()
    answered, waiting = make_comment(measure), make_comment(measure)
    make_answer(measure, answered)
    for comment, links in ((answered, 1), (waiting, 0)):
        html = html_of("/en/profile/", signed_in(comment.author))
        assert html.count('">Official answer</a> · <time') == links


def test_an_author_sees_in_the_answer_s_correction_that_it_was_corrected():
    measure, editor = make_measure(), make_editor()
    answer = make_answer(measure, by=editor)
    correct_answer(answer, contents_of(measure, text="Other words."), by=editor)
    assert "corrected on" in text_of(Client().get(f"/en/answers/{answer.code}/"))


def test_an_answer_is_in_the_sitemap_in_every_language():
    answer = make_answer(make_measure())
    sitemap = html_of("/sitemap.xml")
    for language in ("kk", "ru", "en"):
        assert f"<loc>http://127.0.0.1:8000/{language}/answers/{answer.code}/</loc>" in sitemap


def test_pages_of_answers_have_one_heading_no_form_no_cookie_and_every_language_s_address():
    measure = make_measure()
    answer = make_answer(measure, make_comment(measure))
    for path in (f"answers/{answer.code}/", f"measures/{measure.slug}/answers/"):
        for language in ("kk", "ru", "en"):
            response = Client().get(f"/{language}/{path}")
            html = response.content.decode()
            assert (html.count("<h1"), "<form" in html, "style=" in html, response.cookies) == (1, False, False, {})
            assert f'hreflang="kk" href="http://127.0.0.1:8000/kk/{path}"' in html


def statement_of(programme, by=None, **parts):
    texts = {part: in_three_languages(text) for part, text in ({"heard": "We heard you."} | parts).items()}
    return save_statement(programme, by=by or make_editor(), **texts)


def test_a_closing_statement_heads_the_programme_when_it_is_closed_and_published_and_followers_are_told_once():
    programme, editor = make_programme(), make_editor()
    follower, of_measure = make_participant(), make_participant()
    follow(follower, programme)
    follow(of_measure, programme.principles.get().measures.first())
    statement = statement_of(programme, by=editor, changes="More roads.", unchanged="No trams.")
    with pytest.raises(NotPossibleNow):
        publish_statement(statement, by=editor)
    Programme.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "We heard you." not in html_of("/en/")
    for _ in range(2):
        publish_statement(statement, by=editor)
    html = html_of("/en/")
    order = [html.index(text) for text in ("<h1", "We heard you. (en)", "More roads. (en)", "No trams. (en)")]
    assert order == sorted(order)
    assert order[-1] < html.index('class="chapter"')
    assert set(Notice.objects.values_list("participant", "kind", "programme")) == {
        (each.pk, "closing", programme.pk) for each in (follower, of_measure)
    }
    Programme.objects.update(closes_at=None)
    assert "We heard you." not in html_of("/en/")


@pytest.mark.parametrize("role", ["moderator", "senior-moderator", "analyst"])
def test_only_editors_and_administrators_close_with_a_statement(role):
    programme, staff = make_programme(), make_staff(role)
    with pytest.raises(NotAllowed):
        statement_of(programme, by=staff)
    with pytest.raises(NotAllowed):
        publish_statement(statement_of(programme), by=staff)


def test_a_statement_in_one_language_is_labelled_in_the_others():
    programme, editor = make_programme(closes_at=timezone.now() - timedelta(hours=1)), make_editor()
    statement = statement_of(programme, by=editor, heard={"ru": "Мы услышали."})
    publish_statement(statement, by=editor)
    html = html_of("/kk/")
    assert '<div class="text" lang="ru"><p>Мы услышали.</p></div>' in html
    assert html.count("fallback") == 1


@pytest.mark.parametrize(
    ("address", "anonymous", "participant"),
    [
        ("/en/measures/{measure}/", 9, 16),
        ("/en/measures/{measure}/?answered=yes", 8, 15),
        ("/en/measures/{measure}/comments/{comment}/", 4, 8),
        ("/en/measures/{measure}/answers/", 2, 4),
        ("/en/answers/{answer}/", 2, 4),
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
