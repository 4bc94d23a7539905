"""Pages that everybody gets from memory: made once, never somebody's own, and outdated in time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import Client

from feedback.ledger.sequencer import sequence
from feedback.versions import versions
from portal.page_store import KeptPage, PageStore
from tests import urls_shared
from tests.builders import hide, make_comment, make_moderator, make_participant, rate_by_many, signed_in
from tests.programme_builders import make_measure

LOOK = 5  # queries, at most, for new versions


@pytest.fixture(autouse=True)
def sharing(settings):
    settings.SHARED_PAGES = True
    versions.forget()


@pytest.fixture
def slow(monkeypatch):
    """A machine on which a second passes between two requests must not count as one that has waited."""
    monkeypatch.setattr("feedback.versions.FRESH", 60)
    monkeypatch.setattr("feedback.shared_pages.OLDEST", 60)


@pytest.fixture
def own_pages(settings):
    """The pages of `tests.urls_shared` in place of the portal's."""
    settings.ROOT_URLCONF = "tests.urls_shared"
    urls_shared.reset("plain")


def browser(other: Client, person=None) -> Client:
    """A browser at the same server process as `other`."""
    client = Client() if person is None else signed_in(person)
    client.handler = other.handler
    return client


def outdated():
    """Wait until every process has to look for new versions."""
    time.sleep(1)


@pytest.mark.django_db
def test_a_page_is_made_once_and_then_sent_without_asking_the_database(client, django_assert_num_queries, slow):
    address = f"/en/measures/{make_measure().slug}/"
    first = client.get(address)
    with django_assert_num_queries(0):
        second = browser(client).get(address)
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])
    assert second["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=60"
    assert second["Vary"] == "Cookie, Accept-Encoding"
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_search_is_made_once_until_comments_come_or_go(client, django_assert_num_queries, slow):
    measure = make_measure()
    comments = [make_comment(measure, text=f"The {word} heron nests here.") for word in ("grey", "white")]
    address = "/en/search/?q=heron"
    found = client.get(address).content
    with django_assert_num_queries(0):
        assert browser(client).get(f"{address}&utm_source=mail").content == found
    assert [client.get(f"/en/search/?q={word}").content.count(b"<mark>") for word in ("heron", "grey")] == [2, 1]
    hide(comments[0])
    versions.forget()
    assert b"grey" not in client.get(address).content


@pytest.mark.django_db
def test_a_message_for_somebody_without_a_session_is_shown_once_and_to_nobody_else(client, slow, settings):
    address = f"/en/measures/{make_measure().slug}/"
    client.get(address)
    leaving = browser(client, make_participant())
    leaving.post("/en/accounts/logout/")
    del leaving.cookies[settings.SESSION_COOKIE_NAME]  # Django's client keeps what a browser deletes
    told, again = leaving.get(address), leaving.get(address)
    said = b"You have signed out." in told.content, told["Cache-Control"].startswith("private")
    assert (said, b"You have signed out." in again.content) == ((True, True), False)
    assert b"You have signed out." not in browser(client).get(address).content


@pytest.mark.django_db
def test_a_browser_that_holds_the_page_gets_a_304_without_a_body(client):
    address = f"/en/measures/{make_measure().slug}/"
    etag = client.get(address)["ETag"]
    held = (etag, etag.removeprefix("W/"), f'"x", {etag}', "*")
    answers = [client.get(address, headers={"If-None-Match": each}) for each in held]
    assert [(each.status_code, each.content, each["ETag"]) for each in answers] == [(304, b"", etag)] * 4
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.django_db
def test_the_first_request_may_hold_the_page_too(client):
    address = f"/en/measures/{make_measure().slug}/"
    etag = Client().get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.django_db
def test_a_page_goes_out_compressed_only_to_whom_takes_it_so(client):
    address = f"/ru/measures/{make_measure().slug}/"
    plain = client.get(address)
    sent = {
        accepted: client.get(address, headers={"Accept-Encoding": accepted})
        for accepted in ("gzip, deflate, br", "br, gzip;q=0.5", "gzip;q=0", "br", "")
    }
    assert {accepted: each.headers.get("Content-Encoding") for accepted, each in sent.items()} == {
        "gzip, deflate, br": "gzip",
        "br, gzip;q=0.5": "gzip",
        "gzip;q=0": None,
        "br": None,
        "": None,
    }
    assert sent["br"].content == plain.content
    assert len(sent["gzip, deflate, br"].content) < len(plain.content) / 2


@pytest.mark.django_db
def test_head_gets_the_same_headers_and_no_body(client):
    address = f"/en/measures/{make_measure().slug}/"
    head = client.head(address)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", client.get(address)["ETag"])


@pytest.mark.django_db
def test_parameters_that_no_view_reads_neither_part_pages_nor_get_into_them(client, django_assert_num_queries, slow):
    address = f"/en/measures/{make_measure().slug}/"
    page = client.get(f"{address}?sort=agreed&fbclid=secret")
    with django_assert_num_queries(0):
        same = client.get(f"{address}?utm_source=x&sort=agreed")
    assert same.content == page.content
    assert b"secret" not in page.content
    assert client.get(address).content != page.content


@pytest.mark.django_db
def test_a_comment_is_at_once_on_its_writer_s_page_and_within_two_seconds_on_everybody_s(client):
    measure, writer = make_measure(), make_participant()
    address = f"/en/measures/{measure.slug}/"
    client.get(address)
    make_comment(measure, by=writer, text="A bridge, please.")
    assert b"A bridge, please." in browser(client, writer).get(address).content
    outdated()
    assert b"A bridge, please." in client.get(address).content


@pytest.mark.django_db
def test_a_release_of_ratings_is_on_the_page_within_two_seconds(client):
    measure = make_measure()
    address = f"/en/measures/{measure.slug}/"
    assert b"tally" not in client.get(address).content
    rate_by_many(measure, [5] * 10)
    sequence()
    outdated()
    assert b'<table class="tally">' in client.get(address).content


@pytest.mark.django_db
def test_what_happens_on_one_measure_outdates_pages_of_several_but_none_of_others(
    client, django_assert_max_num_queries
):
    measure, other = make_measure(), make_measure()
    programme = f"/en/programmes/{measure.principle.programme.slug}/"
    for address in (programme, f"/en/measures/{other.slug}/"):
        client.get(address)
    make_comment(measure, text="A bridge, please.")
    outdated()
    assert b"A bridge, please." in client.get(programme).content
    with django_assert_max_num_queries(LOOK):
        client.get(f"/en/measures/{other.slug}/")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_nobody_gets_what_was_made_for_another(client, language):
    measure = make_measure()
    a, b = make_participant(display_name="Aliya Aaa"), make_participant(display_name="Bolat Bbb")
    staff = make_moderator(display_name="Saule Sss")
    comment = make_comment(measure, text="Said by somebody.")
    addresses = [
        f"/{language}/",
        f"/{language}/programmes/{measure.principle.programme.slug}/",
        f"/{language}/principles/{measure.principle.slug}/",
        f"/{language}/measures/{measure.slug}/",
        f"/{language}/measures/{measure.slug}/?sort=agreed",
        f"/{language}/measures/{measure.slug}/answers/",
        f"/{language}/measures/{measure.slug}/editions/1/",
        f"/{language}/measures/{measure.slug}/comments/{comment.pk}/",
        f"/{language}/moderation/",
        f"/{language}/about/",
    ]
    staff_browser = Client()
    staff_browser.force_login(staff)
    staff_browser.handler = client.handler
    people = {"Aliya Aaa": browser(client, a), "Bolat Bbb": browser(client, b), "Saule Sss": staff_browser}
    unshared = {address: Client().get(address).content for address in addresses}
    for address in addresses:
        for _ in range(2):
            for name, person in people.items():
                page = person.get(address)
                assert [each for each in people if each in page.content.decode()] == [name]
                assert page["Cache-Control"] == "private, max-age=0"
            anonymous = client.get(address)
            assert anonymous.content == unshared[address]
            assert (f'<html lang="{language}"' in anonymous.content.decode(), anonymous.cookies) == (True, {})
            assert b"csrfmiddlewaretoken" not in anonymous.content


@pytest.mark.django_db
def test_who_has_just_signed_out_reads_the_farewell_alone(client):
    measure = make_measure()
    person = browser(client, make_participant())
    client.get("/en/")
    person.post("/en/accounts/logout/")
    said = person.get("/en/")
    assert (b'role="status"' in said.content, "private" in said["Cache-Control"]) == (True, True)
    assert b'role="status"' not in client.get("/en/").content
    assert measure.slug.encode() in client.get("/en/").content


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["cookie", "session", "token", "message", "private", "fault"])
def test_a_response_with_something_personal_in_it_is_never_kept(client, own_pages, kind):
    urls_shared.reset(kind)
    pages = [browser(client).get("/en/").content for _ in range(2)]
    assert (pages, urls_shared.made) == ([b"page 1", b"page 2"], ["/en/"] * 2)


