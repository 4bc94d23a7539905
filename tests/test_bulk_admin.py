"""Deciding about many comments in the admin: from the list to the preview, to the decision, to its progress."""

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone
from zeal import zeal_ignore

from feedback.actions.bulk import STALLED_AFTER, advance_bulk, preview_bulk
from feedback.actions.comments import withdraw_comment
from feedback.actions.roles import sync_roles
from feedback.models import BulkDecision, Comment, Decision, SavedExplanation
from principles.models import LANGUAGES
from tests.builders import make_comment, make_moderator, make_rule, staff_client
from tests.programme_builders import make_measure
from tests.test_bulk import TEXTS, make_comments, make_many, make_staff
from tests.test_bulk_work import underway

LIST = reverse("admin:feedback_comment_changelist")


@pytest.fixture
def moderator():
    sync_roles()
    return make_staff("moderator", language="en")


def saved_explanation(code: str = "spam", **fields) -> SavedExplanation:
    texts = {f"text_{language}": TEXTS[language] for language in LANGUAGES}
    return SavedExplanation.objects.create(rule=make_rule(code), **{"name_en": "Advertising"} | texts | fields)


def send(client, action: str, *comments: Comment, query: str = ""):
    return client.post(f"{LIST}{query}", {"action": action, ACTION_CHECKBOX_NAME: [comment.pk for comment in comments]})


def confirm(client, bulk: BulkDecision, **values):
    """Send the form of a preview. Each decision locks and reads a comment of its own, which is no N+1 by mistake."""
    with zeal_ignore():
        return client.post(page_of(bulk, "decide"), values)


def page_of(bulk: BulkDecision, name: str) -> str:
    return reverse(f"admin:feedback_bulkdecision_{name}", args=[bulk.pk])


@pytest.mark.django_db
def test_selected_comments_are_previewed_and_then_decided_about_under_one_rule(moderator):
    first, second, other = make_comments(3)
    client, saved = staff_client(moderator), saved_explanation()
    answer = send(client, "decide_selected", first, second)
    bulk = BulkDecision.objects.get()
    assert (answer.url, bulk.total, Decision.objects.count()) == (page_of(bulk, "decide"), 2, 0)
    answer = confirm(client, bulk, action="hide", saved=saved.pk)
    assert answer.url == page_of(bulk, "change")
    assert list(Comment.objects.filter(state="hidden")) == list(Comment.objects.filter(pk__in=[first.pk, second.pk]))
    decision = Decision.objects.filter(comment=first).get()
    assert (decision.rule_version.rule.code, decision.explanation.text) == ("spam", TEXTS["en"])
    other.refresh_from_db()
    assert other.state == "published"


@pytest.mark.django_db
def test_all_that_match_the_filters_are_taken_without_a_tick_or_a_script(moderator):
    measure = make_measure()
    russian = [make_comment(measure, language="ru") for _ in range(3)]
    make_comment(measure, language="en")
    send(staff_client(moderator), "decide_matching", query="?language__exact=ru")
    assert set(BulkDecision.objects.get().targets.values_list("comment", flat=True)) == {one.pk for one in russian}


@pytest.mark.django_db
def test_the_preview_shows_how_many_and_a_sample_without_what_is_personal(moderator):
    measure = make_measure()
    make_many(measure, 59)
    make_comment(measure, text="Call 8 701 123 45 67.", language="en")
    client = staff_client(moderator)
    send(client, "decide_matching")
    page = client.get(page_of(BulkDecision.objects.get(), "decide"))
    text = page.content.decode()
    assert [len(page.context["sample"]), page.context["states"]] == [20, [("published", 60)]]
    assert ("Call * *** *** ** **." in text, "8 701" in text) == (True, False)
    assert 'value="Decide about 60 comments"' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"action"}),
        ({"action": "hide"}, {"rule"}),
        ({"action": "hide", "rule": "spam"}, {"__all__"}),
        ({"action": "hide", "rule": "hatred", "saved": "spam"}, {"saved"}),
        ({"action": "hide", "rule": "spam", "text_en": "x" * 2001}, {"text_en"}),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(moderator, values, fields):
    make_comments(1)
    saved = saved_explanation()
    keys = {"spam": saved.rule_id, "hatred": make_rule("hatred").pk}
    values = values | ({"rule": keys[values["rule"]]} if "rule" in values else {})
    values = values | ({"saved": saved.pk} if "saved" in values else {})
    client = staff_client(moderator)
    send(client, "decide_matching")
    page = client.post(page_of(BulkDecision.objects.get(), "decide"), values | {"text_kk": "Менің мәтінім."})
    assert (page.status_code, set(page.context["form"].errors)) == (422, fields)
    assert "Менің мәтінім." in page.content.decode()
    assert Decision.objects.count() == 0


