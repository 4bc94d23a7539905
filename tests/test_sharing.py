"""What pages say about themselves to search engines, networks and people who pass them on."""

import re
from datetime import datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from feedback.ledger.sequencer import sequence
from principles.models import Edition
from tests.builders import make_comment, make_participant, rate_by_many, signed_in
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme
from tests.test_contributing import text_of
from tests.test_tallies import revise

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.SITE_URL = "https://portal.example"


@pytest.fixture
def roads():
    """Measure 1.7 of the programme `plan`, first edition of 24 November 2026"""
    programme = make_programme("plan", measures=0, title_kk="Жоспар", title_ru="План", title_en="Plan")
    titles = {"kk": "Жолдар", "ru": "Дороги", "en": "Roads & “bridges”"}
    measure = make_measure(programme, slug="roads", code="1.7", title=titles)
    moment = timezone.make_aware(datetime(2026, 11, 24, 0, 30))
    Edition.objects.filter(measure=measure).update(created_at=moment)
    return measure


def links_of(client, address) -> list[tuple[str, str]]:
    """Pairs of what a `<link>` of the page is to its address, and that address."""
    html = client.get(address).content.decode()
    found = []
    for link in re.findall(r"<link ([^>]+)>", html.split("</head>")[0]):
        values = dict(re.findall(r'(\w+)="([^"]*)"', link))
        if values["rel"] in {"canonical", "alternate"}:
            found.append((values.get("hreflang") or values.get("type") or "canonical", unescape(values["href"])))
    return found


def meta_of(client, address) -> dict[str, str]:
    html = client.get(address).content.decode()
    return {
        name: unescape(value) for name, value in re.findall(r'<meta (?:property|name)="([^"]+)" content="(.*?)">', html)
    }


def test_a_measure_names_its_own_address_those_in_other_languages_and_its_feed(client, roads):
    assert links_of(client, "/ru/measures/roads/?utm_source=x") == [
        ("canonical", "https://portal.example/ru/measures/roads/"),
        ("kk", "https://portal.example/kk/measures/roads/"),
        ("ru", "https://portal.example/ru/measures/roads/"),
        ("en", "https://portal.example/en/measures/roads/"),
        ("x-default", "https://portal.example/measures/roads/"),
        ("application/atom+xml", "/ru/measures/roads/feed/"),
    ]


def test_the_address_without_a_language_leads_to_the_browser_s(client, roads):
    answer = client.get("/measures/roads/", headers={"accept-language": "kk"})
    assert (answer.status_code, answer["Location"]) == (302, "/kk/measures/roads/")


def test_the_front_page_of_a_single_programme_is_that_programme_s_page(client, roads):
    links = dict(links_of(client, "/en/"))
    assert (links["canonical"], links["application/atom+xml"]) == (
        "https://portal.example/en/programmes/plan/",
        "/en/programmes/plan/feed/",
    )


def test_a_later_page_of_a_list_is_a_page_of_its_own(client, roads):
    place = "2026-11-24T00:00:00%2B00:00~00000000-0000-4000-8000-000000000000"
    canonical = dict(links_of(client, f"/en/measures/roads/?before={place}&x=1"))["canonical"]
    query = parse_qs(urlsplit(canonical).query)
    assert query == {"before": ["2026-11-24T00:00:00+00:00~00000000-0000-4000-8000-000000000000"]}


def test_another_order_or_choice_of_a_list_is_not_a_page_of_its_own(client, roads):
    links = dict(links_of(client, "/en/measures/roads/?language=kk&sort=newest"))
    assert links["canonical"] == "https://portal.example/en/measures/roads/"


@pytest.mark.parametrize(
    "path",
    ["principles/plan-principle/", "measures/roads/editions/1/", "moderation/", "about/", "privacy/", "accessibility/"],
)
def test_every_page_for_reading_has_one_address_per_language(client, roads, path):
    assert [kind for kind, _address in links_of(client, f"/kk/{path}")] == ["canonical", "kk", "ru", "en", "x-default"]


@pytest.mark.parametrize("path", ["accounts/login/", "measures/roads/comments/", "measures/nothing/", "nothing/"])
def test_forms_and_pages_of_errors_name_no_address(client, roads, path):
    assert links_of(client, f"/en/{path}") == []


