"""Folding and stemming: forms of one word meet, and different words stay apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.search import kazakh
from feedback.search.marks import excerpt, marked
from feedback.search.query import Term, distance, nearest, parse
from feedback.search.words import fold, stems, stems_in, words_in

FORMS = """
    бала балалар баланың балаларымыз балаларға баласы балада
    мектеп мектептер мектебі мектептің мектептерде мектебіміз мектептерінің мектептен
    жол жолдар жолды жолға жолдың жолмен жолдарға жолы
    ел елдер елдің елге елі
    үй үйлер үйдің үйге үйі
    су суды сумен судың
    қала қалалар қаладан қалаларда қаласы
    әкім әкімдер әкімдердің әкімге әкімдік
    салық салықтар салығы салықтың
    тілек тілектер тілегі тілегін
    үлес үлесі үлесін үлестер
    жүйе жүйесі жүйесін жүйелер
    жұмыс жұмысы жұмыстар жұмысының
    оқушы оқушылар оқушысы оқушының
    экономика экономикасы экономиканың экономикада экономикасының
    қоғам қоғамдық қоғамның қоғамы
    сайлау сайлаулар сайлауда сайлауы сайлайды
    жас жастар жастарға жастармен
    ғылым ғылымды ғылымның ғылымға
    байланыс байланысы байланыстың байланысын
    шәкіртақы шәкіртақысы шәкіртақының шәкіртақыны
    интернет интернетке интернеттің
    балабақша балабақшалар балабақшасы балабақшаларға
    кітап кітаптар кітабы кітаптың
    жарық жарықсыз жарықты
    журналист журналистер журналисі журналистің
    босату босатылсын босатып босатсын
"""


@pytest.mark.parametrize("forms", [line.split() for line in FORMS.strip().splitlines()], ids=lambda forms: forms[0])
def test_forms_of_one_kazakh_word_meet_at_one_stem(forms):
    assert {kazakh.stem(fold(form)) for form in forms} == {kazakh.stem(fold(forms[0]))}


def test_different_kazakh_words_stay_apart():
    words = [line.split()[0] for line in FORMS.strip().splitlines()] + ["сана", "жер", "қол", "тау", "бас", "ақша"]
    assert len({kazakh.stem(fold(word)) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ЁЛКА", "елка"),
        ("Қазақ", "казак"),
        ("ҒЫЛЫМ", "гылым"),
        ("Өңір", "онир"),
        ("ҰҮҺӘІ", "уухаи"),
        ("қoғaм", "когам"),  # with a Latin o and a Latin a
        ("би\u0306", "бй"),  # и and a breve are one letter
        ("naïve", "naive"),
        ("ШКОЛА", "школа"),
        ("STRASSE", "strasse"),
    ],
)
def test_what_people_type_alike_is_folded_alike(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("forms", "language"),
    [
        ("школа школы школе школами школ", "ru"),
        ("дорога дороги дорогами", "ru"),
        ("проверка проверок проверками", "ru"),
        ("кружок кружки", "ru"),
        ("road roads", "en"),
    ],
)
def test_forms_of_a_russian_or_english_word_meet(forms, language):
    assert len({stems(form, language) for form in forms.split()}) == 1


def test_a_query_is_stemmed_in_every_language_that_it_may_be_of():
    assert set(stems("балалар")) == {"бала", "балалар"}
    assert stems("roads") == ("road",)
    assert stems("2025") == ("2025",)


def test_a_kazakh_word_within_a_russian_text_is_stemmed_as_kazakh_too():
    assert "аул" in stems_in("В нашем ауле әкімдердің много", "ru")
    assert "аким" in stems_in("В нашем ауле әкімдердің много", "ru")


def test_thousands_are_one_number_and_words_know_their_places():
    text = "Открыть 7 000 школ, 10 школ к 2025 году."
    assert [word for word, _start, _end in words_in(text)] == [
        "открыть",
        *["7000", "школ"],
        *["10", "школ"],
        "к",
        "2025",
        "году",
    ]
    assert [text[start:end] for _word, start, end in words_in(text)][:3] == ["Открыть", "7 000", "школ"]


@given(st.text(max_size=80))
def test_any_text_gives_folded_words_that_fold_to_themselves(text):
    for word, start, end in words_in(text):
        assert word == fold(word)
        assert 0 <= start < end <= len(text)
        assert " " not in word
        assert unicodedata.is_normalized("NFC", word)


@given(st.text(alphabet="абвгдеиклмнопрстуыя", min_size=1, max_size=20))
def test_a_stem_is_a_beginning_that_has_no_ending_left(word):
    stem = kazakh.stem(word)
    assert len(stem) >= min(2, len(word))
    assert kazakh.stem(stem) == stem
    assert word.startswith(stem[:-1])


@pytest.mark.parametrize(
    ("one", "other", "most", "letters"),
    [
        ("школа", "школа", 1, 0),
        ("шклоа", "школа", 1, 1),
        ("школа", "школ", 1, 1),
        ("школа", "скала", 2, 2),
        ("школа", "скала", 1, None),
        ("школа", "дорога", 2, None),
    ],
)
def test_letters_that_differ_are_counted_and_a_swap_is_one(one, other, most, letters):
    assert distance(one, other, most) == letters


def test_the_nearest_words_alone_are_taken():
    term = Term("корупция", frozenset({"корупц"}))
    assert nearest(term, ["коррупц", "коррупция", "конкурс", "аукцион"]) == (1, frozenset({"коррупц", "коррупция"}))
    assert nearest(Term("сад", frozenset({"сад"})), ["суд"]) == (0, frozenset())


def test_a_query_is_short_and_of_few_words_however_long_it_is_typed():
    query = parse(" ".join(f"слово{number}" for number in range(500)))
    assert (len(query.text) <= 200, len(query.terms)) == (True, 10)
    assert (parse("и в на").common, parse("и").common, parse("((").common, parse("").terms) == (3, 1, 0, ())


def test_marks_hold_whole_words_and_the_rest_is_escaped():
    assert marked("Школы & <b>дороги</b>", frozenset({"школ"})) == "<mark>Школы</mark> &amp; &lt;b&gt;дороги&lt;/b&gt;"


@pytest.mark.parametrize("length", [12, 260])
def test_an_excerpt_keeps_a_number_together(length):
    assert "7\xa0000" in excerpt("Open 7\xa0000   new\nplaces.", frozenset({"open"}), length)


def test_an_excerpt_is_cut_at_words_around_what_was_found():
    text = f"{'начало ' * 60}здесь школа стоит {'конец ' * 60}"
    html = excerpt(text, frozenset({"школ"}))
    assert "<mark>школа</mark>" in html
    assert html.startswith("… начало ")
    assert html.endswith("конец …")
    assert len(html) < 320


@given(st.text(max_size=600), st.text(max_size=5))
def test_an_excerpt_of_any_text_holds_no_tag_but_mark(text, wanted):
    html = excerpt(text, frozenset(stems_in(wanted)))
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
