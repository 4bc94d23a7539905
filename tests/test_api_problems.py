"""Whatever goes wrong under /api/, and wherever in the portal: the answer is a problem detail (RFC 9457)."""

import json

import pytest
from django.test import Client
from django.test.client import RequestFactory

from feedback.actions.tokens import make_token
from feedback.models import Comment
from portal.wsgi import Utf8Only
from tests.builders import make_participant
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"


def problem_in(answer) -> tuple[int, str]:
    """Status and title of a problem, after its form was looked at."""
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    body = json.loads(answer.content)
    assert (body["type"], body["status"]) == ("about:blank", answer.status_code)
    return body["status"], body["title"]


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("get", "/api/nowhere", (404, "Not Found")),
        ("get", "/api/v1", (404, "Not Found")),
        ("get", "/api/v2/comments/", (404, "Not Found")),
        ("post", "/api/nowhere", (404, "Not Found")),
        ("delete", "/api/v1/comments", (404, "Not Found")),
        ("put", f"{ROOT}docs/", (405, "Method Not Allowed")),
        ("post", f"{ROOT}openapi.json", (405, "Method Not Allowed")),
        ("trace", f"{ROOT}comments/", (405, "Method Not Allowed")),
        ("get", f"{ROOT}comments/?page_size={'9' * 23}", (400, "Bad Request")),
        ("get", f"{ROOT}comments/%00/", (404, "Not Found")),
    ],
)
def test_what_stands_at_no_address_or_takes_no_such_method_is_a_problem(method, path, said):
    for checks in (False, True):
        assert problem_in(getattr(Client(enforce_csrf_checks=checks), method)(path)) == said


def test_a_host_that_is_none_of_ours_is_a_problem_whatever_is_asked_for(settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    elsewhere = Client(headers={"host": "evil.example"})
    for path in (ROOT, f"{ROOT}comments/", "/api/nowhere"):
        assert problem_in(elsewhere.get(path)) == (400, "Bad Request")
    assert elsewhere.get("/en/")["Content-Type"] == "text/html; charset=utf-8"


def test_a_problem_keeps_what_the_answer_said_beside_its_body():
    answer = Client().put(f"{ROOT}docs/", headers={"origin": "https://elsewhere.example"})
    assert (answer["Allow"], answer["Access-Control-Allow-Origin"]) == ("GET, HEAD, OPTIONS", "*")
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize(("path", "kind"), [(ROOT, "application/problem+json"), ("/en/", "text/plain; charset=utf-8")])
def test_a_body_that_says_it_is_no_utf_8_is_refused_in_the_form_of_its_address(path, kind):
    environ = RequestFactory().post(path, b"{}", content_type="application/json; charset=utf-16").environ
    started = []
    body = b"".join(Utf8Only(None)(environ, lambda *said: started.append(said)))
    [(status, headers)] = started
    assert (status, dict(headers)["Content-Type"]) == ("400 Bad Request", kind)
    if path == ROOT:
        assert json.loads(body) | {"detail": ""} == {
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": "",
        }


def test_a_fault_of_ours_is_a_problem(settings):
    settings.ROOT_URLCONF = "tests.urls_with_a_fault"
    answer = Client(raise_request_exception=False).get("/api/fault/")
    assert problem_in(answer) == (500, "Internal Server Error")


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "\\udc00"])
@pytest.mark.parametrize("body", ['{"measure": "%s", "text": "x", "language": ["%s"]}', '{"%s": "%s"}'])
def test_a_text_that_cannot_be_kept_as_it_was_sent_is_refused_and_not_changed(text, body):
    token = make_token(make_participant().user, name="script", scope="write")[1]
    answer = Client().post(
        f"{ROOT}comments/",
        body % (text, text),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert problem_in(answer) == (400, "Bad Request")
    assert Comment.objects.count() == 0


def test_a_whole_surrogate_pair_is_one_character_of_a_text():
    token, measure = make_token(make_participant().user, name="script", scope="write")[1], make_measure()
    answer = Client().post(
        f"{ROOT}comments/",
        f'{{"measure": "{measure.slug}", "text": "Thanks \\ud83d\\ude00"}}',
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, json.loads(answer.content)["text"]) == (201, "Thanks \U0001f600")


def test_a_body_in_chunks_is_asked_for_its_length_and_does_not_pass_for_an_empty_one():
    token = make_token(make_participant().user, name="script", scope="write")[1]
    answer = Client().generic(
        "POST",
        f"{ROOT}comments/",
        "",
        content_type="application/json",
        headers={"authorization": f"Bearer {token}", "transfer-encoding": "chunked"},
    )
    assert problem_in(answer) == (411, "Length Required")
