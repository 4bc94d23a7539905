"""Social cards: what they show, and that they are drawn as seldom as possible."""

import json
import struct
from threading import Event

import pytest
from django.utils import translation

from feedback import social_card
from feedback.ledger.sequencer import sequence
from feedback.results import results_of
from feedback.social_card import Busy, card_of, draw, version_of
from tests.builders import rate_by_many
from tests.programme_builders import make_measure
from tests.test_tallies import revise


def card_json(measure, language):
    measure.refresh_from_db()
    with translation.override(language):
        results = results_of([measure], measure.principle.programme.questions.all()[:1])
        return card_of(measure, next(iter(results.values()), None))


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_card_is_a_picture_of_1200_by_630_that_caches_may_share(client, language):
    measure = make_measure(title={"kk": "Әғқңөұүһі жолдар", "ru": "Дороги", "en": "Roads"})
    answer = client.get(f"/{language}/measures/{measure.slug}/card.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert size_of(answer.content) == (1200, 630)
    shared = (answer["Cache-Control"], answer.cookies, answer.get("Vary", "Accept-Encoding"))
    assert shared == ("public, max-age=300", {}, "Accept-Encoding")


@pytest.mark.django_db
def test_a_card_says_whose_measure_it_is_and_the_released_counts_of_the_first_question(settings):
    settings.SITE_URL = "https://portal.example"
    measure = make_measure(code="1.7", title={"kk": "Жолдар", "ru": "Дороги", "en": "Roads"})
    rate_by_many(measure, [1, 2, 4, 4, 4, 5, 5, 5, 5, 5])
    sequence()
    rate_by_many(measure, [1])
    sequence()
    assert json.loads(card_json(measure, "ru")) == {
        "language": "ru",
        "programme": measure.principle.programme.title_ru,
        "code": "1.7",
        "title": "Дороги",
        "question": "support? (ru)",
        "counts": [1, 1, 0, 3, 5],
        "summary": "80% положительных · учтено 10 оценок",
        "site": "portal.example",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ratings", "summary"), [(0, "Read it, rate it, say what you think"), (9, "9 participants have rated")]
)
def test_a_card_shows_no_counts_before_they_are_released(ratings, summary):
    measure = make_measure()
    rate_by_many(measure, [5] * ratings)
    sequence()
    shown = json.loads(card_json(measure, "en"))
    assert (shown["counts"], shown["summary"]) == ([0] * 5, summary)


@pytest.mark.django_db
def test_a_card_changes_its_etag_with_what_it_shows_and_only_then(client):
    measure = make_measure()
    address = f"/en/measures/{measure.slug}/card.png"
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    revise(measure, "Another wording")
    changed = client.get(address, headers={"if-none-match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


@pytest.mark.django_db
def test_a_card_that_shows_the_same_is_drawn_once(client):
    measure = make_measure()
    draw.cache_clear()
    first, second = [client.get(f"/en/measures/{measure.slug}/card.png?v={v}").content for v in "12"]
    assert (first == second, draw.cache_info().misses) == (True, 1)


def test_words_on_a_card_are_never_run_as_code():
    """As markup or as code, `#panic` would stop the drawing."""
    words = '#panic("x") #{panic("y")} "; panic("z")'
    card = {"language": "en", "programme": words, "code": "#panic()", "title": words, "question": words}
    card |= {"counts": [1, 0, 0, 0, 2], "summary": words, "site": "example.org"}
    assert size_of(draw(json.dumps(card))) == (1200, 630)


def test_every_kazakh_letter_has_a_shape_of_its_own():
    """Letters without one would all come out as the box that a symbol without one comes out as."""
    letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі" + "\U0001f600"
    card = {"language": "kk", "programme": "", "code": "", "question": "", "counts": [0] * 5, "summary": "", "site": ""}
    assert len({draw(json.dumps(card | {"title": letter})) for letter in letters}) == len(letters)


@pytest.mark.parametrize("title", ["", "Ж" * 200, "өте ұзақ атау " * 14, "\U0001f600 \u202e <b> & \\u{0}"])
def test_any_title_is_drawn(title):
    card = {"language": "kk", "programme": title, "code": "12.345678901", "title": title, "question": title}
    card |= {"counts": [0, 0, 0, 0, 7], "summary": title, "site": "a-very-long-name-of-a-host.example.org"}
    assert size_of(draw(json.dumps(card))) == (1200, 630)


@pytest.mark.django_db
def test_a_reader_is_told_to_come_back_where_too_many_cards_are_drawn_at_once(client, monkeypatch):
    measure = make_measure()
    monkeypatch.setattr(social_card, "PATIENCE", 0.01)
    draw.cache_clear()
    drawn = Event()
    social_card.pen.submit(drawn.wait)
    with pytest.raises(Busy):
        draw(card_json(measure, "en"))
    answer = client.get(f"/en/measures/{measure.slug}/card.png")
    drawn.set()
    monkeypatch.undo()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert client.get(f"/en/measures/{measure.slug}/card.png").status_code == 200


def test_the_version_of_a_card_is_stable():
    assert (version_of("a") == version_of("a"), version_of("a") == version_of("b")) == (True, False)


@pytest.mark.django_db
def test_a_card_costs_three_queries_drawn_or_not(client, django_assert_num_queries):
    measure = make_measure()
    draw.cache_clear()
    for _ in range(2):
        with django_assert_num_queries(3):
            client.get(f"/en/measures/{measure.slug}/card.png")


@pytest.mark.django_db
def test_there_is_no_card_of_nothing(client):
    assert client.get("/en/measures/nothing/card.png").status_code == 404
