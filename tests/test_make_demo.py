"""What a demo consultation shows: states, texts, names, numbers."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from feedback.demo.bank import load_bank, stream
from feedback.demo.words import Subject, Writer
from feedback.ledger.recount import recount
from feedback.models import (
    Comment,
    CommentVersion,
    CommentWords,
    Decision,
    DecisionExplanation,
    Rating,
    Report,
    Tally,
)
from feedback.models.comment import State
from feedback.text import detect_language
from portal.accounts.models import Region
from portal.accounts.names import clean_display_name
from principles.models import LANGUAGES, Programme
from tests.demo import hot_measure, make_demo
from tests.programme_builders import load_fair_kazakhstan, make_programme


@pytest.fixture
def programme(db) -> Programme:
    call_command("load_regions", verbosity=0, stdout=StringIO())
    call_command("load_rules", stdout=StringIO())
    return load_fair_kazakhstan()


def test_a_small_demo_shows_every_state(programme):
    make_demo()
    states = set(Comment.objects.values_list("state", flat=True))
    assert states == set(State)
    assert Comment.objects.filter(edited_at__isnull=False).exists()
    assert Comment.objects.filter(reply_count__gt=0).exists()
    assert Report.objects.filter(handled_at=None).exists()
    assert set(Comment.objects.values_list("language", flat=True)) == set(LANGUAGES)
    assert set(Comment.objects.values_list("stance", flat=True)) == {"", "for", "against", "neutral"}
    assert DecisionExplanation.objects.count() == Decision.objects.filter(action="hide").count() > 0


def test_comments_wait_where_the_programme_moderates_first(programme):
    Programme.objects.update(moderation="before")
    make_demo()
    assert recount() == []
    assert set(Comment.objects.values_list("state", flat=True)) == set(State.values)
    published = Comment.objects.filter(moderation="published")
    assert published.filter(decisions__action="publish").distinct().count() == published.count()


def test_edits_come_after_the_quiet_minutes_and_both_versions_stay_readable(programme):
    make_demo(comments=200)
    for comment in Comment.objects.filter(edited_at__isnull=False).prefetch_related("versions"):
        assert comment.edited_at - comment.created_at > timedelta(minutes=15)
        assert len(comment.versions.all()) == 2


def test_texts_are_in_their_language(programme):
    make_demo(comments=300, ratings=0)
    versions = list(CommentVersion.objects.filter(number=1))
    right = sum(detect_language(version.text) == version.language for version in versions)
    assert right / len(versions) >= 0.9


def test_the_bank_has_at_least_forty_phrases_per_language_and_fills_them_all(programme):
    bank = load_bank()
    for language in LANGUAGES:
        assert sum(map(len, bank["phrases"][language].values())) >= 40
    assert {*bank["regions"]} == {*Region.objects.values_list("code", flat=True)}
    make_demo(comments=400, ratings=0)
    assert not CommentVersion.objects.filter(text__regex="[{}]").exists()
    assert not [text for text in CommentVersion.objects.values_list("text", flat=True) if len(text) > 1600]


def test_texts_need_neither_area_nor_region(db):
    measure = make_programme(measures=1).principles.first().measures.with_wording().get()
    measure.area = None
    writer = Writer(stream("test"))
    for language in LANGUAGES:
        for _ in range(50):
            text = writer.comment(Subject.of(measure), language=language, region="", stance="for")
            assert text
            assert "()" not in text


def test_display_names_are_such_as_people_may_choose(programme):
    make_demo(participants=400, comments=0, ratings=0)
    for name in get_user_model().objects.values_list("display_name", flat=True).distinct():
        assert clean_display_name(name) == name


def test_ratings_differ_by_measure_and_one_measure_is_hot(programme):
    make_demo(participants=300, comments=0, ratings=5000)
    rated = Counter(Rating.objects.values_list("edition__measure", flat=True))
    assert 0.08 <= rated.most_common(1)[0][1] / 5000 <= 0.12
    medians = {tally.median for tally in Tally.objects.filter(question__slug="support", seq__isnull=False)}
    assert len(medians) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hot_measure_and_its_comments_render(programme, language):
    make_demo()
    page = Client().get(f"/{language}/measures/{hot_measure().slug}/")
    assert page.status_code == 200


def test_comments_of_a_demo_are_found_by_search(programme):
    make_demo()
    assert set(CommentWords.objects.values_list("comment", flat=True)) == set(
        Comment.objects.visible().values_list("pk", flat=True)
    )
