"""Signals of comments: what is noted with each version, what holds a text until staff have looked, who learns of it."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from feedback.actions.comments import edit_comment, submit_comment
from feedback.actions.moderation import publish_comment
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import Comment, DeskItem, LedgerEntry, OutboxEntry, Signal
from tests.builders import make_comment, make_moderator, make_participant, seen, signed_in
from tests.programme_builders import make_measure

LONG = (
    "Ауылдағы мектептің төбесі үшінші жыл қатарынан ағып тұр, балалар суық сыныпта отыр, "
    "ал жөндеуге бөлінген қаражаттың қайда кеткенін ешкім айтып бере алмайды"
)
WITH_IIN = "Менің ЖСН-ім 900101100004, жәрдемақы әлі түскен жоқ."


def signals_of(comment) -> list[tuple[int, str, str]]:
    return list(comment.signals.values_list("version", "kind", "detail"))


@pytest.mark.django_db
def test_a_new_comment_is_noted_with_what_it_contains_and_stays_public():
    comment = make_comment(make_measure(), text="Call 8 701 123 45 67 or see www.gov.kz.")
    assert signals_of(comment) == [(1, "phone", "***4567"), (1, "link", "gov.kz")]
    assert comment.state == "published"
    item = DeskItem.objects.get()
    assert (item.signalled, item.pending, item.risk) == (True, False, 60)


@pytest.mark.django_db
def test_a_comment_with_nothing_to_note_is_not_on_the_desk():
    comment = make_comment(make_measure(), text="A new school is needed in 2024.")
    assert (signals_of(comment), DeskItem.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_each_version_has_signals_of_its_own():
    author = make_participant()
    comment = make_comment(make_measure(), by=author, text="Write to asan@mail.kz.")
    edit_comment(comment, by=author, text="Write to the ministry.", language="en")
    assert signals_of(comment) == [(1, "email", "***@mail.kz")]
    assert DeskItem.objects.count() == 0
    edit_comment(comment, by=author, text="Write to 8 701 123 45 67.", language="en")
    assert signals_of(comment) == [(1, "email", "***@mail.kz"), (3, "phone", "***4567")]
    assert DeskItem.objects.get().risk == 50


@pytest.mark.django_db
def test_a_comment_with_an_identification_number_waits_where_others_are_published_at_once():
    comment = make_comment(make_measure(), text=WITH_IIN)
    assert (comment.state, comment.shown) == ("pending", None)
    assert list(Comment.objects.public()) == []
    item = DeskItem.objects.get()
    assert (item.pending, item.risk) == (True, 100)
    sequence()
    leaf = json.loads(LedgerEntry.objects.get(kind="comment").leaf)
    assert leaf["moderation"] == "pending"
    assert recount() == []


@pytest.mark.django_db
def test_an_edit_with_an_identification_number_waits_and_the_earlier_text_stays():
    author = make_participant()
    comment = make_comment(make_measure(), by=author, text="The benefit has not come.")
    edited = edit_comment(comment, by=author, text=WITH_IIN)
    assert (edited.state, edited.has_waiting_edit, edited.shown.text) == (
        "published",
        True,
        "The benefit has not come.",
    )
    sequence()
    leaf = json.loads(LedgerEntry.objects.get(kind="comment_edited").leaf)
    assert leaf["moderation"] == "pending"
    assert (DeskItem.objects.get().edited, recount()) == (True, [])


@pytest.mark.django_db
def test_what_staff_publish_all_the_same_stays_public():
    comment = make_comment(make_measure(), text=WITH_IIN)
    publish_comment(comment, by=make_moderator(), **seen(comment))
    comment.refresh_from_db()
    assert (comment.state, DeskItem.objects.count()) == ("published", 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kinds", "state"), [({"phone"}, "pending"), ({"iin", "link"}, "published"), (set(), "published")]
)
def test_a_setting_says_what_holds_a_comment(settings, kinds, state):
    settings.HOLD_SIGNALS = frozenset(kinds)
    assert make_comment(make_measure(), text="Call 8 701 123 45 67.").state == state


@pytest.mark.django_db
def test_a_reply_that_waits_is_not_counted():
    parent = make_comment(make_measure())
    make_comment(parent.measure, parent=parent, text=WITH_IIN)
    parent.refresh_from_db()
    assert parent.reply_count == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("kk", "Мәтініңіз портал қызметкерлерінің қарауын күтіп тұр: онда жеке сәйкестендіру нөмірі (ЖСН) бар сияқты."),
        (
            "ru",
            "Ваш текст ждёт проверки сотрудниками: в нём, похоже, есть индивидуальный идентификационный номер (ИИН).",
        ),
        ("en", "Your text waits for the staff: it seems to contain an identification number (IIN)."),
    ],
)
def test_the_author_is_told_why_a_comment_waits(language, said):
    measure, client = make_measure(), signed_in(make_participant(language=language))
    address = f"/{language}/measures/{measure.slug}/comments/"
    page = client.post(address, {"text": WITH_IIN, "edition": 1, "token": ""}, follow=True)
    assert [message.message.endswith(said) for message in page.context["messages"]] == [True]


@pytest.mark.django_db
def test_the_author_is_told_why_an_edit_waits_and_what_everybody_sees_meanwhile():
    author = make_participant()
    comment = make_comment(make_measure(), by=author)
    address = f"/en/measures/{comment.measure.slug}/comments/{comment.pk}/edit/"
    page = signed_in(author).post(address, {"text": WITH_IIN, "edition": 1}, follow=True)
    assert [message.message for message in page.context["messages"]] == [
        "Your change is in; until it is published, everybody sees the earlier text. "
        "Your text waits for the staff: it seems to contain an identification number (IIN)."
    ]


@pytest.mark.django_db
def test_of_others_texts_and_the_staff_s_words_the_author_is_told_nothing(settings):
    settings.HOLD_SIGNALS = frozenset({"duplicate", "word"})
    measure, client = make_measure(), signed_in(make_participant())
    make_comment(measure, text=LONG)
    page = client.post(f"/en/measures/{measure.slug}/comments/", {"text": LONG, "edition": 1}, follow=True)
    assert [message.message for message in page.context["messages"]] == [
        "Thank you. Your comment is in; until it is published, only you see it. "
        "Your text waits for the staff, who look at some texts before they are published."
    ]


@pytest.mark.django_db
def test_signals_are_nowhere_in_what_readers_and_the_author_get():
    author = make_participant()
    measure = make_measure()
    other = make_comment(measure, text=LONG)
    comment = make_comment(measure, by=author, text=LONG)
    assert comment.signals.get().other == other
    for address in (comment.get_absolute_url(), measure.get_absolute_url(), "/en/profile/"):
        page = signed_in(author).get(address).content.decode()
        assert [word in page for word in ("nearly the same text", "duplicate", "***")] == [False] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "queries"),
    [("A new school is needed here.", 13), (LONG, 15), (WITH_IIN, 12)],
    ids=["short", "long", "held"],
)
def test_submitting_asks_little_of_the_database(django_assert_num_queries, text, queries):
    measure, author = make_measure(), make_participant(date_joined=timezone.now() - timedelta(days=9))
    make_comment(measure, by=author, text="The first one.")
    measure.refresh_from_db()
    with django_assert_num_queries(queries):
        submit_comment(author, measure=measure.slug, edition=1, text=text, language="kk")


@pytest.mark.django_db
def test_no_comment_is_there_without_its_signals_whatever_stops_the_writer():
    measure = make_measure()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE feedback_signal ADD CONSTRAINT no_more CHECK (kind <> 'link') NOT VALID")
        else:
            cursor.execute(
                "CREATE TEMP TRIGGER no_more BEFORE INSERT ON feedback_signal BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_comment(measure, text="Look at https://example.org/ now.")
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER no_more")
    assert (Comment.objects.count(), Signal.objects.count(), OutboxEntry.objects.filter(kind="comment").count()) == (
        0,
        0,
        0,
    )
