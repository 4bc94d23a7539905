"""Warnings and suspensions on the public page: by month and by rule, in ranges, and never so that one points at one."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from feedback.actions.sanctions import suspend_participant, warn_participant
from feedback.models import Rule
from feedback.sanction_figures import class_of, sanction_figures
from tests.builders import make_moderator, make_participant, make_rule
from tests.test_public_moderation import PAGE, text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def sanction(at: datetime, number: int = 1, rule: str = "spam", days: int = 0) -> None:
    about = {"by": make_moderator(), "rule": make_rule(rule), "explanation": "Please stop."}
    with time_machine.travel(at, tick=False):
        for _ in range(number):
            if days:
                suspend_participant(make_participant(), days=days, **about)
            else:
                warn_participant(make_participant(), **about)


def told() -> tuple[list, list]:
    figures = sanction_figures([make_rule("spam"), make_rule("hatred")], NOW)
    return (
        [(f"{line.month:%Y-%m}", line.warnings, line.suspensions) for line in figures.months],
        [(line.name, line.warnings, line.suspensions) for line in figures.rules],
    )


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "0"), (1, "1–4"), (4, "1–4"), (5, "5–9"), (19, "10–19"), (49, "20–49"), (100, "100+"), (7000, "100+")],
)  # fmt: skip
def test_a_number_stands_for_a_range(number, name):
    assert class_of(number) == name


def test_months_that_are_over_and_rules_are_counted_apart_and_never_together():
    sanction(datetime(2026, 9, 30, 23, 59, tzinfo=UTC), 2)
    sanction(datetime(2026, 10, 1, tzinfo=UTC), 3)
    sanction(datetime(2026, 10, 31, 23, 59, tzinfo=UTC), 1, "hatred", days=7)
    assert told() == (
        [("2026-10", "1–4", "1–4"), ("2026-09", "1–4", "0")],
        [("spam in en", "5–9", "0"), ("hatred in en", "0", "1–4")],
    )


def test_nothing_of_the_month_that_runs_is_told():
    sanction(datetime(2026, 10, 5, tzinfo=UTC), 4)
    before = told()
    sanction(datetime(2026, 11, 1, tzinfo=UTC), 30)
    assert told() == before == ([("2026-10", "1–4", "0")], [("spam in en", "1–4", "0")])


def test_the_page_shows_them_without_names_and_says_when_there_are_none(client):
    empty = "Until the end of last month nobody was warned or suspended from writing."
    assert empty in text_of(client.get(PAGE))
    sanction(datetime(2026, 5, 5, tzinfo=UTC), 6, days=30)
    page = text_of(client.get(PAGE))
    assert "By month Month Warnings Suspensions May 2026 0 5–9 By rule" in page
    assert "Rule Warnings Suspensions spam in en 0 5–9 The numbers of warnings and suspensions as a file" in page
    assert empty not in page


def test_the_same_ranges_are_a_file():
    sanction(datetime(2026, 9, 3, tzinfo=UTC), 6)
    sanction(datetime(2026, 9, 4, tzinfo=UTC), 1, rule="hatred", days=7)
    sanction(datetime(2026, 11, 2, tzinfo=UTC), 3)
    with time_machine.travel(NOW, tick=False):
        answer = Client().get("/en/moderation/sanctions.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert b"".join(answer.streaming_content).decode().splitlines() == [
        "by,value,warnings,suspensions",
        "month,2026-09,5–9,1–4",
        *sorted(["rule,spam,5–9,0", "rule,hatred,0,1–4"], key=rule_order),
    ]


def rule_order(line: str) -> int:
    """The place of a line's rule among all rules."""
    return list(Rule.objects.values_list("code", flat=True)).index(line.split(",")[1])