@pytest.mark.django_db
def test_a_text_of_ones_own_goes_before_the_saved_one(moderator):
    measure = make_measure()
    comments = [make_comment(measure, language=language) for language in ("ru", "en")]
    client = staff_client(moderator)
    send(client, "decide_matching")
    bulk = BulkDecision.objects.get()
    confirm(client, bulk, action="hide", saved=saved_explanation().pk, text_ru="Это объявление о продаже.")
    assert [comment.decisions.get().explanation.text for comment in comments] == [
        "Это объявление о продаже.",
        TEXTS["en"],
    ]


@pytest.mark.django_db
def test_more_than_a_hundred_are_refused_to_a_moderator_and_nothing_is_written(moderator):
    make_many(make_measure(), 101)
    client = staff_client(moderator)
    page = client.post(LIST, {"action": "decide_matching"}, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Decisions about more than 100 comments at once are for senior moderators."
    ]
    assert BulkDecision.objects.count() == 0


@pytest.mark.django_db
def test_the_page_of_progress_says_how_far_it_is_and_reloads_until_it_is_finished(moderator):
    bulk = underway(make_comments(4))
    advance_bulk(bulk.pk, most=3)
    client = staff_client(moderator)
    text = client.get(page_of(bulk, "change")).content.decode()
    assert re.findall(r"<progress[^>]*>|data-under-way|http-equiv=\"refresh\"", text) == [
        'http-equiv="refresh"',
        "data-under-way",
        '<progress max="4" value="3">',
    ]
    advance_bulk(bulk.pk)
    text = client.get(page_of(bulk, "change")).content.decode()
    assert re.findall(r"<progress[^>]*>|data-under-way|http-equiv=\"refresh\"", text) == [
        '<progress max="4" value="4">'
    ]


@pytest.mark.django_db
def test_what_was_refused_is_listed_with_the_reason(moderator):
    comments = make_comments(2)
    bulk = underway(comments)
    withdraw_comment(comments[0], by=comments[0].author)
    advance_bulk(bulk.pk)
    page = staff_client(moderator).get(page_of(bulk, "change"))
    assert [(target.comment, target.message) for target, _text in page.context["refused"]] == [
        (comments[0], "This comment can no longer be changed in this way.")
    ]


@pytest.mark.django_db
def test_what_was_stopped_goes_on_by_a_button_and_what_moves_does_not_need_it(moderator):
    bulk = underway(make_comments(2))
    client = staff_client(moderator)
    assert client.get(page_of(bulk, "change")).context["stalled"] is False
    client.post(page_of(bulk, "continue"))
    assert Decision.objects.count() == 0
    BulkDecision.objects.update(moved_at=timezone.now() - STALLED_AFTER * 2)
    assert client.get(page_of(bulk, "change")).context["stalled"] is True
    with zeal_ignore():
        client.post(page_of(bulk, "continue"))
    assert Decision.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["editor", "analyst"])
def test_others_of_the_staff_are_neither_offered_nor_given_it(role):
    sync_roles()
    client = staff_client(make_staff(role))
    comments = make_comments(1)
    bulk = preview_bulk(Comment.objects.all(), by=make_moderator())
    page = client.get(LIST)
    assert {"decide_selected", "decide_matching"} & set(
        dict(page.context["cl"].model_admin.get_actions(page.wsgi_request))
    ) == set()
    send(client, "decide_selected", *comments)
    assert BulkDecision.objects.count() == 1
    assert [client.get(page_of(bulk, name)).status_code for name in ("decide", "change")] == [403, 403]
    assert client.post(page_of(bulk, "continue")).status_code == 403


@pytest.mark.django_db
def test_another_s_preview_is_nobody_else_s_page(moderator):
    make_comments(1)
    bulk = preview_bulk(Comment.objects.all(), by=make_moderator())
    assert staff_client(moderator).get(page_of(bulk, "decide")).status_code == 403


@pytest.mark.django_db
def test_the_pages_cost_the_same_for_two_and_for_sixty_comments(django_assert_max_num_queries):
    client = staff_client(make_moderator())
    for number in (2, 60):
        make_many(make_measure(), number)
        with django_assert_max_num_queries(30):
            send(client, "decide_matching")
        bulk = BulkDecision.objects.first()
        with django_assert_max_num_queries(13):
            client.get(page_of(bulk, "decide"))
        BulkDecision.objects.filter(pk=bulk.pk).update(
            action="keep", confirmed_at=timezone.now(), moved_at=timezone.now()
        )
        bulk.targets.update(outcome="refused", message="Too late.")
        with django_assert_max_num_queries(8):
            client.get(page_of(bulk, "change"))
        with django_assert_max_num_queries(8):
            client.get(reverse("admin:feedback_bulkdecision_changelist"))
