"""Breakdowns from ratings to pages, API and files: what they count, what they leave out, and when they move."""

import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from feedback.actions.departure import delete_account
from feedback.actions.rating import rate
from feedback.ledger.sequencer import sequence
from feedback.models import Breakdown, CountedParticipant, Participant, Rating, Tally
from feedback.results.breakdowns import cut_breakdowns
from feedback.results.measure import measure_results
from feedback.results.people import cut_people
from feedback.results.unshown import Unshown
from principles.models import Measure, Programme
from tests.builders import make_user, rate_as
from tests.programme_builders import make_programme

pytestmark = pytest.mark.django_db
NOT_GIVEN = {"region": "", "age_band": "", "gender": ""}


def rate_by(number: int, value: int, measure: Measure, *, question: str = "support", channel: str = "web", **given):
    """`number` new people of these groups who all give `value`; returns their participants."""
    people = [Participant.objects.create() for _ in range(number)]
    for person in people:
        rate(
            person,
            measure=measure.slug,
            question=question,
            edition=1,
            value=value,
            channel=channel,
            given=NOT_GIVEN | given,
        )
    return people


def one_measure() -> Measure:
    return make_programme(measures=1, questions=("support",)).principles.get().measures.get()


def night(measure: Measure) -> None:
    sequence()
    cut_breakdowns(measure.principle.programme, timezone.now())


def rows(dimension: str) -> dict:
    """Group → (people, counts) of the one measure's table."""
    table = Breakdown.objects.get(dimension=dimension, question__isnull=False)
    return {row["group"]: (row["n"], row["counts"]) for row in table.rows}


def test_a_breakdown_counts_released_ratings_by_group_and_hides_small_groups_together():
    measure = one_measure()
    for gender, number, value in (("female", 12, 5), ("female", 11, 2), ("male", 10, 5), ("male", 13, 2)):
        rate_by(number, value, measure, gender=gender)
    rate_by(4, 5, measure, gender="other")
    sequence()
    rate_by(9, 1, measure, gender="female")  # they wait
    night(measure)
    table = Breakdown.objects.get(dimension="gender")
    # Four people alone would follow from the total, so the smallest group stands with them.
    assert rows("gender") == {"male": (23, [0, 13, 0, 0, 10])}
    assert (table.n, table.total, table.rest) == (50, [0, 24, 0, 0, 26], {"n": 27, "counts": [0, 11, 0, 0, 16]})
    assert table.seq == Tally.objects.get().seq


def test_people_count_as_what_they_were_when_they_rated():
    measure = one_measure()
    women = [make_user(gender="female") for _ in range(10)]
    for user in women:
        rate_as(Participant.objects.create(user=user), measure, 4)
    rate_by(10, 4, measure, gender="male")
    for user in women:
        user.gender = "male"
        user.save()
    night(measure)
    assert {group: n for group, (n, _counts) in rows("gender").items()} == {"female": 10, "male": 10}


def test_with_and_without_paper_is_one_of_the_breakdowns():
    measure = one_measure()
    rate_by(10, 5, measure)
    rate_by(10, 1, measure)
    rate_by(11, 5, measure, channel="paper")
    rate_by(12, 1, measure, channel="paper")
    night(measure)
    assert rows("channel") == {"paper": (23, [12, 0, 0, 0, 11]), "web": (20, [10, 0, 0, 0, 10])}


def test_a_group_moves_only_when_ten_people_in_it_have_changed():
    measure = one_measure()
    for region in ("KZ-71", "KZ-75", "KZ-79"):
        rate_by(20, 5, measure, region=region)
    night(measure)
    rate_by(9, 5, measure, region="KZ-71")
    rate_by(11, 5, measure, region="KZ-75")
    night(measure)
    people = {group: n for group, (n, _counts) in rows("region").items()}
    # Almaty's eleven wait, too: with them shown, Astana's nine would follow from the total.
    table = Breakdown.objects.get(dimension="region")
    assert people == {"KZ-71": 20, "KZ-75": 20, "KZ-79": 20}
    assert (table.n, table.rest["n"]) == (80, 60)
    rate_by(1, 5, measure, region="KZ-71")
    rate_by(9, 5, measure, region="KZ-75")
    night(measure)
    assert {group: n for group, (n, _counts) in rows("region").items()} == {"KZ-71": 30, "KZ-75": 40, "KZ-79": 20}