def test_the_sitemap_lists_every_page_in_every_language_with_its_alternates(client, roads):
    answer = client.get("/sitemap.xml")
    assert (answer["Content-Type"], answer["Cache-Control"], answer.cookies) == (
        "application/xml",
        "public, max-age=3600",
        {},
    )
    pages = {
        url.findtext(f"{SITEMAP}loc"): {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")}
        for url in ElementTree.fromstring(answer.content).findall(f"{SITEMAP}url")  # noqa: S314 - our own
    }
    paths = ["", "about/", "moderation/", "privacy/", "accessibility/"]
    paths += ["programmes/plan/", "principles/plan-principle/", "measures/roads/"]
    site = "https://portal.example"
    assert set(pages) == {f"{site}/{language}/{path}" for path in paths for language in ("kk", "ru", "en")}
    assert pages[f"{site}/ru/measures/roads/"] == {
        "kk": f"{site}/kk/measures/roads/",
        "ru": f"{site}/ru/measures/roads/",
        "en": f"{site}/en/measures/roads/",
        "x-default": f"{site}/measures/roads/",
    }
    assert pages[f"{site}/en/"]["x-default"] == f"{site}/"
    assert {client.get(urlsplit(address).path).status_code for address in pages} == {200}


def test_the_sitemap_costs_four_queries_at_one_and_at_thirty_measures(client, roads, django_assert_num_queries):
    for more in (0, 29):
        for number in range(more):
            make_measure(roads.principle.programme, code=f"2.{number}")
        with django_assert_num_queries(4):
            client.get("/sitemap.xml")


@pytest.mark.parametrize("page", ["0", "2", "x", "99999999999999999999"])
def test_the_sitemap_has_no_other_page(client, roads, page):
    assert client.get(f"/sitemap.xml?p={page}").status_code == 404


def test_what_is_no_longer_in_the_programme_is_not_in_the_sitemap(client, roads):
    roads.retired_at = timezone.now()
    roads.save()
    assert "/measures/roads/" not in client.get("/sitemap.xml").content.decode()


def test_robots_may_read_everything_but_accounts_forms_and_searches(client):
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert (answer["Content-Type"], lines[0], lines[-1]) == (
        "text/plain; charset=utf-8",
        "User-agent: *",
        "Sitemap: https://portal.example/sitemap.xml",
    )
    closed = {line.removeprefix("Disallow: ") for line in lines[1:-1]}
    assert closed == {"/admin/"} | {
        f"/{language}/{path}"
        for language in ("kk", "ru", "en")
        for path in (
            "accounts/",
            "profile/",
            "search/",
            "measures/*/ratings/",
            "measures/*/comments/*/reply/",
            "measures/*/comments/*/edit/",
            "measures/*/comments/*/withdraw/",
            "measures/*/comments/*/report/",
            "measures/*/comments/*/vote/",
        )
    }


@pytest.mark.parametrize(
    ("language", "citation"),
    [
        ("kk", "«Жоспар», 1.7\u2011шара «Жолдар», 1\u2011редакция, 2026 ж. 24 қараша"),
        ("ru", "«План», мера 1.7 «Дороги», редакция 1 от 24 ноября 2026 г."),
        ("en", "Plan, measure 1.7 “Roads & “bridges””, edition 1 of 24 November 2026"),
    ],
)
def test_a_measure_is_cited_with_its_edition_and_the_day_of_it_in_each_language(client, roads, language, citation):
    text = unescape(text_of(client.get(f"/{language}/measures/roads/")))
    assert f"{citation} , https://portal.example/{language}/measures/roads/editions/1/" in text


def test_the_citation_follows_the_current_edition(client, roads):
    revise(roads, "New wording")
    assert "https://portal.example/en/measures/roads/editions/2/" in text_of(client.get("/en/measures/roads/"))


def test_links_for_sharing_carry_title_and_address_and_lead_nowhere_before_a_click(client, roads):
    html = client.get("/en/measures/roads/").content.decode()
    share = html[html.index('class="share"') :]
    mail, telegram, whatsapp = [unescape(href) for href in re.findall(r'<a href="((?:mailto|https)[^"]+)" rel=', share)]
    title, address = "1.7 Roads & “bridges”", "https://portal.example/en/measures/roads/"
    assert parse_qs(urlsplit(mail).query) == {"subject": [title], "body": [f"{title}\n{address}"]}
    assert "+" not in mail
    assert telegram.startswith("https://t.me/share/url?")
    assert parse_qs(urlsplit(telegram).query) == {"url": [address], "text": [title]}
    assert whatsapp.startswith("https://wa.me/?")
    assert parse_qs(urlsplit(whatsapp).query) == {"text": [f"{title}\n{address}"]}
    loaded = re.findall(r'<(?:img|script|iframe|source)[^>]*(?:src|srcset)="([^"]+)"', html)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon|preload|preconnect)"[^>]*href="([^"]+)"', html)
    assert {urlsplit(address).netloc for address in loaded} == {""}


def test_a_measure_tells_networks_its_title_wording_language_and_card(client, roads):
    meta = meta_of(client, "/en/measures/roads/")
    image = urlsplit(meta.pop("og:image"))
    assert f"{image.scheme}://{image.netloc}{image.path}" == "https://portal.example/en/measures/roads/card.png"
    assert re.fullmatch(r"v=[0-9a-f]{16}", image.query)
    assert {name: value for name, value in meta.items() if name.startswith(("og:", "twitter:"))} == {
        "og:type": "article",
        "og:site_name": "Test portal",
        "og:title": "1.7 Roads & “bridges”",
        "og:description": "What measure 1 is about (en)",
        "og:url": "https://portal.example/en/measures/roads/",
        "og:locale": "en_GB",
        "og:locale:alternate": "ru_RU",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "1.7 Roads & “bridges”",
        "twitter:card": "summary_large_image",
    }
    assert meta["description"] == meta["og:description"]


def test_the_card_has_another_address_once_it_shows_something_else(client, roads):
    before = meta_of(client, "/en/measures/roads/")["og:image"]
    assert client.get(before.removeprefix("https://portal.example"))["ETag"] == f'"{before[-16:]}"'
    rate_by_many(roads, [5] * 10)
    sequence()
    after = meta_of(client, "/en/measures/roads/")["og:image"]
    assert client.get(after.removeprefix("https://portal.example"))["ETag"] == f'"{after[-16:]}"'
    assert before != after


def test_a_measure_says_to_machines_what_it_is_and_where_it_stands(client, roads):
    html = client.get("/ru/measures/roads/").content.decode()
    assert re.findall(r'itemtype="https://schema.org/(\w+)"', html) == [
        "BreadcrumbList",
        "ListItem",
        "ListItem",
        "CreativeWork",
    ]
    properties = dict(re.findall(r'<meta itemprop="(\w+)" content="([^"]*)">', html[html.index('class="share"') :]))
    assert (properties["name"], properties["inLanguage"], properties["version"]) == ("Дороги", "ru", "1")


def test_the_statement_on_accessibility_is_linked_from_every_page(client):
    for language, title in (("kk", "Қолжетімділік"), ("ru", "Доступность"), ("en", "Accessibility")):
        address = f"/{language}/accessibility/"
        assert f'<a href="{address}">{title}</a>' in client.get(f"/{language}/about/").content.decode()
        html = client.get(address).content.decode()
        assert (html.count("<h1"), f"<h1>{title}</h1>" in html, "<form" in html) == (1, True, False)


def test_a_signed_in_reader_gets_the_same_to_share(client, roads):
    make_comment(roads)
    citation = re.compile(r"<cite.*?</cite>")
    pages = [browser.get("/en/measures/roads/").content.decode() for browser in (client, signed_in(make_participant()))]
    assert citation.findall(pages[0]) == citation.findall(pages[1])


def test_every_measure_of_the_first_programme_can_be_cited_and_drawn(client):
    load_fair_kazakhstan()
    html = client.get("/kk/measures/mobile-coverage/").content.decode()
    assert "шара «" in html
    assert client.get("/kk/measures/mobile-coverage/card.png").status_code == 200