@pytest.mark.django_db
def test_a_page_is_made_without_the_cookies_of_who_asks_for_it(client, own_pages, settings):
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32
    first = client.get("/en/")
    assert (browser(client).get("/en/").content, urls_shared.made) == (first.content, ["/en/"])


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_a_crowd_that_asks_at_once_has_the_page_made_once(client, own_pages):
    client.get("/ru/")
    urls_shared.reset("slow")
    start = threading.Barrier(12)

    def ask():
        start.wait()
        try:
            return browser(client).get("/en/").content
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as crowd:
        pages = {asked.result() for asked in [crowd.submit(ask) for _ in range(12)]}
    assert (pages, urls_shared.made) == ({b"page 1"}, ["/en/"])


@pytest.mark.django_db
def test_while_the_database_does_not_answer_the_last_page_serves(client):
    address = f"/en/measures/{make_measure().slug}/"
    page = client.get(address)
    outdated()

    def fail(*_):
        raise OperationalError("no database")

    with connection.execute_wrapper(fail):
        assert client.get(address).content == page.content
        assert browser(client).get(address).content == page.content
    make_comment(make_measure())
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_a_page_that_fails_serves_as_it_last_was_but_not_for_long(client, own_pages, monkeypatch):
    monkeypatch.setattr("feedback.shared_pages.OLDEST", 0)
    page = client.get("/en/").content
    urls_shared.reset("fault")
    assert client.get("/en/").content == page
    monkeypatch.setattr("feedback.shared_pages.THROUGH_A_FAULT", 0)
    assert client.get("/en/").status_code == 503


def kept(content: bytes) -> KeptPage:
    return KeptPage.of(content, [("Content-Type", "text/html")], (0, 0), 0.0, 5)


def test_memory_is_bounded_and_what_nobody_asked_for_leaves_first():
    weight = kept(b"").weight
    store = PageStore(3 * weight)
    for number in range(3):
        store.keep(("page", number), kept(b""))
    store.find(("page", 0))
    store.keep(("page", 3), kept(b""))
    assert [number for number in range(4) if store.find(("page", number))] == [0, 2, 3]
    assert store.bytes == 3 * weight
    store.keep(("page", 3), kept(b""))
    assert (store.bytes, len(store)) == (3 * weight, 3)


def test_a_page_kept_is_the_page_made():
    content = "Қазақстан ".encode() * 1000
    page = kept(content)
    assert (page.content, len(page.compressed) < 500) == (content, True)
