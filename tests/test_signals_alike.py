"""Texts that are alike, bursts from new accounts, and words of the staff's list."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import hide_comment
from feedback.models import Comment, Signal, TextPrint, WatchWord
from feedback.signals.prints import MOST_CANDIDATES, distance, nearest, print_of, print_row
from tests.builders import make_comment, make_moderator, make_participant, make_rule, seen
from tests.programme_builders import make_measure, make_programme
from tests.test_signals import signals_of

LONG = (
    "Ауылдағы мектептің төбесі үшінші жыл қатарынан ағып тұр, балалар суық сыныпта отыр, "
    "ал жөндеуге бөлінген қаражаттың қайда кеткенін ешкім айтып бере алмайды"
)
OTHER = (
    "Дорогу между райцентром и трассой ремонтируют каждую весну, а к осени она снова разбита, "
    "потому что грузовики везут щебень мимо весового контроля прямо через посёлок"
)


@pytest.mark.django_db
def test_nearly_the_same_text_is_noted_with_the_comment_that_it_is_like():
    measure = make_measure()
    first = make_comment(measure, text=LONG)
    make_comment(measure, text=OTHER)
    again = make_comment(make_measure(), text=f"{LONG.upper().replace(',', ' -')}!!!")
    assert [(signal.kind, signal.other) for signal in again.signals.filter(kind="duplicate")] == [("duplicate", first)]
    assert list(first.signals.all()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["I support this measure.", "Бұл шараны толық қолдаймын, өте дұрыс шешім."])
def test_short_texts_are_alike_by_chance_and_not_compared(text):
    measure = make_measure()
    make_comment(measure, text=text)
    assert signals_of(make_comment(measure, text=text)) == []
    assert TextPrint.objects.count() == 0


@pytest.mark.django_db
def test_an_edited_comment_is_not_like_itself_and_is_found_by_its_latest_text():
    author, measure = make_participant(), make_measure()
    comment = make_comment(measure, by=author, text=LONG)
    edit_comment(comment, by=author, text=f"{LONG}.")
    assert signals_of(comment) == []
    edit_comment(comment, by=author, text=OTHER)
    assert signals_of(make_comment(measure, text=LONG)) == []
    assert [signal.other for signal in make_comment(measure, text=OTHER).signals.all()] == [comment]
    edit_comment(comment, by=author, text="Short now.")
    assert TextPrint.objects.filter(comment=comment).count() == 0


@pytest.mark.django_db
def test_a_hidden_text_that_comes_again_is_found():
    measure = make_measure()
    comment = make_comment(measure, text=LONG)
    hide_comment(comment, by=make_moderator(), rule=make_rule(), explanation="It is spam.", **seen(comment))
    assert [signal.other for signal in make_comment(measure, text=LONG).signals.all()] == [comment]


@pytest.mark.django_db
def test_nothing_is_compared_with_what_was_withdrawn_or_erased():
    measure, author, leaver = make_measure(), make_participant(), make_participant()
    withdraw_comment(make_comment(measure, by=author, text=LONG), by=author)
    make_comment(measure, by=leaver, text=OTHER + " 8 701 123 45 67")
    delete_account(leaver.user, erase_comments=True)
    assert (TextPrint.objects.count(), Signal.objects.count()) == (0, 0)
    assert [signals_of(make_comment(measure, text=text)) for text in (LONG, OTHER)] == [[], []]


@pytest.mark.django_db
def test_a_changed_word_keeps_a_text_near_and_another_text_is_far():
    value = print_of(LONG)
    assert distance(value, print_of(LONG.replace("суық", "салқын"))) <= 8
    assert distance(value, print_of(OTHER)) > 16
    assert -(2**63) <= value < 2**63


@pytest.mark.django_db
def test_only_a_bounded_number_of_prints_is_read_however_many_are_alike():
    measure = make_measure()
    value = print_of(LONG)
    comments = [
        Comment(measure=measure, edition=1, moderation="published", language="kk") for _ in range(MOST_CANDIDATES * 5)
    ]
    Comment.objects.bulk_create(comments)
    TextPrint.objects.bulk_create(print_row(value, comment=comment) for comment in comments)
    with CaptureQueriesContext(connection) as queries:
        assert nearest(value) is not None
    sql = queries[0]["sql"]
    assert (len(queries), sql.count(f"LIMIT {MOST_CANDIDATES}"), sql.count("band_")) == (1, 4, 4)
    plan = explain(sql)
    assert [f"text_print_band_{n}" in plan for n in range(1, 5)] == [True] * 4
    assert "SCAN feedback_textprint" not in plan


def explain(sql: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the table is small
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {sql}")
        return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


@pytest.mark.django_db
def test_a_burst_from_new_accounts_is_noted_from_the_fifth_on():
    measure = make_measure()
    kinds = [signals_of(make_comment(measure, by=make_participant(), text=f"Number {n}.")) for n in range(6)]
    assert kinds == [[], [], [], [], [(1, "burst", "5")], [(1, "burst", "6")]]


@pytest.mark.django_db
def test_a_burst_is_of_new_accounts_about_one_measure_within_minutes():
    measure, old = make_measure(), timezone.now() - timedelta(days=2)
    for n in range(4):
        make_comment(measure, text=f"Number {n}.")
    assert signals_of(make_comment(make_measure(), text="Elsewhere.")) == []
    assert signals_of(make_comment(measure, by=make_participant(date_joined=old), text="An old account.")) == []
    same = make_participant()
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert [signals_of(make_comment(measure, by=same, text=f"{n} by one.")) for n in range(6)] == [[]] * 6


@pytest.mark.django_db
def test_when_a_consultation_opens_everybody_is_new():
    measure = make_measure(make_programme(measures=0, opens_at=timezone.now() - timedelta(hours=1)))
    assert [signals_of(make_comment(measure, text=f"Number {n}.")) for n in range(6)] == [[]] * 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "word", "text", "found"),
    [
        ("ru", "взятка", "Без взяток ничего не решить.", True),
        ("ru", "взятка", "ВЗЯТКИ берут все", True),
        ("ru", "взятка", "Мы взяли кредит.", False),
        ("kk", "пара", "Параларды тоқтатыңыздар, мектепке пара бермейміз.", True),
        ("kk", "ұры", "Ұрылар көбейіп кетті.", True),
        ("kk", "ұры", "Ұрпақ үшін керек.", False),
        ("en", "bribe", "Everybody takes bribes here.", True),
        ("en", "bribe", "The bride is late.", False),
        ("ru", "липовая справка", "Там продают липовые справки.", True),
        ("ru", "липовая справка", "Справка тут не липовая.", False),
        ("ru", "липовая справка", "Ол жерде липовая справка деп жазылған.", True),
    ],
)
def test_a_watched_word_is_found_in_its_endings_in_texts_of_every_language(language, word, text, found):
    WatchWord.objects.create(language=language, word=word)
    comment = make_comment(make_measure(), text=text)
    assert signals_of(comment) == ([(1, "word", word)] if found else [])
