"""What has its time is deleted when it is up, and nothing else is."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from feedback.actions.tokens import make_token
from feedback.limits import WINDOW
from feedback.management.commands.run_sequencer import KEEP_SUBMISSIONS, PRUNE_EVERY
from feedback.models import ApiToken, Brigade, Comment, Notice, RequestCount, Submission
from feedback.safekeeping.periods import PERIODS, overdue, told_counts, told_periods
from portal.accounts.models import CachedValue, User
from portal.accounts.shared_cache import LONGEST
from tests.builders import make_comment, make_participant, make_user, rate_as, signed_in
from tests.desk import text_of
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
BACK = timedelta(minutes=1)


def fill(age: dict[str, timedelta]) -> None:
    """One row of each kind, as old as `age` says."""
    now = timezone.now()
    person = make_participant()
    signed_in(person)
    Session.objects.update(expire_date=now - age["sessions"])
    RequestCount.objects.create(key=str(person.pk), ends_at=now - age["requests"])
    Submission.objects.create(participant=person, route="x", key="x", digest="x", created_at=now - age["submissions"])
    unproved = make_user()
    EmailAddress.objects.filter(user=unproved).update(verified=False)
    User.objects.filter(pk=unproved.pk).update(date_joined=now - age["unproved accounts"])
    token = make_token(person.user, name="x", scope="read")[0]
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=now - age["tokens"])
    Notice.objects.create(participant=person, kind="answer", read_at=now - age["notices"])
    CachedValue.objects.create(key=str(person.pk), value="1", expires_at=(now - age["attempts"]).timestamp())
    latest = now - age["groups"]
    Brigade.objects.create(measure=make_measure(), simhash=0, accounts=5, since=latest, latest=latest)


def keep() -> dict[str, int]:
    out = StringIO()
    call_command("keep_within_periods", stdout=out)
    return {part.split(": ")[0]: int(part.split(": ")[1]) for part in out.getvalue().strip().rstrip(".").split(", ")}


def test_each_kind_of_row_goes_when_its_period_is_over_and_not_before():
    fill({period.name: period.keep - BACK for period in PERIODS})
    assert keep() == {period.name: 0 for period in PERIODS}
    fill({period.name: period.keep + BACK for period in PERIODS} | {"sessions": BACK})
    found = overdue()
    assert found == {period.name: int(period.name != "mail") for period in PERIODS} | {"sessions": found["sessions"]}
    assert (found["sessions"] > 0, keep()) == (True, found)
    assert set(overdue().values()) == {0}


def test_contributions_and_accounts_in_use_are_kept_however_old():
    measure, person = make_measure(), make_participant()
    make_comment(measure, by=person)
    rate_as(person, measure, 3)
    User.objects.update(date_joined=timezone.now() - timedelta(days=4000))
    EmailAddress.objects.update(verified=False)
    keep()
    assert (User.objects.filter(participant=person).count(), Comment.objects.count()) == (1, 1)


def test_the_privacy_page_tells_the_periods_that_the_command_keeps(client):
    told = {language: text_of(client.get(f"/{language}/privacy/")) for language in ("kk", "ru", "en")}
    for language, text in told.items():
        with override(language):
            told_lines = [*told_counts().splitlines(), *told_periods().splitlines()]
            missing = [line for line in told_lines if line.removeprefix("- ") not in text]
        assert len(told_lines) == len(PERIODS)
        assert (language, missing, "{" in text) == (language, [], False)
    assert "Tokens that were revoked: after 90 days" in told["en"]
    assert "Sessions that have ended: the next night" in told["en"]
    assert "Counts of attempts to sign in or register: 1 hour 15 minutes" in told["en"]


def test_no_count_lives_longer_than_is_told():
    told = {period.name: period.at_most for period in PERIODS}
    assert 2 * timedelta(seconds=WINDOW) + PRUNE_EVERY <= told["requests"]
    assert timedelta(seconds=LONGEST) + PRUNE_EVERY <= told["attempts"]
    assert told["submissions"] >= KEEP_SUBMISSIONS + PRUNE_EVERY
