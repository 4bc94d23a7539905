"""A demo consultation is believable, repeatable, provable, and keeps away from real people."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from feedback.actions.departure import delete_account
from feedback.actions.moderation import hide_comment
from feedback.demo import leaves
from feedback.demo.bank import load_bank, stream
from feedback.demo.consultation import Size, make_consultation
from feedback.demo.words import Subject, Writer
from feedback.ledger import leaves as proper
from feedback.ledger.canonical import canonical, comment_commitment
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import (
    Comment,
    CommentVersion,
    CommentVote,
    CommentWords,
    Decision,
    DecisionExplanation,
    LedgerEntry,
    OutboxEntry,
    Participant,
    Rating,
    Report,
    Rule,
    Tally,
)
from feedback.models.comment import State
from feedback.text import clean_text, detect_language
from portal.accounts.models import Region
from portal.accounts.names import clean_display_name
from principles.models import LANGUAGES, Measure, Programme
from tests.builders import make_comment, make_moderator, make_participant, rate_as
from tests.programme_builders import load_fair_kazakhstan, make_programme

UNTIL = "2026-11-23T07:00:00Z"


@pytest.fixture
def programme(db) -> Programme:
    call_command("load_regions", verbosity=0, stdout=StringIO())
    call_command("load_rules", stdout=StringIO())
    return load_fair_kazakhstan()


def make_demo(**options) -> str:
    """What the command printed."""
    out = StringIO()
    small = {"participants": 30, "comments": 60, "ratings": 300, "seed": 1, "until": until(), "stderr": StringIO()}
    call_command("make_demo", stdout=out, **small | options)
    return out.getvalue()


def until() -> datetime:
    """An end that is past on every machine's clock."""
    return min(datetime.fromisoformat(UNTIL), timezone.now() - timedelta(hours=1)).astimezone(UTC)


def hot_measure() -> Measure:
    """The one that most is said about."""
    return Counter(comment.measure for comment in Comment.objects.select_related("measure")).most_common(1)[0][0]


def contents() -> dict[str, list]:
    """Everything that the seed decides, without the keys that a database gives by itself."""
    return {
        "people": list(
            Participant.objects.order_by("pseudonym").values_list(
                "pseudonym", "user__display_name", "user__region__code", "user__age_band", "user__date_joined"
            )
        ),
        "ratings": list(
            Rating.objects.order_by("who").values_list(
                "who", "participant__pseudonym", "value", "released_value", "region", "created_at", "changed_at"
            )
        ),
        "comments": list(
            Comment.objects.order_by("id").values_list(
                "id", "parent", "author__pseudonym", "state", "created_at", "edited_at", "agree_count"
            )
        ),
        "versions": list(
            CommentVersion.objects.order_by("commitment").values_list("commitment", "text", "salt", "public")
        ),
        "votes": list(
            CommentVote.objects.order_by("comment", "participant__pseudonym").values_list(
                "comment", "participant__pseudonym", "value"
            )
        ),
        "reports": list(Report.objects.order_by("comment", "created_at").values_list("comment", "note", "created_at")),
        "ledger": list(
            LedgerEntry.objects.exclude(kind__in=["edition", "programme_opened"])
            .order_by("seq")
            .values_list("seq", "leaf")
        ),
    }


def test_every_number_of_a_demo_is_made_and_equals_its_recount(programme):
    printed = make_demo()
    assert recount() == []
    assert (Participant.objects.count(), Comment.objects.count(), Rating.objects.count()) == (30, 60, 300)
    assert OutboxEntry.objects.count() == 0
    assert "Every kept number equals its recount." in printed
    assert re.search("30 participants, 300 ratings, 60 comments", printed)


def test_every_number_equals_its_recount_where_ratings_were_changed(programme):
    make_demo(participants=200, comments=5, ratings=4000)
    assert recount() == []
    assert LedgerEntry.objects.filter(kind="tally_released", leaf__contains='"pool":"change"').exists()
    assert Rating.objects.filter(waiting=True, released_once=True).exists()


def test_the_same_seed_gives_the_same_contents_and_another_seed_others(programme):
    made = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            make_demo(seed=seed)
            made.append(contents())
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert made[0]["ledger"] != made[2]["ledger"]


def test_an_interrupted_demo_leaves_nothing_behind(programme):
    def interrupt(written):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_consultation(Size(30, 60, 300), seed=1, until=until(), programme=None, tell=interrupt)
    assert (Participant.objects.count(), Comment.objects.count(), Rating.objects.count()) == (0, 0, 0)
    assert recount() == []
    make_demo()


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


def test_commitments_and_texts_are_what_actions_would_have_written(programme):
    make_demo()
    for version in CommentVersion.objects.select_related("comment__author"):
        author = version.comment.author.pseudonym
        assert clean_text(version.text) == version.text
        assert version.commitment == comment_commitment(
            text=version.text,
            author=author,
            language=version.language,
            stance=version.stance,
            salt=version.salt,
        )


def test_the_ledger_runs_in_order_of_time(programme):
    make_demo()
    hours = [
        re.search('"hour":"(.*?)"', leaf)[1]
        for leaf in LedgerEntry.objects.exclude(kind__in=["edition", "programme_opened"])
        .order_by("seq")
        .values_list("leaf", flat=True)
    ]
    assert hours == sorted(hours)
    assert hours[-1] <= until().strftime("%Y-%m-%dT%HZ")


