"""When a demo is made, when it refuses, and what it leaves to those who come after."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from feedback.actions.departure import delete_account
from feedback.actions.moderation import hide_comment
from feedback.demo.consultation import Size, make_consultation
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import (
    Comment,
    CommentVersion,
    CommentVote,
    Decision,
    LedgerEntry,
    Participant,
    Rating,
    Report,
    Rule,
)
from principles.models import Programme
from tests.builders import make_comment, make_moderator, make_participant, rate_as
from tests.demo import hot_measure, make_demo, until
from tests.programme_builders import load_fair_kazakhstan, make_programme


@pytest.fixture
def programme(db) -> Programme:
    call_command("load_regions", verbosity=0, stdout=StringIO())
    call_command("load_rules", stdout=StringIO())
    return load_fair_kazakhstan()


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


def test_nobody_can_sign_in_as_a_demo_participant_or_moderator(programme):
    make_demo()
    users = list(get_user_model().objects.all())
    assert len(users) == 31
    assert [user for user in users if user.has_usable_password() or user.is_staff] == []
    assert [user for user in users if not user.email.endswith("@demo.invalid")] == []


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
