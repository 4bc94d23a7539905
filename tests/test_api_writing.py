"""Writing by the API: tokens, sessions, the same actions as the pages, and keys that make a write happen once."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from feedback.actions.tokens import make_token, revoke_token
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentVote, Rating, Report, Submission
from tests.builders import make_comment, make_participant, make_rule, signed_in
from tests.programme_builders import make_measure, make_programme

ROOT = "/api/v1/"


def token_for(person, scope="write") -> str:
    return make_token(person.user, name="script", scope=scope)[1]


def sent(path, body, *, token=None, method="post", key=None, client=None):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if key is not None:
        headers["idempotency-key"] = key
    call = getattr(client or Client(), method)
    return call(f"{ROOT}{path}", body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_a_comment_is_written_with_a_token_and_says_that_it_came_by_the_api():
    measure, person = make_measure(), make_participant()
    answer = sent("comments/", {"measure": measure.slug, "text": "A bus is needed."}, token=token_for(person))
    body = json.loads(answer.content)
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"http://127.0.0.1:8000{ROOT}comments/{comment.pk}/")
    assert (body["text"], body["channel"], body["language"], body["state"]) == (
        "A bus is needed.",
        "api",
        "en",
        "published",
    )
    assert body["author"]["pseudonym"] == person.pseudonym


@pytest.mark.django_db
def test_its_author_alone_reads_a_comment_that_waits():
    measure = make_measure(make_programme(measures=0, moderation="before"))
    person, other = make_participant(), make_participant()
    made = sent("comments/", {"measure": measure.slug, "text": "Look first."}, token=token_for(person))
    body = json.loads(made.content)
    assert (body["state"], body["text"]) == ("pending", "Look first.")
    path = f"{ROOT}comments/{body['id']}/"
    read = lambda person: Client().get(path, headers={"authorization": f"Bearer {token_for(person, 'read')}"})  # noqa: E731
    own = read(person)
    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-cache")
    assert json.loads(own.content)["text"] == "Look first."
    assert (read(other).status_code, Client().get(path).status_code) == (404, 404)


@pytest.mark.django_db
def test_rating_by_put_and_taking_back_by_delete():
    measure, person = make_measure(), make_participant()
    token, path = token_for(person), f"ratings/{measure.slug}/support/"
    put = sent(path, {"value": 4, "edition": 1}, token=token, method="put")
    rated = json.loads(put.content)
    assert rated.pop("receipt")["leaf"]["who"] == Rating.objects.get().who.hex
    assert (put.status_code, rated) == (
        200,
        {"measure": measure.slug, "question": "support", "edition": 1, "value": 4, "waiting": True},
    )
    assert Rating.objects.get().channel == "api"
    assert sent(path, {"value": 4, "edition": 9}, token=token, method="put").status_code == 409
    delete = sent(path, {}, token=token, method="delete")
    assert (delete.status_code, delete.content, Rating.objects.get().value) == (204, b"", None)


@pytest.mark.django_db
def test_voting_reporting_editing_and_withdrawing():
    measure, author, reader = make_measure(), make_participant(), make_participant()
    comment = make_comment(measure, by=author)
    path, make = f"comments/{comment.pk}/", make_rule("spam")
    vote = sent(f"{path}vote/", {"value": 1}, token=token_for(reader))
    assert (vote.status_code, json.loads(vote.content)["votes"]) == (200, {"agree": 1, "disagree": 0})
    report = sent(f"{path}report/", {"rule": make.code, "note": "Shoes."}, token=token_for(reader))
    assert (report.status_code, Report.objects.get().note) == (200, "Shoes.")
    edit = sent(path, {"text": "Other words."}, token=token_for(author), method="patch")
    assert (edit.status_code, json.loads(edit.content)["text"]) == (200, "Other words.")
    assert sent(f"{path}withdraw/", {}, token=token_for(reader)).status_code == 403
    gone = sent(f"{path}withdraw/", {}, token=token_for(author))
    assert (gone.status_code, json.loads(gone.content)["state"]) == (200, "withdrawn")


@pytest.mark.django_db
def test_who_does_not_sign_in_or_may_only_read_writes_nothing():
    measure, person = make_measure(), make_participant()
    body = {"measure": measure.slug, "text": "Hello."}
    anonymous = sent("comments/", body)
    assert (anonymous.status_code, anonymous["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert sent("comments/", body, token="pct_wrong").status_code == 401  # noqa: S106
    assert sent("comments/", body, token=token_for(person, "read")).status_code == 403
    token, secret = make_token(person.user, name="old", scope="write")
    revoke_token(token, by=person.user)
    assert sent("comments/", body, token=secret).status_code == 401
    assert Comment.objects.count() == 0


@pytest.mark.django_db
def test_a_session_writes_with_its_csrf_token_alone():
    measure, person = make_measure(), make_participant()
    client = signed_in(person)
    client.handler.enforce_csrf_checks = True
    body = {"measure": measure.slug, "text": "Hello."}
    assert sent("comments/", body, client=client).status_code == 403
    client.get(f"/en/measures/{measure.slug}/")
    headers = {"X-CSRFToken": client.cookies["csrf"].value}
    answer = client.post(f"{ROOT}comments/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.django_db
def test_a_key_makes_a_write_happen_once():
    measure, person = make_measure(), make_participant()
    token, body = token_for(person), {"measure": measure.slug, "text": "Once."}
    first = sent("comments/", body, token=token, key="k1")
    again = sent("comments/", body, token=token, key="k1")
    other = sent("comments/", body | {"text": "Twice."}, token=token, key="k1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert (json.loads(first.content), Comment.objects.count()) == (json.loads(again.content), 1)
    comment = make_comment(measure)
    assert [
        sent(f"comments/{comment.pk}/vote/", {"value": value}, token=token, key="v").status_code for value in (1, 1, -1)
    ] == [200, 200, 422]
    assert CommentVote.objects.get().value == 1
    assert Submission.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 256, "é", "a\tb"])
def test_a_malformed_key_is_refused(key):
    person = make_participant()
    body = {"measure": make_measure().slug, "text": "Hello."}
    answer = sent("comments/", body, token=token_for(person), key=key)
    assert (answer.status_code, json.loads(answer.content)["errors"][0]["name"]) == (400, "Idempotency-Key")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b'{"measure": "a", "measure": "b", "text": "c"}', 400),
        (b'{"measure": "a", "text": NaN}', 400),
        (b'{"measure": "a", "text": 1e999}', 422),
        (b"[" * 5000 + b"]" * 5000, 400),
        (b'{"a": ' * 5000 + b"1" + b"}" * 5000, 400),
        (b"\xff\xfe", 400),
        (b'{"text": "' + b"x" * 70_000 + b'"}', 413),
        (b'{"measure": "no-such-measure", "text": "Hello."}', 422),
        (b'{"measure": "measure", "text": 5}', 422),
        (b'{"measure": "measure", "text": ""}', 422),
        (b'{"measure": "measure", "text": "a\\u0000"}', 400),
        (b'{"measure": "measure", "text": "\\ud800"}', 400),
        (b'{"measure": "measure", "text": "Hello.", "stance": "perhaps"}', 422),
        (b'{"measure": "measure", "text": "Hello.", "parent": "x"}', 422),
        (b'{"measure": "measure", "text": "Hello.", "surprise": 1}', 422),
        (b'{"measure": "measure", "text": "Hello.", "edition": 99999999999999999999999}', 422),
        (b'{"measure": "measure", "text": "Hello.", "edition": true}', 422),
    ],
    ids=range(21),
)
def test_a_body_that_cannot_be_is_a_problem_and_never_a_fault(body, status):
    make_measure(slug="measure")
    person = make_participant()
    answer = Client().post(
        f"{ROOT}comments/",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {token_for(person)}"},
    )
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert Comment.objects.count() == 0


@pytest.mark.django_db
def test_another_content_type_is_refused():
    person = make_participant()
    headers = {"authorization": f"Bearer {token_for(person)}"}
    answer = Client().post(f"{ROOT}comments/", {"text": "x"}, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.django_db
def test_the_limit_of_writes_counts_a_person_whatever_token_writes(settings):
    settings.API_WRITES_PER_MINUTE = 3
    measure, person = make_measure(), make_participant()
    tokens = [token_for(person) for _ in range(2)]
    answers = [
        sent(f"ratings/{measure.slug}/support/", {"value": 3, "edition": 1}, token=tokens[n % 2], method="put")
        for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


@pytest.mark.django_db
def test_create_token_prints_a_token_that_writes(capsys):
    measure, person = make_measure(), make_participant()
    call_command("create_token", person.user.email, "--scope", "write")
    secret = capsys.readouterr().out.strip()
    assert sent("comments/", {"measure": measure.slug, "text": "Hello."}, token=secret).status_code == 201
    sequence()
    assert json.loads(Client().get(f"{ROOT}changes/").content)["results"][-1]["data"]["text"] == "Hello."
