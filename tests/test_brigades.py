"""Groups of alike comments from new accounts: found soon, shown to staff, and nothing done to them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.actions.brigades import group_alike, group_short
from feedback.actions.departure import delete_account
from feedback.actions.due import do_due_work
from feedback.ledger.sequencer import sequence
from feedback.models import Brigade, BrigadeComment, Comment, Tally
from feedback.results.brigades import tallies_apart
from tests.builders import make_comment, make_moderator, make_participant, rate_as, staff_client
from tests.programme_builders import make_measure

pytestmark = pytest.mark.django_db
TEXT = (
    "Honourable commission, people of our district firmly oppose this expensive road project and demand immediate "
    "repairs of village schools, clinics and water pipes instead, number {}."
)
LISTED = "/admin/feedback/brigade/"


def brigade(measure, number: int, *, value: int = 1) -> list:
    """New accounts with nearly the same text and the same rating."""
    people = [make_participant() for _ in range(number)]
    for place, person in enumerate(people):
        make_comment(measure, by=person, text=TEXT.format(place))
        rate_as(person, measure, value)
    return people


def old_account():
    person = make_participant()
    person.user.date_joined = timezone.now() - timedelta(days=30)
    person.user.save()
    return person


def test_alike_comments_of_new_accounts_are_one_group_and_stay_as_they_are():
    measure = make_measure()
    brigade(measure, 12)
    make_comment(measure, text="A thought of my own about lanterns in the streets of our small town at night, please.")
    states = list(Comment.objects.order_by("pk").values_list("pk", "state"))
    do_due_work()
    found = Brigade.objects.get()
    assert (found.measure, found.accounts, found.members.count()) == (measure, 12, 12)
    assert found.since == min(Comment.objects.filter(in_brigade__brigade=found).values_list("created_at", flat=True))
    assert list(Comment.objects.order_by("pk").values_list("pk", "state")) == states


SHORT = "Schools first, not this road"


def short_ones(measure, number: int) -> None:
    for place in range(number):
        make_comment(measure, by=make_participant(), text=(SHORT.upper() + "!!!", f"{SHORT}.")[place % 2])


def test_short_comments_that_say_the_same_are_a_group_where_many_new_accounts_wrote_them():
    measure, other = make_measure(), make_measure()
    short_ones(measure, 12)
    short_ones(other, 9)
    make_comment(measure, text="Roads first, not this school")
    for _ in range(12):
        make_comment(measure, by=make_participant(), text="I support this")
    for _ in range(12):
        make_comment(measure, by=old_account(), text=SHORT)
    do_due_work()
    found = Brigade.objects.get()
    assert (found.measure, found.accounts, found.members.count()) == (measure, 12, 12)
    assert set(Comment.objects.values_list("state", flat=True)) == {"published"}
    assert Comment.objects.filter(signals__kind="duplicate").count() == 0


def test_later_short_ones_join_their_group_and_no_look_comes_of_old_ones():
    measure = make_measure()
    short_ones(measure, 10)
    do_due_work()
    short_ones(measure, 5)
    do_due_work()
    assert Brigade.objects.get().accounts == 15
    with CaptureQueriesContext(connection) as queries:
        group_short(timezone.now() + timedelta(hours=1))
    assert len(queries) == 1


def test_later_ones_join_and_the_search_reads_nothing_twice():
    measure = make_measure()
    brigade(measure, 6)
    do_due_work()
    brigade(measure, 6)
    do_due_work()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert not group_alike(timezone.now())
    assert (Brigade.objects.get().accounts, len(queries)) == (12, 2)


def test_no_group_comes_of_old_accounts_one_author_or_another_measure():
    measure, other = make_measure(), make_measure()
    for person in (old_account(), old_account()):
        make_comment(measure, by=person, text=TEXT.format(1))
    same = make_participant()
    for place in range(2):
        make_comment(other, by=same, text=TEXT.format(place))
    do_due_work()
    assert BrigadeComment.objects.count() == 0


def test_the_tally_stands_with_and_without_the_group_in_whole_tens():
    measure = make_measure()
    brigade(measure, 12, value=1)
    for value in [5] * 9 + [4] * 9:
        rate_as(make_participant(), measure, value)
    do_due_work()
    sequence()
    assert Tally.objects.get().counts == [12, 0, 0, 9, 9]
    [apart] = tallies_apart(Brigade.objects.get())
    assert (apart.whole, apart.group, apart.rest) == ([12, 0, 0, 9, 9], [10, 0, 0, 0, 0], [2, 0, 0, 9, 9])


def test_a_group_with_fewer_than_ten_ratings_in_the_results_is_not_shown_apart():
    measure = make_measure()
    brigade(measure, 9, value=1)
    for _ in range(11):
        rate_as(make_participant(), measure, 5)
    do_due_work()
    sequence()
    [apart] = tallies_apart(Brigade.objects.get())
    assert (apart.group, apart.rest, sum(apart.whole)) == (None, None, 20)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_staff_see_who_what_is_alike_since_when_and_both_tallies(language):
    measure = make_measure()
    people = brigade(measure, 10)
    for _ in range(10):
        rate_as(make_participant(), measure, 4)
    do_due_work()
    sequence()
    browser = staff_client(make_moderator(language=language))
    found = Brigade.objects.get()
    listed, page = (browser.get(f"{LISTED}{path}") for path in ("", f"{found.pk}/change/"))
    html = page.content.decode()
    assert (listed.status_code, page.status_code) == (200, 200)
    assert f"{LISTED}{found.pk}/change/" in listed.content.decode()
    assert [person.user.display_name in html for person in people] == [True] * 10
    assert [person.user.email for person in people if person.user.email in html] == []
    assert html.count("firmly oppose") == 10
    assert f'<th scope="row">4 – support 4 ({language})</th>' in html
    cells = "<td>10 (50%)</td><td>10 (100%)</td><td>0 (0%)</td>"
    assert (cells in html, "<td>10 (50%)</td><td>0 (0%)</td><td>10 (100%)</td>" in html) == (True, True)


def test_a_group_of_few_is_not_listed():
    brigade(make_measure(), 4)
    do_due_work()
    page = staff_client(make_moderator()).get(LISTED).content.decode()
    assert (Brigade.objects.get().accounts, f"{Brigade.objects.get().pk}/change/" in page) == (4, False)


def test_an_erased_comment_leaves_its_group():
    people = brigade(make_measure(), 6)
    do_due_work()
    delete_account(people[0].user, erase_comments=True)
    assert BrigadeComment.objects.count() == 5


def test_groups_are_kept_for_a_year():
    brigade(make_measure(), 6)
    do_due_work()
    Brigade.objects.update(latest=datetime(2025, 1, 1, tzinfo=UTC))
    call_command("keep_within_periods", verbosity=0)
    assert (Brigade.objects.count(), BrigadeComment.objects.count(), Comment.objects.count()) == (0, 0, 6)
