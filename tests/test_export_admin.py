"""Exporting from the lists of the administration: what is chosen, by whom, and as the list shows it."""

import csv
import io
import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from feedback.admin.exports import said_of
from feedback.export import formats
from feedback.ledger.sequencer import sequence
from feedback.models import ExportRecord, Participant
from tests.answers import make_answer
from tests.builders import hide, make_comment, make_participant, rate_by_many, staff_client
from tests.desk import at_the_desk, make_staff
from tests.programme_builders import make_measure, make_programme

pytestmark = pytest.mark.django_db
COMMENTS = "feedback_comment"


def address(model: str, query: str = "", **keys) -> str:
    return f"{reverse(f'admin:{model}_export')}?{urlencode({'query': query, **keys}, doseq=True)}"


def body(answer) -> bytes:
    return b"".join(answer)


def rows(answer) -> list[dict[str, str]]:
    """The rows of an answer that is CSV."""
    assert answer.status_code == 200, answer.status_code
    return list(csv.DictReader(io.StringIO(body(answer).decode(), newline=""), strict=True))


def ask(client, model: str, *columns: str, query: str = "", format_name: str = "csv", **keys):
    return client.post(address(model, query, **keys), {"format": format_name, "columns": columns})


def test_the_list_s_filters_and_search_are_what_is_exported():
    client, measure = at_the_desk("analyst"), make_measure()
    wanted = make_comment(measure, text="A school is needed.", language="en")
    make_comment(measure, text="A road is needed.", language="en")
    make_comment(measure, text="Нужна школа, a school.", language="ru")
    query = "language__exact=en&q=school"
    answer = client.post(f"{reverse(f'admin:{COMMENTS}_changelist')}?{query}", {"action": "export_matching"})
    assert answer.url == address(COMMENTS, query)
    page = client.get(answer.url)
    assert (page.status_code, page.context["number"]) == (200, 1)
    found = rows(client.post(answer.url, {"format": "csv", "columns": ["id", "text"]}))
    assert found == [{"id": str(wanted.pk), "text": "A school is needed."}]


def test_only_the_ticked_rows_are_exported():
    client, measure = at_the_desk("analyst"), make_measure()
    first, _second, third = (make_comment(measure) for _ in range(3))
    answer = client.post(
        reverse(f"admin:{COMMENTS}_changelist"),
        {"action": "export_selected", ACTION_CHECKBOX_NAME: [third.pk, first.pk]},
    )
    found = rows(client.post(answer.url, {"format": "csv", "columns": ["id"]}))
    assert [row["id"] for row in found] == [str(first.pk), str(third.pk)]


@pytest.mark.parametrize("format_name", formats.FORMATS)
def test_the_answer_is_a_file_named_by_kind_and_day(format_name):
    make_comment(make_measure())
    answer = ask(at_the_desk("analyst"), COMMENTS, "id", format_name=format_name)
    assert (answer.status_code, bool(body(answer))) == (200, True)
    assert re.fullmatch(
        rf'attachment; filename="comments-\d{{4}}-\d\d-\d\d\.{format_name}"', answer["Content-Disposition"]
    )
    assert answer["Content-Type"] == formats.FORMATS[format_name].media_type
    assert "no-store" in answer["Cache-Control"]


def test_every_list_is_exported_in_all_its_usual_columns():
    measure = make_measure()
    rate_by_many(measure, [1, 2, 3, 3, 4, 4, 5, 5, 5, 5])
    sequence()
    make_answer(measure, hide(make_comment(measure)) and make_comment(measure))
    client = at_the_desk("administrator")
    lists = {
        COMMENTS: 2,
        "feedback_rating": 10,
        "principles_measure": 1,
        "feedback_participant": 12,
        "feedback_decision": 1,
        "feedback_answer": 1,
    }
    for model, number in lists.items():
        form = client.get(address(model)).context["form"]
        found = rows(ask(client, model, *form.fields["columns"].initial))
        assert (model, len(found)) == (model, number)
        assert list(found[0]) == form.fields["columns"].initial


def test_only_administrators_are_offered_and_given_personal_data():
    make_participant(email="canary@example.org", display_name="Canary")
    analyst, administrator = at_the_desk("analyst"), at_the_desk("administrator")
    assert analyst.get(address("feedback_participant")).context["form"].personal == []
    refused = ask(analyst, "feedback_participant", "pseudonym", "email")
    assert (refused.status_code, b"canary@" in refused.content) == (422, False)
    assert ExportRecord.objects.count() == 0
    found = rows(ask(administrator, "feedback_participant", "name", "email", query="q=Canary"))
    assert found == [{"name": "Canary", "email": "canary@example.org"}]
    record = ExportRecord.objects.get()
    assert (record.role, record.kind, record.columns, record.query, record.rows, record.personal) == (
        "administrator",
        "participants",
        "name email",
        "q=Canary",
        1,
        True,
    )


def test_administrators_alone_see_the_record_and_nobody_changes_it():
    administrator = at_the_desk("administrator")
    body(ask(administrator, "feedback_participant", "name", "email"))
    page = reverse("admin:feedback_exportrecord_changelist")
    assert "participants" in administrator.get(page).content.decode()
    assert at_the_desk("senior-moderator").get(page).status_code == 403
    row = reverse("admin:feedback_exportrecord_change", args=[ExportRecord.objects.get().pk])
    assert [administrator.get(row).status_code, administrator.post(row, {"rows": 0}).status_code] == [200, 403]


