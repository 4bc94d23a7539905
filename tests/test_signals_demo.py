"""The desk equals the facts: after everything that actions do, and after the demo."""

from collections import Counter

import pytest
from django.utils import timezone

from feedback.actions.appeals import appeal_decision
from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.desk_facts import wrong_items
from feedback.actions.moderation import ask_to_edit, escalate_comment, keep_comment
from feedback.actions.reactions import report_comment
from feedback.demo.desk import fill_desk
from feedback.models import Comment, DeskItem, Signal, TextPrint
from feedback.signals.detect import detect
from feedback.signals.prints import print_of
from principles.models import Programme
from tests.builders import hide, make_comment, make_moderator, make_participant, make_rule, seen
from tests.demo import make_demo
from tests.programme_builders import make_measure, make_programme
from tests.test_make_demo import programme  # noqa: F401 - a fixture


def make_everything() -> None:
    """A comment for each way to the desk and from it."""
    measure, moderator, author, leaver = make_measure(), make_moderator(), make_participant(), make_participant()
    first = make_measure(make_programme("careful", measures=0, moderation="before"))
    make_comment(measure, by=author)
    make_comment(first, by=author)
    make_comment(measure, by=author, text="ИИН 900101100004")
    edit_comment(make_comment(measure, by=author), by=author, text="ИИН 900101100004")
    for _ in range(2):
        report_comment(make_comment(measure, by=author, text="Call 8 701 123 45 67."), by=leaver, rule=make_rule())
    kept = Comment.objects.filter(reports__isnull=False).first()
    keep_comment(kept, by=moderator, **seen(kept))
    hidden = hide(make_comment(measure, by=author), by=moderator)
    appeal_decision(hidden.hiding_decision, by=author, text="It is no advertisement.")
    asked, escalated = make_comment(measure, by=author), make_comment(measure, by=author)
    ask_to_edit(asked, by=moderator, explanation="Please shorten it.", **seen(asked))
    escalate_comment(escalated, by=moderator, **seen(escalated))
    withdraw_comment(make_comment(first, by=author), by=author)
    make_comment(first, by=leaver)
    delete_account(leaver.user, erase_comments=True)


@pytest.mark.django_db
def test_whatever_happens_the_desk_has_what_the_facts_say():
    make_everything()
    assert DeskItem.objects.count() == 6
    assert wrong_items() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda: DeskItem.objects.all()[:1].get().delete(),
        lambda: DeskItem.objects.filter(pending=True).update(risk=7),
        lambda: DeskItem.objects.create(
            comment=make_comment(make_measure()),
            measure=make_measure(),
            language="en",
            edited=True,
            since=timezone.now(),
            due_at=timezone.now(),
        ),
    ],
    ids=["missing", "another risk", "too many"],
)
def test_a_desk_that_differs_from_the_facts_is_found(spoil):
    make_comment(make_measure(), text="ИИН 900101100004")
    spoil()
    assert len(wrong_items()) == 1


@pytest.mark.django_db
def test_the_demo_s_desk_has_what_waits_with_the_signals_of_its_texts(programme):  # noqa: F811
    make_demo(comments=300, ratings=0)
    assert wrong_items() == []
    reasons = Counter(
        reason for item in DeskItem.objects.all() for reason in ("pending", "reports") if getattr(item, reason)
    )
    assert (reasons["pending"] > 0, reasons["reports"] > 0) == (True, True)
    for comment in Comment.objects.filter(desk_item__isnull=False).select_related("latest"):
        noted = list(comment.signals.exclude(kind="duplicate").values_list("kind", "detail"))
        assert noted == detect(comment.latest.text)
        has_print = TextPrint.objects.filter(comment=comment).exists()
        assert has_print == (print_of(comment.latest.text) is not None)
    held = Comment.objects.filter(state="pending")
    assert list(held.values_list("signals__kind", flat=True)) == ["iin"] * held.count()


@pytest.mark.django_db
def test_what_waits_is_noted_alike_by_actions_and_by_the_demo():
    make_everything()
    waiting = Comment.objects.filter(desk_item__isnull=False, withdrawn_at=None)
    report_comment(waiting.filter(state="published").first(), by=make_participant(), rule=make_rule())
    rows = ("comment", "version", "kind", "detail", "other")
    keys = [*Comment.objects.filter(state="pending").values_list("pk", flat=True)]
    before = set(Signal.objects.filter(comment__in=keys).values_list(*rows))
    Signal.objects.all().delete()
    TextPrint.objects.all().delete()
    DeskItem.objects.all().delete()
    for each in Programme.objects.all():
        fill_desk(each)
    assert set(Signal.objects.filter(comment__in=keys).values_list(*rows)) == before
