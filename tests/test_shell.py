"""What the shell answers by itself: pages of errors, health, and requests that are none."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from feedback.models import OutboxEntry
from portal.wsgi import ReadToTheEnd, Utf8Only
from tests.builders import make_comment
from tests.programme_builders import make_measure


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_of_errors_help_and_are_in_the_page_s_language(client, language):
    answer = client.get(f"/{language}/nothing-here/")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.content.decode()
    assert f'href="/{language}/"' in answer.content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_is_a_500_that_asks_the_database_nothing(settings, django_assert_num_queries):
    settings.ROOT_URLCONF = "tests.urls_with_a_fault"
    browser = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        answer = browser.get("/ru/fault/")
    assert (answer.status_code, 'lang="ru"' in answer.content.decode()) == (500, True)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/?x=%00", "/en/measures/%00/", "/kk/search\x00"])
def test_a_nul_in_an_address_is_refused_and_never_a_500(client, path):
    assert client.get(path).status_code in {400, 404}


@pytest.mark.django_db
def test_health_and_readiness(client):
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)
    make_comment(make_measure())
    OutboxEntry.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert (client.get("/readyz").status_code, client.get("/readyz").content) == (503, b"the sequencer is late\n")


@pytest.mark.parametrize(
    ("charset", "status"),
    [("base64", 400), ("undefined", 400), ("utf-16", 400), ("rot13", 400), ("utf-8", 200), ("UTF8", 200), ("", 200)],
)
def test_a_request_in_another_encoding_than_utf_8_is_a_400_and_never_a_500(charset, status):
    environ = RequestFactory().get("/en/?before=1").environ | {"CONTENT_TYPE": f"text/html; charset={charset}"}
    seen = []

    def start_response(line, headers):
        seen.append(int(line.split()[0]))

    def portal(environ, start_response):
        start_response("200 OK", [])
        return [b""]

    list(Utf8Only(portal)(environ, start_response))
    assert seen == [status]


MOST = 5 * 2**20  # what nginx lets through


@pytest.mark.parametrize(("size", "left"), [(0, 0), (9, 0), (70_000, 0), (MOST, 0), (MOST + 1, MOST + 1)])
def test_an_answer_that_needs_no_body_waits_for_it_so_that_nobody_who_still_sends_is_cut(size, left):
    body = BytesIO(b"x" * size)
    environ = {"CONTENT_LENGTH": str(size), "wsgi.input": body}
    assert ReadToTheEnd(lambda environ, start_response: [b"sign in first"])(environ, None) == [b"sign in first"]
    assert len(body.read()) == left
