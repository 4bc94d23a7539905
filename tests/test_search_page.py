"""The page of search: what it shows, to whom, and what it costs."""

import re

import pytest
from django.db import connection
from django.test import Client

from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.models import Comment
from principles.models import Area, Edition, Measure, Principle
from principles.wording import per_language
from tests.builders import hide, make_comment, make_participant, signed_in
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme
from tests.test_tallies import revise


def search(client, page_language="en", **values) -> str:
    response = client.get(f"/{page_language}/search/", values)
    assert response.status_code == 200
    return response.content.decode()


def section(html: str, name: str) -> str:
    return html.partition(f'id="found-{name}"')[2].partition("</section>")[0]


def codes(html: str) -> list[str]:
    """Codes of the measures found, in order."""
    return re.findall(r'<span class="code">([\d.]+)</span>', section(html, "measures"))


def texts(html: str) -> list[str]:
    """What is shown of the comments found, without marks."""
    found = re.findall(r'<p class="text"><span lang="\w\w">(.*?)</span>', section(html, "comments"))
    return [re.sub("</?mark>", "", text) for text in found]


def line(html: str) -> str:
    """The line that says how much was found."""
    return re.search(r'<p class="search-count" role="status">(.*?)</p>', html)[1]


@pytest.fixture
def fair_kazakhstan():
    return load_fair_kazakhstan()


@pytest.mark.django_db
def test_words_are_found_in_any_form_and_marked(client, fair_kazakhstan):
    html = search(client, "ru", q="дорогами")
    assert codes(html) == ["2.13", "3.10"]
    assert '<span lang="ru">Качественные <mark>дороги</mark> к каждому населённому пункту</span>' in html
    assert line(html) == "найдено 2 меры&nbsp;· найдено 0 комментариев"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "other"), [("ru", "заманауи"), ("kk", "современных")])
def test_a_word_of_two_languages_is_shown_in_the_reader_s(client, fair_kazakhstan, language, other):
    found = section(search(client, language, q="кабинет"), "measures")
    assert ("3.3" in found, other in found) == (True, False)


@pytest.mark.django_db
def test_a_measure_found_in_another_language_has_its_title_in_the_reader_s_and_the_place_in_the_other(
    client, fair_kazakhstan
):
    html = search(client, "en", q="шакиртакы")
    assert '<span lang="en">Scholarships doubled</span>' in html
    assert '<p class="text"><span lang="kk"><mark>Шәкіртақыны</mark> екі есе арттыру. ' in html
    assert section(html, "measures").count('</span> <small class="fallback">(in Kazakh)</small></p>') == 1
    assert codes(html) == ["3.6"]


@pytest.mark.django_db
def test_comments_come_after_measures_with_their_own_language_and_their_text_stays_text(client, fair_kazakhstan):
    make_comment(Measure.objects.get(slug="quality-roads"), text="Дороги <b>ужасные</b>.", language="ru")
    html = search(client, q="дорога")
    label = '<small class="fallback">(in Russian)</small>'
    text = '<span lang="ru"><mark>Дороги</mark> &lt;b&gt;ужасные&lt;/b&gt;.</span>'
    assert f'<p class="text">{text} {label}</p>' in html
    assert label not in search(client, "ru", q="дорога")
    assert html.index('id="found-measures"') < html.index('id="found-comments"')
    assert line(html) == "2 measures found&nbsp;· 1 comment found"


@pytest.mark.django_db
def test_the_words_of_the_current_edition_and_the_names_of_today_are_found(client):
    measure = make_measure(title="Bridges")
    revise(measure, "Tunnels")
    assert (codes(search(client, q="bridge")), codes(search(client, q="tunnel"))) == ([], ["1.1"])
    Principle.objects.update(**per_language("title", {"en": "Mountains"}))
    assert codes(search(client, q="mountain")) == ["1.1"]


@pytest.mark.django_db
def test_a_retired_measure_is_not_found_but_its_comments_are(client, django_user_model):
    measure = make_measure(title="Bridges")
    make_comment(measure, text="Bridges first.")
    Measure.objects.update(retired_at=Edition.objects.first().created_at)
    html = search(client, q="bridges")
    assert (codes(html), texts(html)) == ([], ["Bridges first."])


