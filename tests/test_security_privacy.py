"""My data: all of it, mine alone. Erased: nothing is left of a person in any table, file, search or letter."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from feedback.actions.appeals import appeal_decision
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.following import follow
from feedback.actions.reactions import report_comment, vote_on_comment
from feedback.actions.themes import write_theme
from feedback.actions.tokens import make_token
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, CommentTheme, Participant, Rating, Tally
from feedback.own_data import LEFT_OUT, SECTIONS, own_data
from tests.builders import (
    PASSWORD,
    hide,
    make_comment,
    make_moderator,
    make_participant,
    make_rule,
    rate_as,
    rate_by_many,
    staff_client,
)
from tests.dumps import everything_written, made
from tests.programme_builders import make_measure
from tests.themes import make_theme, wording

pytestmark = pytest.mark.django_db
CANARY = "qcanaryq"


def live():
    """A person who did everything that one may do here, each thing marked; (participant, token, measure)."""
    measure, rule = make_measure(), make_rule()
    person = make_participant(email=f"{CANARY}@example.org", display_name=f"{CANARY} name")
    others = make_comment(measure)
    make_comment(measure, by=person, text=f"A {CANARY} school.")
    hidden = hide(make_comment(measure, by=person, text=f"Another {CANARY} text."), explanation=f"{CANARY} explained.")
    appeal_decision(hidden.hiding_decision, by=person, text=f"I appeal, {CANARY}.")
    vote_on_comment(others, by=person, value=1)
    report_comment(others, by=person, rule=rule, note=f"Look, {CANARY}.")
    rate_as(person, measure, 4)
    secret = make_token(person.user, name=f"{CANARY} script", scope="write")[1]
    sequence()
    return person, secret, measure


def browser_of(person) -> Client:
    """A browser whose owner has just proved who it is."""
    browser = Client()
    browser.post("/en/accounts/login/", {"login": person.user.email, "password": PASSWORD})
    browser.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_every_table_about_people_is_in_my_data_or_says_why_it_is_not():
    people = {get_user_model(), Participant, Comment}
    about = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model in people
    }
    covered = {section.model._meta.label for section in SECTIONS}
    assert about - covered - set(LEFT_OUT) == set()
    assert covered & set(LEFT_OUT) == set()


def test_my_data_hold_all_that_i_did_and_nothing_of_others():
    person, secret, _measure = live()
    make_comment(make_measure_of(person), by=make_participant(display_name="Somebody else"), text="Not mine at all.")
    answer = browser_of(person).get("/en/profile/data.json")
    data = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Disposition"], answer["Cache-Control"].split(",")[0]) == (
        200,
        'attachment; filename="my-data.json"',
        "max-age=0",
    )
    found = {name: len(rows) for name, rows in data.items() if name != "made_at"}
    one = ("account", "addresses", "tokens", "participant", "ratings", "votes", "reports", "appeals", "decisions")
    assert {name: found[name] for name in one} == dict.fromkeys(one, 1)
    assert (found["comments"], found["versions"], found["explanations"]) == (2, 2, 1)
    assert {row["text"] for row in data["versions"]} == {f"A {CANARY} school.", f"Another {CANARY} text."}
    assert sorted(row["state"] for row in data["comments"]) == ["hidden", "published"]
    text = answer.content.decode()
    assert ("Not mine" in text, "Somebody else" in text, secret in text, "password" in text) == (False,) * 4


def test_the_page_of_my_data_says_in_my_language_what_each_row_is_about():
    person = make_participant()
    measure = make_measure()
    hide(make_comment(measure, by=person, language="kk"))
    vote_on_comment(make_comment(measure), by=person, value=1)
    rate_as(person, measure, 4)
    follow(person, measure)
    page = browser_of(person).get("/kk/profile/data/").content.decode()
    rows = [
        dict(zip(re.findall("<dt>(.*?)</dt>", row), re.findall("<dd>(.*?)</dd>", row, re.DOTALL), strict=True))
        for row in re.findall('<dl class="panel own-data">(.*?)</dl>', page, re.DOTALL)
    ]
    about = [row for row in rows if "Шара" in row]
    assert [
        (row.get("Күйі"), row.get("Мәтін"), row.get("Сұрақ"), row.get("Менің бағам") or row.get("Менің дауысым"))
        for row in about
    ] == [
        ("жасырылған", "A new school is needed.", None, None),
        (None, None, None, None),  # the decision
        (None, None, None, None),  # why
        (None, None, "support? (kk)", "4 – support 4 (kk)"),
        (None, None, None, "келісемін"),
        (None, None, None, None),  # what is followed
    ]
    named = {(row["Бағдарлама"], row["Шара"]) for row in about}
    assert named == {(measure.principle.programme.title_kk, f"{measure.code} Measure 1 (kk)")}
    assert {row["Қалай жіберілгені"] for row in rows if "Қалай жіберілгені" in row} == {"сайтта"}
    assert [row[label] for row in rows for label in row if "рөлі" in label] == ["әкімші"]
    assert "Created at" not in page


def test_the_page_of_my_data_names_rules_and_themes_in_my_language():
    person = make_participant()
    hidden = hide(make_comment(make_measure(), by=person, language="kk"))
    theme = make_theme(hidden.measure.principle.programme)
    CommentTheme.objects.create(comment=hidden, theme=theme, version=1, machine="demo")
    page = browser_of(person).get("/kk/profile/data/").content.decode()
    named = dict(re.findall("<dt>(Ереже|Тақырып)</dt><dd>(.*?)</dd>", page))
    assert named == {"Ереже": hidden.hiding_decision.rule_version.title_kk, "Тақырып": "Roads (kk)"}
    write_theme(theme, by=make_moderator(), wording=wording("Streets"))
    page = browser_of(person).get("/kk/profile/data/").content.decode()
    assert ("Roads (kk)" in page, "Streets" in page) == (True, False)  # as it was called when it was given


def test_the_page_of_my_data_tells_the_newest_first_and_of_an_explanation_whose_it_is():
    person, measure = make_participant(), make_measure()
    texts = [f"Comment {number}." for number in range(5)]
    comments = [make_comment(measure, by=person, text=text) for text in texts]
    hide(comments[0], explanation="It advertises a shop.")
    page = browser_of(person).get("/en/profile/data/").content.decode()
    assert re.findall(r"<dt>Text</dt><dd>(Comment \d\.)</dd>", page) == texts[::-1]
    made = re.findall("<dt>Date</dt><dd>(.*?)</dd>", page.partition("<h2>Comments</h2>")[2].partition("</section>")[0])
    assert len(made) == len(texts)
    assert [row["id"] for row in own_data(person.user)["comments"]] == [str(each.pk) for each in comments[::-1]]
    why = page.partition("<h2>Explanations of the decisions</h2>")[2].partition("</section>")[0]
    assert re.findall("<dt>(.*?)</dt>", why) == [
        "Programme",
        "Measure",
        "Comment",
        "Action",
        "Date of the decision",
        "Explanation",
    ]
    assert "<dd>hide</dd>" in why


def test_the_page_of_my_data_says_which_earlier_words_everybody_can_read_today():
    person = make_participant()
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        comment = make_comment(make_measure(), by=person, text="First words.")
    edit_comment(comment, by=person, text="Later words.")
    section = "<h2>Other versions of the comments</h2>"

    def told() -> str:
        return browser_of(person).get("/en/profile/data/").content.decode().partition(section)[2].partition("</sec")[0]

    assert ("First words." in told(), "Later words." in told()) == (True, False)
    assert "<dt>Readable by everybody</dt><dd>yes</dd>" in told()
    withdraw_comment(comment, by=person)
    assert "<dt>Readable by everybody</dt><dd>no</dd>" in told()


def make_measure_of(person):
    return Comment.objects.filter(author=person).first().measure


def test_my_data_are_readable_and_ask_who_it_is():
    person, _secret, _measure = live()
    page = browser_of(person).get("/en/profile/data/")
    assert (page.status_code, page.content.decode().count(f"Another {CANARY} text.")) == (
        200,
        3,
    )  # and whose decision, and whose explanation
    stale = Client()
    stale.force_login(person.user)
    for address in ("/en/profile/data/", "/en/profile/data.json"):
        assert stale.get(address)["Location"].startswith("/en/accounts/reauthenticate/")
        assert Client().get(address).status_code == 302


def everything_kept() -> str:
    """Every cell of every table, the shadow tables of search included."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor, include_views=False):
            if table != "django_session":
                cursor.execute(f'SELECT * FROM "{table}"')
                found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_erased_nothing_is_left_of_a_person_anywhere_while_tallies_and_ledger_hold(settings, caplog):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    person, secret, measure = live()
    rate_by_many(measure, [1, 2, 3, 4, 5] * 2)
    sequence()
    keeper = staff_client(make_moderator())
    user = person.user
    kind = ContentType.objects.get_for_model(user).pk
    LogEntry.objects.create(
        user=make_moderator(), content_type_id=kind, object_id=str(user.pk), object_repr=str(user), action_flag=2
    )
    keeper.post(f"/admin/accounts/user/{user.pk}/change/", {"display_name": f"{CANARY} renamed"})
    browser_of(person).post("/en/accounts/login/code/", {"email": user.email})
    assert CANARY in everything_kept()
    before = list(Tally.objects.order_by("pk").values_list("n", "seq"))
    delete_account(get_user_model().objects.get(pk=user.pk), erase_comments=True)
    sequence()
    left = [line for line in everything_kept().splitlines() if CANARY in line.lower() or secret in line]
    assert left == []
    assert DBTaskResult.objects.filter(args_kwargs__icontains=CANARY).count() == 0
    assert (recount(), list(Tally.objects.order_by("pk").values_list("n", "seq"))) == ([], before)
    assert Rating.objects.filter(participant=person).count() == 0
    assert CANARY not in everything_written(made()).decode(errors="replace").lower()
    for address in (
        "/en/",
        f"/en/measures/{measure.slug}/",
        "/en/moderation/",
        "/api/v1/comments/",
        "/api/v1/changes/",
    ):
        assert CANARY not in Client().get(address).content.decode()
    assert CANARY not in caplog.text
