"""The page of search: what it shows, to whom, and what it costs."""

import re

import pytest

from principles.models import Measure
from tests.builders import make_comment
from tests.programme_builders import load_fair_kazakhstan


def search(client, language="en", **values):
    response = client.get(f"/{language}/search/", values)
    assert response.status_code == 200
    return response.content.decode()


def codes(html: str) -> list[str]:
    """Codes of the measures found, in order."""
    found = html.partition('id="found-measures"')[2].partition("</section>")[0]
    return re.findall(r'<span class="code">([\d.]+)</span>', found)


@pytest.fixture
def programme():
    return load_fair_kazakhstan()


@pytest.mark.django_db
def test_words_are_found_in_any_form_and_marked(client, programme):
    html = search(client, "ru", q="дорогами")
    assert codes(html) == ["2.13", "3.10"]
    assert "Качественные <mark>дороги</mark> к каждому населённому пункту" in html
    assert html.count("<h1") == 1


@pytest.mark.django_db
def test_a_comment_is_found_beside_measures_and_its_text_stays_text(client, programme):
    make_comment(Measure.objects.get(slug="quality-roads"), text="Дороги <b>ужасные</b>.", language="ru")
    html = search(client, "en", q="дорога")
    assert '<p class="text" lang="ru"><mark>Дороги</mark> &lt;b&gt;ужасные&lt;/b&gt;.</p>' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["", " ", "the", "и", '"', "'", "*", "(", ")", "-", "NEAR", "AND", "a AND (b", "x" * 10_000, "слово " * 2000]
    + ["'; DROP TABLE", "\\", "%", "_", ":*", "<->", "!", "&", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
    + ["\u0301", "ё", "1.10", "7 000", "<script>", "ё1", "\u200b", "a\tb\nc"],
)
def test_whatever_is_typed_gets_an_answer(client, programme, query):
    make_comment(Measure.objects.first(), text="x AND y NEAR z (a) 'b'")
    assert search(client, q=query).count("<h1") == 1


@pytest.mark.django_db
def test_a_nul_is_refused(client):
    assert client.get("/en/search/?q=a%00b").status_code == 400