@pytest.mark.django_db
def test_nothing_that_is_not_visible_is_found_by_anybody(client):
    measure = make_measure()
    author = make_participant()
    hide(make_comment(measure, by=author, text="Bridges hidden."))
    withdraw_comment(make_comment(measure, by=author, text="Bridges withdrawn."), by=author)
    leaver = make_participant()
    make_comment(measure, by=leaver, text="Bridges erased.")
    delete_account(leaver.user, erase_comments=True)
    before = make_programme(slug="moderated", moderation="before").principles.get().measures.first()
    make_comment(before, by=author, text="Bridges pending.")
    make_comment(measure, by=author, text="Bridges shown.")
    for browser in (client, signed_in(author)):
        for query in ("bridges", "bridgse", "hidden", "withdrawn", "erased", "pending"):
            html = search(browser, q=query)
            assert texts(html) in ([], ["Bridges shown."])
            assert re.findall("Bridges (?!shown)", html) == []
    assert Comment.objects.count() == 5


@pytest.mark.django_db
def test_filters_narrow_both_kinds(client):
    first, second = make_programme(slug="one"), make_programme(slug="two")
    for programme in (first, second):
        make_comment(
            programme.principles.get().measures.first(), text=f"Measure for {programme.slug} 1.", language="en"
        )
    make_comment(first.principles.get().measures.first(), text="Measure на русском 1.", language="ru")

    def found(**filters):
        html = search(client, q="measure 1", **filters)
        return len(codes(html)), sorted(texts(html))

    both = ["Measure for one 1.", "Measure for two 1.", "Measure на русском 1."]
    assert found() == (2, both)
    assert found(programme="two") == (1, both[1:2])
    assert found(principle="one-principle") == (1, [both[0], both[2]])
    assert found(principle="one-principle", programme="two") == (0, [])
    assert found(language="ru") == (2, both[2:])
    assert found(area="schools") == (2, both)
    assert found(kind="measures") == (2, [])
    assert found(kind="comments") == (0, both)
    html = search(client, q="measure 1", area="nowhere")
    assert "The address of this page names something that is not in this list, so this filter is left out." in html
    assert "nowhere" not in section(html, "measures")
    assert "<p>nowhere" not in html
    assert len(texts(html)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("kk", ["Азаматтық қоғам", "Ауыл шаруашылығы", "Бизнес", "Білім беру", "Геология", "Ғылым", "Жастар"]),
        ("ru", ["Бизнес", "Геология", "Государственная служба", "Гражданское общество", "Жильё"]),
        ("en", ["Agriculture", "Business", "Civil service", "Civil society", "Digital services"]),
    ],
)
def test_areas_are_offered_by_the_alphabet_of_the_page_s_language(client, fair_kazakhstan, language, first):
    html = search(client, page_language=language)
    select = re.search(r'<select name="area".*?</select>', html, re.DOTALL)[0]
    assert re.findall(r"<option[^>]*>([^<]*)<", select)[1 : len(first) + 1] == first


@pytest.mark.django_db
def test_comments_come_twenty_a_page_and_newest_first_where_wished(client):
    measure = make_measure(title="Nothing")
    author = make_participant()
    for number in range(45):
        make_comment(measure, by=author, text=f"Bridge {number}.")
    first = search(client, q="bridge", order="newest")
    assert texts(first) == [f"Bridge {number}." for number in range(44, 24, -1)]
    assert "Page 1 of 3" in first
    last = search(client, q="bridge", order="newest", page="3")
    assert texts(last) == [f"Bridge {number}." for number in range(4, -1, -1)]
    assert ('rel="next"' in first, 'rel="prev"' in first) == (True, False)
    assert ('rel="next"' in last, 'rel="prev"' in last) == (False, True)
    for wrong in ("0", "-1", "x", "9" * 30, "", "٣"):
        assert search(client, q="bridge", page=wrong)
    seen = [text for page in "123" for text in texts(search(client, q="bridge", page=page))]
    assert sorted(seen) == sorted(f"Bridge {number}." for number in range(45))


@pytest.mark.django_db
def test_a_page_beyond_the_last_says_where_the_results_are(client):
    make_comment(make_measure(title="Nothing"), text="Bridge.")
    html = search(client, q="bridge", page="7")
    assert (texts(html), 'rel="next"' in html) == ([], False)


@pytest.mark.django_db
def test_where_nothing_has_all_the_words_some_are_enough_and_the_page_says_so(client):
    make_comment(make_measure(title="Nothing"), text="Bridges first.")
    html = search(client, q="bridge crocodile")
    assert texts(html) == ["Bridges first."]
    assert "None of these has all the words; they have some." in section(html, "comments")
    assert "Words that are spelt alike are shown too." in search(client, q="brigde")


