"""The public page of moderation: rules, numbers and the log of decisions, without names and texts; and both as CSV."""

import csv
import re
from datetime import UTC, datetime
from html import unescape
from io import StringIO

import pytest
from django.utils import timezone

from feedback.actions.appeals import appeal_decision, rule_on_appeal
from feedback.actions.moderation import hide_comment, hide_on_demand
from feedback.actions.reactions import report_comment
from feedback.ledger.sequencer import sequence
from feedback.models import Appeal, Decision, ModerationFigure
from feedback.views import moderation
from feedback.views.moderation import Chosen
from tests.builders import make_comment, make_moderator, make_participant, make_rule, seen
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
PAGE = "/en/moderation/"


def text_of(answer) -> str:
    """What a page says, without tags and doubled blanks."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows_of(answer) -> list[dict]:
    body = b"".join(answer.streaming_content).decode()
    assert body.endswith("\r\n")
    return list(csv.DictReader(StringIO(body, newline="")))


def figures() -> list[tuple]:
    return sorted(ModerationFigure.objects.values_list("action", "rule", "language", "number"))


def hide_under(code: str, **fields) -> Decision:
    """A comment that was hidden under a rule."""
    comment = make_comment(make_measure(), **fields)
    return hide_comment(comment, by=make_moderator(), rule=make_rule(code), explanation="No.", **seen(comment))


def rule_on(decision: Decision, *, reverse: bool) -> None:
    comment = decision.comment
    appeal = appeal_decision(decision, by=comment.author, text="I advertise nothing.")
    rule_on_appeal(appeal, by=make_moderator(), reverse=reverse, explanation="We looked again.", **seen(comment))


def test_the_page_shows_rules_numbers_demands_and_the_log(client):
    kept = make_comment(make_measure())
    rule_on(hide_under("spam"), reverse=True)
    hide_on_demand(kept, by=make_moderator(), authority="The Ministry of Truth", explanation="By law.", **seen(kept))
    open_one = hide_under("hatred")
    appeal_decision(open_one, by=open_one.comment.author, text="Why?")
    Appeal.objects.open().update(due_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    sequence()
    page = text_of(client.get(PAGE))
    for part in (
        "Rules of participation spam in en spam in en hatred in en hatred in en",
        "Decisions 3 Comments hidden 3 Comments with a part removed 0",
        "Appeals 2 Decisions reversed on appeal 1 100% of 1 ruling Appeals that wait 1",
        "Appeals that are overdue 1 the oldest was due on 5 March 2026",
        "hatred in en 1 1 0 1 0 By language",
        "the newest stand first. All of them in the log The Ministry of Truth",
        "hide at an authority's demand: The Ministry of Truth",
    ):
        assert (part, part in page) == (part, True)


def test_an_empty_portal_has_the_page_too(client):
    page = text_of(client.get(PAGE))
    assert "No decision has been made yet." in page
    assert "No authority has had a comment hidden." in page
    assert rows_of(client.get(f"{PAGE}figures.csv")) == []


def test_neither_the_page_nor_a_file_names_anybody_or_quotes_anything(client):
    author, reporter = make_participant(display_name="CANARY author"), make_participant(display_name="CANARY reader")
    keeper, senior = make_moderator(display_name="CANARY keeper"), make_moderator(display_name="CANARY senior")
    comment = make_comment(make_measure(), by=author, text="CANARY text of a comment")
    report_comment(comment, by=reporter, rule=make_rule(), note="CANARY note")
    hidden = hide_comment(comment, by=keeper, rule=make_rule(), explanation="CANARY why", **seen(comment))
    appeal = appeal_decision(hidden, by=author, text="CANARY appeal")
    rule_on_appeal(appeal, by=senior, reverse=False, explanation="CANARY ruling", **seen(comment))
    sequence()
    people = [person.user.email for person in (author, reporter)] + [keeper.email, senior.email, author.pseudonym]
    for address in (PAGE, f"{PAGE}log.csv", f"{PAGE}figures.csv"):
        answer = client.get(address)
        body = b"".join(answer).decode()
        assert [word for word in ("CANARY", str(comment.pk), *people) if word in body] == []


def test_the_log_is_read_page_by_page_without_gaps_or_repetitions(client, monkeypatch):
    monkeypatch.setattr(moderation, "PER_PAGE", 2)
    at = timezone.now()
    made = [hide_under("spam") for _ in range(5)]
    assert at < made[0].created_at
    seen_on_pages, query = [], ""
    for _ in range(3):
        answer = client.get(f"{PAGE}{query}")
        seen_on_pages += [decision.pk for decision in answer.context["decisions"]]
        query = answer.context["more"]
    assert seen_on_pages == [decision.pk for decision in reversed(made)]
    assert query == ""


@pytest.mark.parametrize("before", ["0", "999999", "x", "-1", "1e3", "٣", "9" * 30, "1 OR 1"])
def test_a_place_that_is_none_is_a_404(client, before):
    hide_under("spam")
    assert client.get(PAGE, {"before": before}).status_code == 404


def test_the_log_is_chosen_by_rule_action_and_month(client):
    ruled = hide_under("spam")
    rule_on(ruled, reverse=True)
    hide_under("hatred")
    month = f"{timezone.now():%Y-%m}"

    def chosen(**query):
        decisions = client.get(PAGE, query).context["decisions"]
        return [(decision.action, decision.rule.code) for decision in decisions]

    assert chosen(rule="spam") == [("reverse", "spam"), ("hide", "spam")]
    assert chosen(action="hide") == [("hide", "hatred"), ("hide", "spam")]
    assert chosen(action="hide", rule="spam", month=month) == [("hide", "spam")]
    assert chosen(month="2020-01") == []
    everything = [("hide", "hatred"), ("reverse", "spam"), ("hide", "spam")]
    for month in ("2026-13", "9999-12", "x", "2026-1", ""):
        assert chosen(rule="no-such-rule", action="nothing", month=month) == everything
    assert [row["action"] for row in rows_of(client.get(f"{PAGE}log.csv?rule=spam"))] == ["reverse", "hide"]


@pytest.mark.parametrize(
    ("month", "begins", "ends"), [("2026-11", "2026-11-01", "2026-12-01"), ("2026-12", "2026-12-01", "2027-01-01")]
)
def test_a_month_is_one_of_universal_time(month, begins, ends):
    asked = Chosen.of({"month": month}, []).decisions([]).query.where.children
    assert [f"{child.rhs:%Y-%m-%d}" for child in asked] == [begins, ends]


def test_the_file_of_the_log_has_every_decision_and_no_formula(client, monkeypatch):
    monkeypatch.setattr(moderation, "CHUNK", 2)
    comment = make_comment(make_measure(), language="ru")
    demand = hide_on_demand(
        comment, by=make_moderator(), authority='=HYPERLINK("x"), "Ministry"', explanation="By law.", **seen(comment)
    )
    made = [demand, *(hide_under("spam") for _ in range(4))]
    answer = client.get(f"{PAGE}log.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    rows = rows_of(answer)
    assert [row["decision"] for row in rows] == [str(decision.pk) for decision in reversed(made)]
    measure = comment.measure
    assert rows[-1] == {
        "decision": str(demand.pk),
        "time": f"{demand.created_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        "programme": measure.principle.programme.slug,
        "measure": measure.slug,
        "action": "demand",
        "rule": "",
        "rule_version": "",
        "language": "ru",
        "from": "published",
        "to": "hidden",
        "authority": '\'=HYPERLINK("x"), "Ministry"',
        "about": "",
    }


def test_the_file_of_figures_has_every_number(client):
    hide_under("spam")
    rule_on(hide_under("hatred"), reverse=False)
    sequence()
    month = f"{timezone.now():%Y-%m}"
    assert [tuple(row.values()) for row in rows_of(client.get(f"{PAGE}figures.csv"))] == [
        (month, "appeal", "hatred", "en", "1"),
        (month, "hide", "hatred", "en", "1"),
        (month, "hide", "spam", "en", "1"),
        (month, "uphold", "hatred", "en", "1"),
    ]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_speaks_each_language(client, language):
    hide_under("spam")
    sequence()
    page = text_of(client.get(f"/{language}/moderation/"))
    assert f"spam in {language}" in page
    heading = {"kk": "Ережелер және модерация", "ru": "Правила и модерация", "en": "Rules and moderation"}[language]
    assert page.startswith(heading)


def test_a_retired_rule_is_no_rule_any_more_and_keeps_its_numbers(client):
    hide_under("spam")
    sequence()
    rule = make_rule("spam")
    rule.retired = True
    rule.save()
    page = text_of(client.get(PAGE))
    assert "Rules of participation The rules have not been loaded yet." in page
    assert "By rule" in page
    assert "spam in en 1 1 0 0 0" in page


def test_the_page_costs_nine_queries_at_one_decision_and_at_thirty(client, django_assert_num_queries):
    comment = make_comment(make_measure())
    hide_on_demand(comment, by=make_moderator(), authority="Ministry", explanation="By law.", **seen(comment))
    sequence()
    client.get(PAGE)
    with django_assert_num_queries(9):
        client.get(PAGE)
    for number in range(29):
        hide_under(("spam", "hatred")[number % 2])
    sequence()
    with django_assert_num_queries(9):
        client.get(PAGE)


@pytest.mark.sqlite
@pytest.mark.parametrize("query", [{}, {"rule": "spam"}, {"action": "hide"}, {"month": "2026-11"}])
def test_the_log_is_read_through_an_index_however_it_is_chosen(query):
    rule = make_rule("spam")
    plan = Chosen.of(query, [rule]).decisions([rule])[:50].explain()
    assert ("USING INDEX decision_" in plan, "TEMP B-TREE" in plan) == (True, False)