def test_the_record_says_in_words_what_was_exported():
    make_comment(make_measure(), language="ru", text="Школа в селе")
    administrator = at_the_desk("administrator", language="en")
    query = urlencode({"q": "Школа", "language__exact": "ru", "o": "1"})
    body(ask(administrator, "feedback_comment", "id", "text", query=query))
    record = ExportRecord.objects.get()
    for page in ("changelist", "change"):
        args = [record.pk] if page == "change" else []
        shown = administrator.get(reverse(f"admin:feedback_exportrecord_{page}", args=args)).content.decode()
        assert "search: Школа; language: Russian" in shown
        assert "%D0" not in shown
    assert "<code>text</code>" in shown
    with override("en"):
        assert said_of("user__isempty=1&nowhere=%3Cb%3E", Participant) == "account: none; nowhere: <b>"


@pytest.mark.parametrize(("role", "offered"), [("moderator", True), ("analyst", False), ("editor", False)])
def test_what_is_not_public_is_for_those_who_decide(role, offered):
    make_comment(make_measure(make_programme(measures=0, moderation="before")), text="It waits.")
    client = at_the_desk(role)
    names = [name for name, _meaning in client.get(address(COMMENTS)).context["form"].fields["columns"].choices]
    assert ("withheld_text" in names) is offered
    answer = ask(client, COMMENTS, "text", "withheld_text")
    assert (answer.status_code, b"It waits" in body(answer)) == ((200, True) if offered else (422, False))


@pytest.mark.parametrize(
    ("role", "model"),
    [
        ("moderator", "feedback_participant"),
        ("editor", "feedback_rating"),
        ("moderator", "feedback_answer"),
        ("editor", "feedback_decision"),
        ("moderator", "principles_measure"),
    ],
)
def test_a_list_that_a_role_does_not_see_is_not_exported_by_it(role, model):
    client = at_the_desk(role)
    assert [client.get(address(model)).status_code, ask(client, model, "programme").status_code] == [403, 403]


def test_a_search_by_an_address_finds_nobody_for_those_who_may_not_see_it():
    make_participant(email="canary@example.org")
    client = at_the_desk("analyst")
    query = "user__email__startswith=canary"
    statuses = [client.get(address("feedback_participant", query.replace("canary", who))).status_code for who in "ab"]
    assert (client.get(address("feedback_participant", query)).status_code, statuses) == (400, [400, 400])


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"format", "columns"}),
        ({"format": "csv"}, {"columns"}),
        ({"format": "doc", "columns": ["id"]}, {"format"}),
        ({"format": "csv", "columns": ["salt"]}, {"columns"}),
    ],
)
def test_what_is_missing_or_unknown_is_said(values, fields):
    make_comment(make_measure())
    page = at_the_desk("analyst").post(address(COMMENTS), values)
    assert (page.status_code, set(page.context["form"].errors)) == (422, fields)


@pytest.mark.parametrize("query", ["nowhere=1", "state=%00", "p=abc", "language__exact=en&e=1&o=x", "_facets"])
def test_a_list_that_there_is_not_is_no_fault_of_the_portal_s(query):
    make_comment(make_measure())
    assert at_the_desk("analyst").get(address(COMMENTS, query)).status_code in {200, 404, 400}


def test_the_data_dictionary_alone_is_in_the_reader_s_language():
    make_comment(make_measure())
    client = staff_client(make_staff("analyst", language="kk"))
    answer = client.post(address(COMMENTS), {"format": "csv", "columns": ["id", "state"], "dictionary": "1"})
    assert rows(answer) == [
        {"баған": "id", "түрі": "мәтін", "мағынасы": "Пікірдің UUID коды.", "өлшем бірлігі": "", "мәндері": ""},
        {
            "баған": "state",
            "түрі": "мәтін",
            "мағынасы": "Оны кім оқи алады.",
            "өлшем бірлігі": "",
            "мәндері": "pending, published, hidden, withdrawn, erased",
        },
    ]
    assert ExportRecord.objects.count() == 0


def test_parquet_is_named_where_it_is_not_offered():
    page = at_the_desk("analyst").get(address(COMMENTS)).content.decode()
    offered = 'value="parquet"' in page
    assert offered is ("parquet" in formats.FORMATS)
    assert ("Parquet is not offered here: it needs pyarrow on the server." in page) is not offered


def test_the_choice_costs_the_same_at_one_and_at_thirty_rows(django_assert_max_num_queries):
    client, measure = at_the_desk("analyst"), make_measure()
    make_comment(measure)
    with django_assert_max_num_queries(12) as first:
        client.get(address(COMMENTS))
    for _ in range(29):
        make_comment(measure)
    with django_assert_max_num_queries(len(first)):
        client.get(address(COMMENTS))


@pytest.mark.parametrize("model", ["feedback_participant", "feedback_rating"])
def test_the_new_lists_cost_the_same_at_one_and_at_more_rows(model, django_assert_max_num_queries):
    client, measure = at_the_desk("analyst"), make_measure()
    rate_by_many(measure, [3] * 10)
    sequence()
    page = reverse(f"admin:{model}_changelist")
    with django_assert_max_num_queries(12) as first:
        assert client.get(page).context["cl"].result_count >= 10
    rate_by_many(measure, [4] * 10)
    sequence()
    with django_assert_max_num_queries(len(first)):
        client.get(page)