@pytest.mark.django_db
def test_empty_states_help(client, fair_kazakhstan):
    start = search(client)
    assert "Areas that you could look for" in start
    assert '<a href="/en/search/?q=Civil%20society">Civil society</a>' in start
    offered = re.findall(r'<li><a href="/en/search/\?q=[^"]*">([^<]*)</a></li>', start)
    assert sorted(offered) == sorted(Area.objects.values_list("name_en", flat=True))
    assert f"<summary>{len(offered) - 8} more areas</summary>" in start
    nothing = search(client, q="qwertyuiop", area="education")
    assert line(nothing) == "Nothing was found for “qwertyuiop”."
    assert "Search everywhere, without filters" in nothing
    assert "These words are in almost every text." in search(client, q="и в на")
    assert "This word is in almost every text." in search(client, q="и")
    assert "There is no word in this query." in search(client, q="?!")


TYPED = [
    *["", " ", "the", "и", '"', "'", "*", "(", ")", "-", "NEAR", "AND", "a AND (b", "NEAR(a b, 3)", "words:a", "^a"],
    *["'; DROP TABLE", "\\", "%", "_", ":*", "<->", "!", "&", "a\\", "a'b", 'a"b', "\U0001f600", "\ufeff", "\u0301"],
    *["x" * 10_000, "слово " * 2000, "ё", "ё1", "ёru", "1.10", "7 000", "<script>", "\u200b", "a\tb\nc", "1e5", "٣"],
    *["\u1e9e", "İ", "ŉ", "ﬁ", "𝕬", "㋿", "क्षि", "ß" * 300, "-1.5e-7", "http://a.b/c?d=e&f", "a@b.kz", "//", "1/2"],
]


@pytest.mark.django_db
def test_whatever_is_typed_gets_an_answer(client):
    make_comment(make_measure(), text="x AND y NEAR z (a) 'b' http://a.b/c?d=e&f a@b.kz -1.5e-7 1/2 क्षि İŉﬁ𝕬㋿")
    for typed in TYPED:
        assert (typed, search(client, q=typed).count("<h1")) == (typed, 1)


@pytest.mark.django_db
def test_whatever_is_written_in_a_comment_can_be_kept(client):
    measure = make_measure()
    for typed in TYPED:
        make_comment(measure, text=f"word {typed}"[:5000])
    assert line(search(client, q="word", kind="comments")) == f"{len(TYPED)} comments found"


@pytest.mark.django_db
def test_a_nul_is_refused(client):
    assert client.get("/en/search/?q=a%00b").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_has_one_heading_no_cookie_and_no_form_but_its_own(client, fair_kazakhstan, language):
    response = client.get(f"/{language}/search/", {"q": "school", "language": "en"})
    html = response.content.decode()
    assert (html.count("<h1"), html.count("<form"), html.count('method="get"')) == (1, 1, 1)
    assert ("style=" in html, "<script>" in html, response.cookies == {}) == (False, False, True)
    labels = set(re.findall(r'<label for="(\w+)"', html))
    assert labels == set(re.findall(r'<(?:input|select)[^>]* id="(\w+)"', html))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "anonymous", "samples"),
    [
        ({}, 3, 0),
        ({"q": "comment"}, 6, 1),
        ({"q": "commnet"}, 8, 2),
        ({"q": "measure comment", "area": "schools"}, 8, 1),
    ],
)
def test_a_search_costs_the_same_queries_at_one_and_at_thirty_rows(
    django_assert_num_queries, values, anonymous, samples
):
    """PostgreSQL looks at a sample of the newest rows before each search among all."""
    anonymous += samples if connection.vendor == "postgresql" else 0
    programme = make_programme(measures=1)
    measure = programme.principles.get().measures.get()
    person = make_participant()
    browser = signed_in(person)
    for rows in (6, 30):
        for number in range(rows):
            comment = make_comment(measure, by=person, text=f"Comment {number} on the measure.")
            make_comment(measure, parent=comment, text=f"Reply {number}, a comment on the measure.")
        if rows > 6:
            for _ in range(29):
                make_measure(programme)
        with django_assert_num_queries(anonymous):
            Client().get("/en/search/", values)
        with django_assert_num_queries(anonymous + 3):
            browser.get("/en/search/", values)