def test_a_group_that_must_wait_keeps_the_row_of_its_own_night():
    measure = one_measure()
    for region in ("KZ-71", "KZ-75", "KZ-79"):
        rate_by(20, 5, measure, region=region)
    night(measure)
    first = Breakdown.objects.get(dimension="region").seq
    rate_by(5, 5, measure, region="KZ-71")
    rate_by(5, 5, measure, region="KZ-75")
    rate_by(10, 5, measure, region="KZ-79")
    night(measure)
    table = Breakdown.objects.get(dimension="region")
    assert [(row["group"], row["n"], row["seq"]) for row in table.rows] == [
        ("KZ-71", 20, first),
        ("KZ-75", 20, first),
        ("KZ-79", 30, table.seq),
    ]
    assert (table.n, table.rest["n"]) == (80, 50)


def test_nothing_is_cut_where_the_ledger_and_the_tally_differ(caplog):
    measure = one_measure()
    rate_by(10, 5, measure, gender="female")
    rate_by(10, 5, measure, gender="male")
    sequence()
    Tally.objects.update(count_5=19)
    cut_breakdowns(measure.principle.programme, timezone.now())
    assert not Breakdown.objects.exists()
    assert "the ledger has [0, 0, 0, 0, 20], the tally [0, 0, 0, 0, 19]" in caplog.text


def two_questions() -> Measure:
    return make_programme(measures=1).principles.get().measures.get()


def test_a_programme_s_people_are_counted_once_each_and_stay_when_they_leave():
    measure = two_questions()
    programme = measure.principle.programme
    users = [make_user(gender="female") for _ in range(12)]
    for user in users:
        person = Participant.objects.create(user=user)
        rate_as(person, measure, 4)
        rate_as(person, measure, 2, "delivery")
    rate_by(10, 5, measure, gender="male")
    sequence()
    cut_people(programme, timezone.now())
    table = Breakdown.objects.get(question=None, dimension="gender")
    assert ({row["group"]: row["n"] for row in table.rows}, table.n) == ({"female": 12, "male": 10}, 22)
    delete_account(users[0], erase_comments=True)
    assert CountedParticipant.objects.filter(participant=None).count() == 1
    rate_by(20, 5, measure, gender="male")
    sequence()
    cut_people(programme, timezone.now())
    table.refresh_from_db()
    assert ({row["group"]: row["n"] for row in table.rows}, table.n) == ({"female": 12, "male": 30}, 42)


def test_a_programme_with_one_tally_has_no_breakdowns_of_people():
    measure = one_measure()
    rate_by(20, 5, measure, gender="female")
    sequence()
    assert cut_people(measure.principle.programme, timezone.now()) == 0


def make_full_measure() -> Measure:
    """A measure with every question rated by people of two regions, two genders and both ways."""
    call_command("load_regions", verbosity=0)
    measure = two_questions()
    for question in ("support", "delivery"):
        for region, gender, channel in (("KZ-71", "female", "web"), ("KZ-75", "male", "paper")):
            given = {"region": region, "gender": gender, "age_band": "1980-1989"}
            for value in (1, 3, 5):
                rate_by(10 + value, value, measure, question=question, channel=channel, **given)
    rate_by(10, 3, measure, region="KZ-71", age_band="2000-")
    call_command("sequence_ledger", verbosity=0)
    call_command("make_breakdowns", verbosity=0)
    return measure


def test_rows_api_page_and_file_say_the_same(client):
    measure = make_full_measure()
    given = Counter(
        Rating.objects.filter(question__slug="support", released_value__isnull=False).values_list(
            "region", "released_value"
        )
    )
    by_rows = {region: [given[region, value] for value in range(1, 6)] for region in ("KZ-71", "KZ-75")}
    query = {"measure": measure.slug, "question": "support", "dimension": "region"}
    (table,) = json.loads(client.get("/api/v1/breakdowns/", query).content)["results"]
    assert table["classes"] == [[1], [2], [3], [4], [5]]
    assert {row["group"]: row["counts"] for row in table["groups"]} == by_rows
    (tally,) = json.loads(client.get("/api/v1/tallies/", query | {"dimension": []}).content)["results"]
    assert (table["counts"], table["seq"]) == (tally["counts"], tally["seq"])
    page = client.get(f"/en/measures/{measure.slug}/results/")
    figure = next(one for _result, figures in page.context["results"] for one in figures if one.key == "support-region")
    assert {group.code: group.counts for group in figure.shown["groups"]} == by_rows
    lines = client.get(f"/en/measures/{measure.slug}/results/support-region.csv").content.decode().splitlines()
    assert [line.rsplit(",", 1)[0] for line in lines[1:]] == [
        f"{name},{sum(counts)},{','.join(map(str, counts))}"
        for name, counts in zip(("Astana", "Almaty"), by_rows.values(), strict=True)
    ]