def test_leaves_by_template_are_those_of_the_ledger(programme):
    make_demo(participants=200, ratings=4000)
    at = timezone.now()
    names = {"programme": programme.slug, "hour": proper.hour(at)}
    tally = Tally.objects.select_related("question", "edition__measure__principle__programme").first()
    rating = Rating.objects.filter(question=tally.question, edition=tally.edition).first()
    names |= {"measure": tally.edition.measure.slug, "question": tally.question.slug, "edition": tally.edition.number}
    for rating.value in (4, None):
        line = leaves.rating_line(who=rating.who.hex, value=rating.value, **names)
        assert line.leaf == canonical(proper.rating_leaf(rating, at))
    line = leaves.tally_line(pool="change", counts=[1, 0, 22, 3, 4], **names)
    assert line.leaf == canonical(proper.tally_released_leaf(tally, pool="change", counts=[1, 0, 22, 3, 4], at=at))


def test_leaves_of_comments_by_template_are_those_of_the_ledger(programme):
    make_demo()
    at = timezone.now()
    comment = Comment.objects.exclude(parent=None).select_related("measure", "latest").filter(withdrawn_at=None)[0]
    decision = Decision.objects.filter(action="hide").select_related("rule_version__rule", "comment__measure").first()
    proper.record_comment(comment, comment.latest, edited=True, moderation="pending", count_to="", at=at)
    proper.record_departure(comment, kind="comment_withdrawn", count_from="published", at=at)
    proper.record_decision(decision, decision.comment, count_from="", count_to="")
    names = {"programme": programme.slug, "measure": comment.measure.slug, "id_": str(comment.pk)}
    written = [
        leaves.comment_line(
            edition=comment.edition,
            parent=str(comment.parent_id),
            channel=comment.channel,
            moderation="pending",
            commitment=comment.latest.commitment,
            hour=proper.hour(at),
            edited=True,
            **names,
        ),
        leaves.departure_line(kind="comment_withdrawn", hour=proper.hour(at), **names),
        leaves.decision_line(
            programme=programme.slug,
            measure=decision.comment.measure.slug,
            id_=str(decision.comment_id),
            version=decision.commitment,
            to="hidden",
            rule=decision.rule_version.rule.code,
            decision=decision.pk,
            role=decision.role,
            hour=proper.hour(decision.created_at),
        ),
    ]
    outbox = OutboxEntry.objects.order_by("pk").values_list("kind", "measure", "key", "leaf")
    assert [tuple(line) for line in written] == list(outbox)


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


def test_nobody_can_sign_in_as_a_demo_participant_or_moderator(programme):
    make_demo()
    users = list(get_user_model().objects.all())
    assert len(users) == 31
    assert [user for user in users if user.has_usable_password() or user.is_staff] == []
    assert [user for user in users if not user.email.endswith("@demo.invalid")] == []


def test_ratings_differ_by_measure_and_one_measure_is_hot(programme):
    make_demo(participants=300, comments=0, ratings=5000)
    rated = Counter(Rating.objects.values_list("edition__measure", flat=True))
    assert 0.08 <= rated.most_common(1)[0][1] / 5000 <= 0.12
    medians = {tally.median for tally in Tally.objects.filter(question__slug="support", seq__isnull=False)}
    assert len(medians) > 1


def test_life_goes_on_after_a_demo(programme):
    make_demo()
    measure, person = hot_measure(), make_participant()
    rate_as(person, measure, 5)
    comment = make_comment(measure, by=person)
    hide_comment(
        comment,
        by=make_moderator(),
        version=1,
        after=None,
        rule=Rule.objects.in_force().first(),
        explanation="It breaks the rule.",
    )
    delete_account(Participant.objects.first().user, erase_comments=True)
    sequence()
    assert recount() == []
    assert Decision.objects.filter(comment=comment).exists()


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


def test_a_demo_refuses_where_there_is_a_real_participant(programme):
    make_participant()
    with pytest.raises(CommandError, match="There are real participants here"):
        make_demo()
    assert (Comment.objects.count(), Rating.objects.count()) == (0, 0)


def test_a_demo_refuses_where_there_is_a_former_participant(programme):
    delete_account(make_participant().user, erase_comments=True)
    with pytest.raises(CommandError, match="There are real participants here"):
        make_demo()


def test_a_demo_refuses_to_be_made_twice_and_fills_another_programme(programme):
    make_demo()
    with pytest.raises(CommandError, match="“fair-kazakhstan” has comments or ratings already"):
        make_demo()
    make_programme(slug="other", measures=3)
    make_demo(programme="other", ratings=100)
    assert Participant.objects.count() == 60
    assert recount() == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"programme": "unheard-of"}, "There is no programme “unheard-of”"),
        ({"ratings": 2000}, "30 participants can give at most 1980 ratings"),
        ({"participants": 0, "ratings": 0}, "Comments need participants"),
        ({"comments": -1}, "count from 0"),
        ({"until": datetime(2100, 1, 1, tzinfo=UTC)}, "must be open"),
    ],
)
def test_a_demo_refuses_what_cannot_be(programme, options, reason):
    with pytest.raises(CommandError, match=reason):
        make_demo(**options)
    assert Participant.objects.count() == 0


def test_a_demo_refuses_where_no_programme_regions_or_rules_are_loaded(db):
    with pytest.raises(CommandError, match="run load_programme"):
        make_demo()
    load_fair_kazakhstan()
    with pytest.raises(CommandError, match="run load_regions"):
        make_demo()
    call_command("load_regions", verbosity=0, stdout=StringIO())
    with pytest.raises(CommandError, match="run load_rules"):
        make_demo()


def test_a_demo_refuses_where_the_consultation_is_closed(programme):
    Programme.objects.update(closes_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(CommandError, match="must be open"):
        make_demo()


@pytest.mark.postgresql
def test_keys_that_the_database_gives_follow_those_given_by_hand(programme):
    make_demo()
    for model in (get_user_model(), Participant, CommentVersion, Decision):
        last = model.objects.order_by("pk").last().pk
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
            assert cursor.fetchone()[0] == last + 1
