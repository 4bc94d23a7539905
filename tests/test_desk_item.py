"""An item of the moderation desk: opened and held by one at a time, decided on its page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from feedback.actions.appeals import appeal_decision
from feedback.actions.comments import edit_comment
from feedback.actions.departure import delete_account
from feedback.actions.desk import add_note
from feedback.actions.moderation import keep_comment
from feedback.models import Decision, DeskItem, SavedExplanation, StaffNote
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen
from tests.desk import at_the_desk, chain, decide, page_of, report, text_of, wait
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


def test_an_item_s_page_costs_the_same_whatever_hangs_on_it(measure, moderator, django_assert_num_queries):
    author = make_participant()
    parent = make_comment(make_measure(), by=author)
    comment = make_comment(parent.measure, by=author, parent=parent, text=PHONE)
    make_comment(measure, by=author)

    def fill(number: int) -> None:
        for _ in range(number):
            report(comment)
            keep_comment(comment, by=make_moderator(), explanation="Fine.", **seen(comment))
            report(comment)
            edit_comment(comment, by=author, text=f"{PHONE} {timezone.now()}", language="en")
            add_note(comment, by=make_moderator(), text="A note.")
            make_comment(parent.measure, by=author)
            SavedExplanation.objects.create(rule=make_rule(), name="Shop", text="It advertises.")

    moderator.get(page_of(comment))
    fill(1)
    for further in (5, 0):
        with django_assert_num_queries(24):
            moderator.get(page_of(comment))
        fill(further)


def test_an_item_shows_what_stands_beside_it(moderator):
    author = make_participant(display_name="Aigul")
    target = make_measure(title="More schools")
    parent = make_comment(target, text="The parent's words.")
    hide(make_comment(target, by=author, text="An earlier one."))
    comment = make_comment(target, by=author, parent=parent, text="The words themselves.")
    report(comment)
    keep_comment(comment, by=make_moderator(display_name="Saule"), explanation="It is fair.", **seen(comment))
    report(comment, rule="hatred")
    add_note(comment, by=make_moderator(display_name="Marat"), text="Known from before.")
    page = text_of(moderator.get(page_of(comment)))
    for words in (
        "More schools (en)", "The parent's words.", "The words themselves.", "Aigul", "published 1 hidden 1",
        "An earlier one.", "spam in en", "hatred in en", "Leave as it is", "Saule", "It is fair.", "Known from before.",
    ):  # fmt: skip
        assert words in page


def test_opening_an_item_holds_it_for_ten_minutes_and_others_see_who(measure):
    comment = make_comment(measure)
    first, second = at_the_desk(display_name="Saule"), at_the_desk(display_name="Marat")
    first.get(page_of(comment))
    page = text_of(second.get(page_of(comment)))
    assert re.search(r"Saule has this item open and holds it until \d", page)
    assert "held by Saule until" in text_of(second.get(QUEUE))
    assert "held by you" in text_of(first.get(QUEUE))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert "has this item open" not in text_of(second.get(page_of(comment)))


def test_what_somebody_else_holds_is_decided_only_after_taking_it_over(measure):
    comment = make_comment(measure)
    first, second = at_the_desk(display_name="Saule"), at_the_desk()
    first.get(page_of(comment))
    rule = make_rule()
    refused = decide(second, comment, "hide", rule=rule.code, explanation="Typed with care.")
    assert (refused.status_code, chain(comment)) == (409, [])
    assert "Saule holds this item until" in text_of(refused)
    assert "Typed with care." in text_of(refused)
    taken = decide(second, comment, "take-over", rule=rule.code, explanation="Typed with care.")
    assert (taken.status_code, "Typed with care." in text_of(taken)) == (200, True)
    assert decide(second, comment, "hide", rule=rule.code, explanation="Typed with care.").status_code == 302
    assert chain(comment) == [("hide", "pending", "hidden")]


def test_who_may_only_look_at_an_item_keeps_nobody_from_deciding(measure):
    comment = make_comment(measure)
    hide(comment)
    appeal_decision(comment.hiding_decision, by=comment.author, text="It was an example.")
    at_the_desk().get(page_of(comment))
    assert not DeskItem.objects.get().is_held
    at_the_desk(role="senior-moderator").get(page_of(comment))
    assert DeskItem.objects.get().is_held


@pytest.mark.parametrize("act", ["release", "skip"])
def test_leaving_lets_go_of_an_item(measure, act):
    comment = make_comment(measure)
    browser = at_the_desk()
    browser.get(page_of(comment))
    assert DeskItem.objects.get().is_held
    assert decide(browser, comment, act).status_code == 302
    assert not DeskItem.objects.get().is_held


def test_after_a_decision_the_next_free_item_of_the_same_view_opens(measure, moderator):
    comments = [make_comment(measure, text=f"Number {number}.") for number in range(4)]
    kazakh = make_comment(measure, language="kk", text="Төртінші.")
    for age, comment in zip((9, 8, 7, 6, 5), [comments[0], kazakh, *comments[1:]], strict=True):
        wait(comment, age)
    at_the_desk().get(page_of(comments[1]))  # somebody else holds it
    query = "?sort=oldest&language=en"
    assert decide(moderator, comments[0], "publish", query=query)["Location"] == page_of(comments[2], query)
    assert decide(moderator, comments[2], "skip", query=query)["Location"] == page_of(comments[3], query)
    last = decide(moderator, comments[3], "publish", query=query, follow=True)
    assert last.redirect_chain == [(f"{QUEUE}{query}", 302)]
    assert "That was the last item of this view." in text_of(last)


def test_a_stale_decision_is_refused_with_who_decided_what_and_keeps_everything_typed(moderator):
    comment = make_comment(make_measure())
    what = seen(comment)
    hide(comment, by=make_moderator(display_name="Saule"))
    typed = {
        "rule": make_rule().code,
        "explanation": "Typed with care.",
        "phrases": "school",
        "after": what["after"] or "",
    }
    answer = decide(moderator, comment, "ask", **typed)
    page = text_of(answer)
    assert answer.status_code == 409
    assert re.search(r"What changed meanwhile .*\xa0· Saule: hide \xa0· spam in en", page)
    assert "Saule has decided meanwhile" in page
    assert "Typed with care." in page
    assert ("\nschool</textarea>" in answer.content.decode(), 'value="spam" selected' in answer.content.decode()) == (
        True,
        True,
    )
    assert [action for action, _start, _end in chain(comment)] == ["hide"]


def test_a_decision_about_an_edited_text_is_refused_with_the_words_that_changed(moderator):
    comment = make_comment(make_measure(), text="A new school is needed.")
    edit_comment(comment, by=comment.author, text="A new hospital is needed.", language="en")
    answer = decide(moderator, comment, "hide", rule=make_rule().code, explanation="Why.", version=1)
    assert answer.status_code == 409
    assert "A new <del>school</del><ins>hospital</ins> is needed." in answer.content.decode()
    again = re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]
    assert decide(moderator, comment, "hide", rule="spam", explanation="Why.", version=again).status_code == 302


@pytest.mark.parametrize(
    ("act", "typed", "complaint"),
    [
        ("hide", {"explanation": "Why."}, "This decision needs a rule."),
        ("hide", {"rule": "spam"}, "This decision needs an explanation for the author."),
        ("redact", {"rule": "spam", "explanation": "Why."}, "Mark what to remove."),
        ("redact", {"rule": "spam", "explanation": "Why.", "phrases": "nowhere"}, "does not stand in the comment"),
        ("demand", {"explanation": "Why."}, "Name the authority that demands it."),
        ("hide", {"rule": "nothing", "explanation": "Why."}, "Select a valid choice."),
        ("nonsense", {}, "Please press one of the buttons."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(act, typed, complaint):
    make_rule()
    comment = make_comment(make_measure())
    answer = decide(at_the_desk("senior-moderator"), comment, act, **typed)
    assert (answer.status_code, chain(comment)) == (422, [])
    assert complaint in text_of(answer)
    assert typed.get("explanation", "") in text_of(answer)


def test_a_saved_explanation_fills_the_form_in_the_author_s_language(moderator):
    rule = make_rule()
    texts = {"text_kk": "Жарнама.", "text_ru": "Реклама.", "text_en": "An advertisement."}
    saved = SavedExplanation.objects.create(rule=rule, name="Shop", **texts)
    comment = make_comment(make_measure(), by=make_participant(language="ru"))
    answer = decide(moderator, comment, "fill", saved=saved.pk, phrases="school")
    page = answer.content.decode()
    assert (answer.status_code, ">\nРеклама.</textarea>" in page) == (200, True)
    assert ('value="spam" selected' in page, "school</textarea>" in page) == (True, True)
    assert "The author gets the message in: Russian." in text_of(answer)


def test_a_redaction_can_be_looked_at_before_it_is_made(moderator):
    comment = make_comment(make_measure(), text=PHONE)
    answer = decide(moderator, comment, "preview", phrases="the school", personal="on")
    assert "So the public would read it: Call me on ▮▮▮ about ▮▮▮." in text_of(answer)
    assert chain(comment) == []


def test_personal_data_is_removed_without_being_looked_at(moderator):
    comment = make_comment(make_measure(), text=f"{PHONE} Or write to aigul@example.kz.")
    decide(moderator, comment, "redact", rule=make_rule("privacy").code, explanation="A number.", personal="on")
    comment.refresh_from_db()
    assert comment.shown.text == "Call me on ▮▮▮ about the school. Or write to ▮▮▮."


def test_a_decision_can_be_undone_from_the_next_page_for_thirty_seconds(measure, moderator):
    comment, following = make_comment(measure, text="The first."), make_comment(measure, text="The next.")
    wait(comment, 2)
    answer = decide(moderator, comment, "publish", follow=True)
    assert answer.redirect_chain == [(page_of(following), 302)]
    assert "You decided: publish. The first. Undo" in text_of(answer)
    address = reverse("desk:undo", args=[Decision.objects.get().pk])
    back = moderator.post(address, follow=True)
    assert back.redirect_chain == [(page_of(comment), 302)]
    assert "The decision is undone." in text_of(back)
    assert "You decided:" not in text_of(back)
    assert chain(comment) == [("publish", "pending", "published"), ("undo", "published", "pending")]


def test_undoing_too_late_or_by_another_says_so(measure, moderator):
    comment = make_comment(measure)
    decide(moderator, comment, "publish")
    address = reverse("desk:undo", args=[Decision.objects.get().pk])
    assert "can no longer be undone" in text_of(at_the_desk().post(address, follow=True))
    with time_machine.travel(timezone.now() + timedelta(seconds=40)):
        assert "You decided:" not in text_of(moderator.get(QUEUE))
        assert "can no longer be undone" in text_of(moderator.post(address, follow=True))


@pytest.mark.parametrize(
    ("role", "state", "buttons"),
    [
        ("moderator", "pending", ["publish", "hide", "redact", "ask", "escalate"]),
        ("senior-moderator", "pending", ["publish", "hide", "redact", "ask", "escalate", "demand"]),
        ("moderator", "published", ["keep", "hide", "redact", "ask", "escalate"]),
        ("moderator", "hidden", []),
        ("senior-moderator", "hidden", ["publish"]),
        ("moderator", "appealed", []),
        ("senior-moderator", "appealed", ["uphold", "reverse"]),
    ],
)
def test_buttons_are_those_that_the_table_allows(measure, role, state, buttons):
    comment = make_comment(measure) if state == "pending" else make_comment(make_measure())
    if state in {"hidden", "appealed"}:
        hide(comment)
    if state == "appealed":
        appeal_decision(comment.hiding_decision, by=comment.author, text="No.")
    page = at_the_desk(role).get(page_of(comment)).content.decode()
    shown = re.findall(r'name="act" value="([\w-]+)"', page)
    assert [act for act in shown if act in Decision.Action.values] == buttons


def test_a_note_is_for_the_staff_alone(measure, moderator, client):
    comment = make_comment(make_measure())
    moderator.post(reverse("desk:note", args=[comment.pk]), {"text": "Known from before."})
    assert "Known from before." in text_of(moderator.get(page_of(comment)))
    assert "Known from before." not in text_of(client.get(f"/en{comment.get_absolute_url()[3:]}"))


def test_a_note_that_is_too_long_comes_back_whole(moderator):
    comment, text = make_comment(make_measure()), "Long. " * 400
    answer = moderator.post(reverse("desk:note", args=[comment.pk]), {"text": text})
    assert (answer.status_code, text.strip() in text_of(answer)) == (422, True)
    assert StaffNote.objects.count() == 0


def test_a_comment_that_is_erased_shows_nothing_and_takes_no_decision(moderator):
    comment = make_comment(make_measure(), text="Gone for good.")
    delete_account(comment.author.user, erase_comments=True)
    answer = moderator.get(page_of(comment))
    assert (answer.status_code, "Gone for good." in text_of(answer)) == (200, False)
    assert decide(moderator, comment, "hide", rule=make_rule().code, explanation="Why.").status_code == 409
