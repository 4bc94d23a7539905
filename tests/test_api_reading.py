"""Reading the API: every resource, by keyset, with filters that are named or refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from feedback.actions.comments import withdraw_comment
from feedback.actions.departure import delete_account
from feedback.ledger.sequencer import sequence
from feedback.limits import forget_counts
from feedback.models import AnsweredComment, Comment, RequestCount
from principles.models import Measure
from tests.answers import make_answer
from tests.builders import hide, make_comment, make_participant, make_rule, rate_by_many, seen
from tests.programme_builders import load_fair_kazakhstan, make_measure, make_programme

ROOT = "/api/v1/"
LISTS = [
    "programmes",
    "principles",
    "measures",
    "questions",
    "targets",
    "comments",
    "tallies",
    "breakdowns",
    "weighted",
    "participation",
    "themes",
    "answers",
    "rules",
    "decisions",
]


def got(client, path, **query):
    answer = client.get(f"{ROOT}{path}", query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def everything(client, path, **query):
    """All rows of a list, page by page."""
    page = got(client, path, **query)
    rows = page["results"]
    while page["next"]:
        page = json.loads(client.get(page["next"].removeprefix("http://127.0.0.1:8000")).content)
        rows += page["results"]
    return rows


@pytest.mark.django_db
def test_the_root_names_every_list_and_each_one_answers(client):
    load_fair_kazakhstan()
    root = got(client, "")
    assert [root[name] for name in LISTS] == [f"http://127.0.0.1:8000{ROOT}{name}/" for name in LISTS]
    measures = got(client, "measures/", page_size=500)["results"]
    assert (len(measures), len(got(client, "targets/")["results"])) == (33, 10)
    assert [row["code"] for row in measures if row["principle"] == measures[-1]["principle"]][:2] == ["3.1", "3.2"]
    one = got(client, f"measures/{measures[0]['slug']}/")
    assert one == measures[0]
    assert set(one["title"]) == {"kk", "ru", "en"}
    assert got(client, f"measures/{one['slug']}/", lang="kk")["title"] == one["title"]["kk"]


@pytest.mark.django_db
def test_a_comment_has_the_shape_that_others_programs_rely_on(client):
    measure, author = make_measure(), make_participant(display_name="Aigul")
    comment = make_comment(measure, by=author, text="Мектеп керек.", language="kk", stance="for")
    (row,) = got(client, "comments/")["results"]
    version = Comment.objects.get().shown
    assert row == {
        "id": str(comment.pk),
        "programme": measure.principle.programme.slug,
        "principle": measure.principle.slug,
        "measure": measure.slug,
        "edition": 1,
        "parent": None,
        "state": "published",
        "text": "Мектеп керек.",
        "language": "kk",
        "stance": "for",
        "author": {"name": "Aigul", "pseudonym": author.pseudonym},
        "created": f"{comment.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "edited": None,
        "votes": {"agree": 0, "disagree": 0},
        "replies": 0,
        "channel": "web",
        "answers": [],
        "commitment": version.commitment,
        "salt": version.salt,
        "url": f"http://127.0.0.1:8000/kk/measures/{measure.slug}/comments/{comment.pk}/",
    }
    assert got(client, f"comments/{comment.pk}/") == row


@pytest.mark.django_db
def test_what_is_not_published_stands_without_text_salt_author_and_stance(client):
    measure, author, leaver = make_measure(), make_participant(), make_participant()
    hide(make_comment(measure, text="CANARY one", stance="for"))
    withdraw_comment(make_comment(measure, by=author, text="CANARY two", stance="for"), by=author)
    make_comment(measure, by=leaver, text="CANARY three", stance="for")
    delete_account(leaver.user, erase_comments=True)
    waiting = make_comment(
        make_measure(make_programme(measures=0, slug="careful", moderation="before")), text="CANARY four"
    )
    rows = everything(client, "comments/")
    assert sorted(row["state"] for row in rows) == ["erased", "hidden", "withdrawn"]
    assert {row[name] for row in rows for name in ("text", "salt", "author", "stance")} == {None}
    assert client.get(f"{ROOT}comments/{waiting.pk}/").status_code == 404
    sequence()
    for name in [*LISTS, "changes"]:
        assert b"CANARY" not in client.get(f"{ROOT}{name}/").content


@pytest.mark.django_db
def test_a_comment_that_is_erased_while_the_list_is_read_comes_as_erased(client):
    leaving = [make_participant(display_name="CANARY")]
    make_comment(make_measure(), by=leaving[0], text="CANARY", stance="for")

    def erase_first(execute, sql, *more):
        if leaving and sql.startswith("SELECT") and 'FROM "feedback_commentversion"' in sql:
            delete_account(leaving.pop().user, erase_comments=True)
        return execute(sql, *more)

    with connection.execute_wrapper(erase_first):
        (row,) = got(client, "comments/")["results"]
    assert leaving == []
    assert [row[name] for name in ("state", "text", "salt", "author", "stance")] == ["erased", *[None] * 4]


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["created", "-created"])
def test_a_list_is_read_whole_in_pages_forwards_and_backwards(client, ordering):
    measure = make_measure()
    now = timezone.now()
    for number in range(23):
        comment = make_comment(measure, text=f"Comment {number}.")
        # Pairs of the same moment: the id decides.
        Comment.objects.filter(pk=comment.pk).update(created_at=now + timedelta(minutes=number // 2))
    wanted = list(Comment.objects.order_by("created_at", "id").values_list("pk", flat=True))
    if ordering == "-created":
        wanted.reverse()
    rows = everything(client, "comments/", page_size=5, ordering=ordering)
    assert [row["id"] for row in rows] == [str(pk) for pk in wanted]
    page = got(client, "comments/", page_size=5, ordering=ordering)
    assert page["previous"] is None
    second = json.loads(client.get(page["next"].removeprefix("http://127.0.0.1:8000")).content)
    back = json.loads(client.get(second["previous"].removeprefix("http://127.0.0.1:8000")).content)
    assert (back["results"], back["previous"]) == (page["results"], None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("nonsense=1", "nonsense"),
        ("state=deleted", "state"),
        ("ordering=random", "ordering"),
        ("fields=id,secret", "fields"),
        ("page_size=0", "page_size"),
        ("page_size=501", "page_size"),
        ("page_size=99999999999999999999999", "page_size"),
        ("cursor=AAAA", "cursor"),
        ("cursor=WzAsMV0", "cursor"),
        ("cursor=%C3%A9", "cursor"),
        ("cursor=" + "A" * 5000, "cursor"),
        ("created_after=10000-01-01T00:00:00Z", "created_after"),
        ("created_after=2026-11-24T07:00:00", "created_after"),
        ("measure=a%27b", "measure"),
        ("parent=1", "parent"),
        ("state=hidden&state=published", "state"),
    ],
)
def test_a_wrong_parameter_is_named_in_a_problem(client, query, name):
    answer = client.get(f"{ROOT}comments/?{query}")
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["name"] for error in problem["errors"]] == [name]
    assert problem["status"] == 400


@pytest.mark.django_db
def test_filters_and_fields_give_what_they_say(client):
    programme = make_programme(measures=0)
    one, two = make_measure(programme), make_measure(programme)
    first = make_comment(one, text="Бірінші.", language="kk", stance="for")
    make_comment(two, text="Вторая.", language="ru")
    reply = make_comment(one, text="A reply.", parent=first)
    ids = lambda **query: {row["id"] for row in got(client, "comments/", **query)["results"]}  # noqa: E731
    assert ids(measure=one.slug) == {str(first.pk), str(reply.pk)}
    assert ids(language="kk") == {str(first.pk)} == ids(stance="for")
    assert ids(parent=str(first.pk)) == {str(reply.pk)} == ids(replies="true")
    assert ids(channel="paper") == set() == ids(answered="true")
    assert got(client, "comments/", fields="text,id", measure=two.slug)["results"] == [
        {"id": str(Comment.objects.get(measure=two).pk), "text": "Вторая."}
    ]


@pytest.mark.django_db
def test_a_client_that_has_the_answer_gets_304_and_head_has_no_body(client):
    make_comment(make_measure())
    first = client.get(f"{ROOT}comments/")
    again = client.get(f"{ROOT}comments/", headers={"if-none-match": first["ETag"]})
    head = client.head(f"{ROOT}comments/")
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    assert first["Cache-Control"] == "public, max-age=10"
    assert client.options(f"{ROOT}comments/").status_code == 204
    make_comment(Measure.objects.get())
    assert client.get(f"{ROOT}comments/", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.django_db
def test_tallies_equal_what_the_rows_give(client):
    measure = make_measure()
    rate_by_many(measure, [1, 2, 3, 4, 4, 5, 5, 5, 5, 5])
    sequence()
    (row,) = [row for row in got(client, "tallies/")["results"] if row["question"] == "support"]
    assert (row["n"], row["released_n"], row["counts"], row["median"]) == (10, 10, [1, 1, 1, 2, 5], 4)
    assert row["share_positive"] == 0.7


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["nowhere/", "comments/1/", "measures/nothing/", "../"])
def test_an_address_where_nothing_is_answers_with_a_problem(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_one_row_as_for_thirty(client, name, django_assert_max_num_queries):
    programme = make_programme(measures=0)

    def more():
        measure = make_measure(programme)
        hide(make_comment(measure))
        make_comment(measure)
        rate_by_many(measure, [3] * 10)
        sequence()

    make_rule("spam")
    more()
    with django_assert_max_num_queries(8) as first:
        got(client, f"{name}/")
    for _ in range(3):
        more()
    with django_assert_max_num_queries(len(first)):
        got(client, f"{name}/")
    assert seen(Comment.objects.first())["version"] == 1


@pytest.mark.django_db
def test_the_limit_of_reads_holds_and_says_when_to_come_back(client, settings):
    settings.API_READS_PER_MINUTE = 3
    answers = [client.get(f"{ROOT}rules/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"read";q=3;w=60'
    assert 1 <= int(answers[3]["Retry-After"]) <= 60


@pytest.mark.django_db
def test_a_link_to_a_comment_that_is_still_a_draft_shows_at_neither_end(client):
    comment = make_comment(make_measure())
    answer = make_answer(comment.measure)
    AnsweredComment.objects.create(answer=answer, comment=comment)
    assert got(client, "answers/")["results"][0]["comments"] == []
    Comment.objects.update(answered_at=timezone.now())
    assert got(client, "comments/")["results"][0]["answers"] == []


@pytest.mark.django_db
def test_counts_of_requests_are_forgotten_when_their_minute_is_over(client):
    client.get(f"{ROOT}rules/")
    assert (RequestCount.objects.count(), forget_counts()) == (1, 0)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert (forget_counts(), RequestCount.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_a_version_that_leaves_says_since_when_and_when(client, settings):
    assert {"Deprecation", "Sunset"} & set(client.get(f"{ROOT}rules/").headers) == set()
    settings.API_DEPRECATED_FROM = datetime(2027, 1, 1, tzinfo=UTC)
    settings.API_SUNSET_AT = datetime(2028, 1, 1, tzinfo=UTC)
    answer = client.get(f"{ROOT}rules/")
    assert (answer["Deprecation"], answer["Sunset"]) == ("@1798761600", "Sat, 01 Jan 2028 00:00:00 GMT")


@pytest.mark.django_db
def test_an_address_that_a_client_invents_gives_it_no_limit_of_its_own(client, settings):
    settings.API_READS_PER_MINUTE = 2
    answers = [client.get(f"{ROOT}rules/", headers={"x-forwarded-for": f"192.0.2.{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    settings.TRUSTED_PROXIES = 1
    answers = [client.get(f"{ROOT}rules/", headers={"x-forwarded-for": f"192.0.2.{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
