"""The queue of the moderation desk: what waits, in which order, under which filters, and for whom."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.actions.appeals import appeal_decision
from feedback.actions.comments import edit_comment
from feedback.actions.moderation import ask_to_edit, escalate_comment, publish_comment
from feedback.admin.desk.queue import counts
from feedback.models import Comment, DeskItem
from feedback.models.desk import Reason
from tests.builders import hide, make_comment, make_moderator, seen, staff_client
from tests.desk import at_the_desk, decide, make_staff, page_of, report, text_of, wait
from tests.programme_builders import make_measure, make_programme

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/"

PHONE = "Call me on +7 701 123-45-67 about the school."


@pytest.fixture
def measure():
    return make_measure(make_programme(measures=0, moderation="before"))


@pytest.fixture
def moderator():
    return at_the_desk()


def queue(browser, query: str = "") -> list[str]:
    """The texts of the queue, in order."""
    page = browser.get(f"{QUEUE}{query}").content.decode()
    return [html.unescape(text) for text in re.findall(r'<h2><a href="[^"]*"><span lang="\w+">([^<]*)', page)]


def report_comment_of_waiting(comment: Comment) -> None:
    publish_comment(comment, by=make_moderator(), **seen(comment))
    report(comment)
    edit_comment(comment, by=comment.author, text=f"{PHONE} Again.", language="en")
    DeskItem.objects.filter(pk=comment.pk).update(pending=True)


def test_the_queue_shows_what_waits_the_riskiest_first(measure, moderator):
    make_comment(measure, text="The first one.")
    report(make_comment(make_measure(), text="The reported one."), 2)
    make_comment(make_measure(), text="Nothing is wrong with this one.")
    assert queue(moderator) == ["The reported one.", "The first one."]
    assert queue(moderator, "?sort=oldest") == ["The first one.", "The reported one."]


def test_each_reason_has_its_view(measure, moderator):
    senior = make_staff("senior-moderator")
    make_comment(measure, text="pending")
    report(make_comment(make_measure(), text="reported"))
    hidden = hide(make_comment(make_measure(), text="appealed"))
    appeal_decision(hidden.hiding_decision, by=hidden.author, text="No.")
    edited = make_comment(measure, text="before")
    publish_comment(edited, by=senior, **seen(edited))
    edit_comment(edited, by=edited.author, text="edited", language="en")
    passed_on = make_comment(make_measure(), text="escalated")
    escalate_comment(passed_on, by=senior, **seen(passed_on))
    make_comment(make_measure(), text="signalled: " + PHONE)
    late = make_comment(measure, text="overdue")
    wait(late, 25)
    found = {reason.value: queue(moderator, f"?reason={reason.value}") for reason in Reason}
    masked = "signalled: Call me on +* *** ***-**-** about the school."
    assert found == {
        "pending": ["overdue", "pending"],
        "reported": ["reported"],
        "appealed": ["appealed"],
        "edited": ["edited"],
        "escalated": ["escalated"],
        "signalled": [masked],
        "overdue": ["overdue"],
    }
    assert counts() == {
        "waiting": 7, "pending": 2, "reported": 1, "appealed": 1, "edited": 1, "escalated": 1, "signalled": 1,
        "overdue": 1,
    }  # fmt: skip


def test_filters_narrow_the_queue_and_stand_in_its_address(measure, moderator):
    other = make_measure(make_programme(slug="other-programme", measures=0, moderation="before"))
    make_comment(measure, text="In Kazakh.", language="kk")
    make_comment(other, text="In English.")
    report(make_comment(make_measure(), text="Reported thrice."), 3)
    report(make_comment(make_measure(), text="Reported once."), 1, "hatred")
    wait(DeskItem.objects.get(comment__latest__text="In English.").comment, 7)
    assert queue(moderator, f"?measure={measure.slug}") == ["In Kazakh."]
    assert queue(moderator, f"?principle={other.principle.slug}") == ["In English."]
    assert queue(moderator, "?language=kk") == ["In Kazakh."]
    assert queue(moderator, "?rule=hatred") == ["Reported once."]
    assert queue(moderator, "?reports=2") == ["Reported thrice."]
    assert queue(moderator, "?age=6") == ["In English."]
    assert queue(moderator, "?reason=reported&rule=spam&language=en&reports=3") == ["Reported thrice."]
    page = moderator.get(f"{QUEUE}?reason=pending&language=kk").content.decode()
    assert re.findall(r'<p class="applied"><a href="([^"]*)".*?<a href="([^"]*)"', page) == [
        ("/admin/moderation/?language=kk", "/admin/moderation/?reason=pending")
    ]


@pytest.mark.parametrize(
    "query", ["?reason=x", "?reports=-1", "?age=99999999999999999999", "?language=xx", "?measure=nothing", "?sort=%00"]
)
def test_an_address_that_names_nothing_is_no_fault(moderator, query):
    assert moderator.get(f"{QUEUE}{query}").status_code in {200, 400}


@pytest.mark.parametrize("after", ["x", "5~x~y", "5~2026-01-01T00:00:00+00:00~x", "~~", "-1~2026-01-01~x"])
@pytest.mark.parametrize("sort", ["riskiest", "oldest"])
def test_a_place_that_is_none_is_a_404(moderator, after, sort):
    assert moderator.get(QUEUE, {"after": after, "sort": sort}).status_code == 404


@pytest.mark.parametrize("sort", ["riskiest", "oldest"])
def test_pages_of_the_queue_hold_everything_once(measure, moderator, monkeypatch, sort):
    monkeypatch.setattr("feedback.admin.desk.view.PER_PAGE", 3)
    made = [make_comment(measure, text=f"Number {number}.") for number in range(8)]
    for number, comment in enumerate(made):
        DeskItem.objects.filter(pk=comment.pk).update(risk=number % 3)
    since = timezone.now() - timedelta(hours=1)
    DeskItem.objects.filter(pk__in=[comment.pk for comment in made[:4]]).update(since=since)
    pages, query = [], f"?sort={sort}"
    while query:
        pages.append(queue(moderator, query))
        found = re.search(r'rel="next" href="/admin/moderation/([^"]*)"', moderator.get(QUEUE + query).content.decode())
        query = html.unescape(found[1]) if found else ""
    assert [len(page) for page in pages] == [3, 3, 2]
    assert len({text for page in pages for text in page}) == 8


def test_what_its_author_was_asked_to_edit_is_not_shown_before_its_time(measure, moderator):
    comment = make_comment(measure)
    ask_to_edit(comment, by=make_moderator(), explanation="Please name nobody.", **seen(comment))
    assert queue(moderator) == []
    assert counts()["waiting"] == 0


def test_personal_data_is_masked_in_the_queue_and_shown_on_the_item_s_page_when_asked(measure, moderator):
    comment = make_comment(measure, text=PHONE)
    masked = "Call me on +* *** ***-**-** about the school."
    assert queue(moderator) == [masked]
    page = text_of(moderator.get(page_of(comment)))
    assert (masked in page, PHONE in page) == (True, False)
    assert PHONE in text_of(moderator.get(page_of(comment, "?reveal=1")))


def test_the_home_of_the_admin_says_how_much_waits(measure, moderator):
    make_comment(measure)
    report(make_comment(make_measure()))
    page = text_of(moderator.get("/admin/"))
    assert "Moderation desk Waiting 2 New 1 Reported 1 Appealed 0 Edited 0 Passed on 0" in page


def test_counts_stop_at_a_thousand(measure, moderator, monkeypatch):
    monkeypatch.setattr("feedback.admin.desk.queue.MOST_COUNTED", 2)
    for _ in range(4):
        make_comment(measure)
    assert counts()["waiting"] == 3
    assert "Waiting over 2 New over 2 Reported 0" in text_of(moderator.get("/admin/"))


def test_the_queue_costs_at_most_twelve_queries_however_much_waits(measure, moderator, django_assert_num_queries):
    def fill(number: int) -> None:
        for _ in range(number):
            comment = make_comment(measure, text=PHONE)
            report_comment_of_waiting(comment)

    fill(1)
    moderator.get(QUEUE)
    for further in (29, 0):
        with django_assert_num_queries(11):
            moderator.get(f"{QUEUE}?reason=pending&rule=spam&reports=1&language=en")
        fill(further)


@pytest.mark.parametrize("role", ["editor", "analyst"])
def test_the_desk_is_for_those_who_decide(measure, role):
    comment = make_comment(measure)
    browser = at_the_desk(role)
    assert {browser.get(page).status_code for page in (QUEUE, page_of(comment), f"{QUEUE}appeals/")} == {403}
    assert decide(browser, comment, "publish").status_code == 403
    assert "Moderation desk" not in text_of(browser.get("/admin/"))


def test_the_desk_speaks_the_staff_member_s_language(measure):
    comment = make_comment(measure)
    for language, words in (("kk", "Модерация кезегі"), ("ru", "Очередь модерации")):
        browser = staff_client(make_staff(language=language))
        assert words in text_of(browser.get(QUEUE))
        assert f'<html lang="{language}"' in browser.get(page_of(comment)).content.decode()