def test_a_table_of_the_api_names_its_cut(client):
    make_full_measure()
    people = json.loads(client.get("/api/v1/breakdowns/", {"of": "people", "dimension": "gender"}).content)["results"]
    table = Breakdown.objects.get(question=None, dimension="gender")
    cut = f"{table.cut_at:%Y-%m-%dT%H:%M:%SZ}"
    assert people == [
        {
            "programme": "test-programme",
            "measure": None,
            "question": None,
            "edition": None,
            "dimension": "gender",
            "n": 166,
            "counts": None,
            "classes": [],
            "groups": [
                {"group": None, "n": 10, "counts": None, "classes": [], "cut": cut, "seq": 1},
                {"group": "female", "n": 78, "counts": None, "classes": [], "cut": cut, "seq": 1},
                {"group": "male", "n": 78, "counts": None, "classes": [], "cut": cut, "seq": 1},
            ],
            "others": {"n": None, "counts": None},
            "cut": cut,
            "log": None,
            "seq": None,
        }
    ]


def test_the_pages_say_which_groups_are_not_shown(client):
    measure = make_full_measure()
    page = client.get(f"/en/measures/{measure.slug}/results/").content.decode()
    assert "fewer than ten people could be told apart: Shymkent, Abai Region," in page
    tiles = client.get("/en/results/test-programme/people-region.svg").content.decode()
    assert (tiles.count("too few</text>"), tiles.count(">88</text>")) == (18, 1)


@pytest.mark.parametrize("figure", ["support", "support-region", "support-gender", "delivery-channel"])
@pytest.mark.parametrize("suffix", ["svg", "png", "csv"])
def test_a_measure_s_figures_come_as_files(client, figure, suffix):
    measure = make_full_measure()
    assert client.get(f"/ru/measures/{measure.slug}/results/{figure}.{suffix}").status_code == 200


def empties(measure: Measure) -> dict[str, str]:
    with override("en"):
        return {one.key: one.empty for _result, figures in measure_results(measure) for one in figures if one.empty}


def test_a_page_says_once_why_several_breakdowns_are_not_shown(client):
    measure = two_questions()
    rate_by(14, 4, measure, region="KZ-71")
    rate_by(14, 4, measure, region="KZ-71", question="delivery")
    sequence()
    page = client.get(f"/en/measures/{measure.slug}/results/")
    waits = "Not computed yet: breakdowns are made each night."
    by = ["By region", "By age group (year of birth)", "By gender", "By way of taking part, with and without paper"]
    assert page.context["unshown"] == [Unshown(waits, by)]
    assert page.content.decode().count(waits) == 1


def test_what_was_looked_at_and_cannot_be_shown_is_told_from_what_was_not():
    measure = one_measure()
    rate_by(14, 4, measure, region="KZ-71")
    sequence()
    waits = "Not computed yet: breakdowns are made each night."
    assert empties(measure) == {f"support-{one}": waits for one in ("region", "age_band", "gender", "channel")}
    night(measure)
    cannot = "Too few people to tell groups apart without giving anybody's answer away."
    assert empties(measure) == {f"support-{one}": cannot for one in ("region", "age_band", "gender")} | {
        "support-channel": "Too few people took part in another way than the others for this to be shown."
    }


def test_the_measure_s_page_costs_the_same_queries_with_and_without_breakdowns(client, django_assert_num_queries):
    measure = make_full_measure()
    address = f"/en/measures/{measure.slug}/results/"
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)
    other = make_programme("other", measures=1).principles.get().measures.get()
    with django_assert_num_queries(5):
        client.get(f"/en/measures/{other.slug}/results/")
    assert Programme.objects.count() == 2
