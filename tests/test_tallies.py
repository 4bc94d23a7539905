"""Ratings are counted, provable, and nobody's secret given away."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from feedback.actions.rating import rate, withdraw_rating
from feedback.actions.refusals import ConsultationClosed, Invalid, StaleEdition
from feedback.ledger.recount import recount
from feedback.ledger.sequencer import sequence
from feedback.models import LedgerEntry, Rating, Tally
from principles.actions import revise_measure
from principles.models import Programme
from principles.wording import Wording
from tests.builders import make_participant, rate_as, rate_by_many
from tests.programme_builders import make_measure


def revise(measure, text: str, *, substantive: bool = True):
    """A new edition of `measure` with `text` as its wording."""
    measure.refresh_from_db()
    texts = {"kk": text, "ru": text, "en": text}
    edition = revise_measure(
        measure,
        wording=Wording(title=texts, summary=texts),
        figures=[],
        substantive=substantive,
        expected_edition=measure.current_edition.number,
    )
    measure.refresh_from_db()
    return edition


def shown(measure, question: str = "support") -> tuple[int, list[int] | None]:
    """What the page shows of the current edition: n and the released counts."""
    tally = Tally.objects.filter(
        edition__measure=measure, edition__number=measure.current_edition.series, question__slug=question
    ).first()
    return (tally.n, tally.counts) if tally else (0, None)


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


@pytest.mark.django_db
def test_nine_ratings_show_their_number_and_the_tenth_shows_the_counts():
    measure = make_measure()
    rate_by_many(measure, [1, 2, 3, 4, 5, 5, 5, 5, 5])
    sequence()
    assert shown(measure) == (9, None)
    rate_by_many(measure, [4])
    sequence()
    assert shown(measure) == (10, [1, 1, 1, 2, 5])
    assert recount() == []


@pytest.mark.django_db
def test_the_median_is_the_lower_one_and_the_share_counts_four_and_five():
    measure = make_measure()
    rate_by_many(measure, [1, 1, 1, 1, 2, 4, 5, 5, 5, 5])
    sequence()
    tally = Tally.objects.get()
    assert (tally.median, tally.share_positive) == (2, 0.5)


@pytest.mark.django_db
def test_a_release_appends_its_ratings_in_one_block_and_then_the_tally():
    measure = make_measure()
    rate_by_many(measure, [3] * 10)
    sequence()
    entries = [json.loads(entry.leaf) for entry in LedgerEntry.objects.order_by("seq")][-11:]
    assert [leaf["kind"] for leaf in entries] == ["rating"] * 10 + ["tally_released"]
    assert entries[-1]["counts"] == [0, 0, 10, 0, 0]
    assert {leaf["hour"] for leaf in entries} == {entries[-1]["hour"]}
    assert Tally.objects.get().seq == LedgerEntry.objects.order_by("-seq").first().seq


@pytest.mark.django_db
def test_toggling_never_forces_a_release_of_changes():
    measure = make_measure()
    raters = rate_by_many(measure, [3] * 10)
    sequence()
    for value in (1, 2, 4, 5) * 5:
        for rater in raters[:9]:
            rate_as(rater, measure, value)
        sequence()
    assert shown(measure) == (10, [0, 0, 10, 0, 0])
    rate_as(raters[9], measure, 1)
    sequence()
    assert shown(measure) == (10, [1, 0, 0, 0, 9])
    for rater in raters:  # each has counted towards the changes' ten once: no second release without ten others
        rate_as(rater, measure, 2)
    sequence()
    assert shown(measure) == (10, [1, 0, 0, 0, 9])


@pytest.mark.django_db
def test_values_replaced_while_waiting_never_enter_the_ledger():
    measure = make_measure()
    raters = rate_by_many(measure, [1] * 9)
    for rater in raters:
        rate_as(rater, measure, 5)
    rate_by_many(measure, [5])
    sequence()
    values = [
        json.loads(leaf)["value"] for leaf in LedgerEntry.objects.filter(kind="rating").values_list("leaf", flat=True)
    ]
    assert values == [5] * 10


@pytest.mark.django_db
def test_the_same_value_again_writes_nothing():
    measure = make_measure()
    rater = make_participant()
    first = rate_as(rater, measure, 4)
    again = rate_as(rater, measure, 4)
    assert (again.pk, again.changed_at) == (first.pk, first.changed_at)


@pytest.mark.django_db
def test_a_withdrawn_rating_leaves_the_counts_with_the_next_group_of_changes():
    measure = make_measure()
    raters = rate_by_many(measure, [2] * 10)
    sequence()
    for rater in raters:
        withdraw_rating(rater, measure=measure.slug, question="support", edition=1)
    sequence()
    assert shown(measure) == (0, [0, 0, 0, 0, 0])
    assert kinds().count("rating_withdrawn") == 10
    assert recount() == []


@pytest.mark.django_db
@pytest.mark.parametrize("value", [0, 6, -1, True, 2.5, None, "5"])
def test_a_value_that_is_not_1_to_5_is_refused(value):
    measure = make_measure()
    with pytest.raises(Invalid):
        rate_as(make_participant(), measure, value)
    assert Rating.objects.count() == 0


@pytest.mark.django_db
def test_a_substantive_edition_makes_a_write_that_saw_the_old_one_stale_and_a_correction_does_not():
    measure = make_measure()
    revise(measure, "Corrected wording", substantive=False)
    rater = make_participant()
    rate(rater, measure=measure.slug, question="support", edition=1, value=4)
    assert Rating.objects.get().edition.number == 1
    revise(measure, "Quite another wording")
    with pytest.raises(StaleEdition):
        rate(rater, measure=measure.slug, question="support", edition=2, value=5)


@pytest.mark.django_db
def test_a_substantive_edition_closes_the_old_tally_a_minute_later_and_starts_a_new_one():
    measure = make_measure()
    raters = rate_by_many(measure, [5] * 12)
    sequence()
    rate_as(raters[0], measure, 1)
    for_others = rate_by_many(measure, [4] * 3)
    revise(measure, "Quite another wording")
    sequence()
    assert Tally.objects.get().closed_at is None
    sequence(timezone.now() + timedelta(seconds=61))
    tally = Tally.objects.get()
    assert (tally.n, tally.counts) == (15, [0, 0, 0, 0, 12])
    withheld = [json.loads(entry.leaf) for entry in LedgerEntry.objects.filter(kind="tally_withheld")]
    assert [(leaf["pool"], leaf["n"]) for leaf in withheld] == [("first", 3), ("change", 1)]
    rate_as(for_others[0], measure, 2)
    sequence()
    assert shown(measure) == (1, None)
    assert recount() == []


@pytest.mark.django_db
def test_the_end_is_processed_a_minute_late_and_then_nothing_more_is_taken():
    measure = make_measure()
    rate_by_many(measure, [5] * 14)
    sequence()
    rate_by_many(measure, [1] * 4)
    Programme.objects.update(closes_at=timezone.now())
    with pytest.raises(ConsultationClosed):
        rate_as(make_participant(), measure, 5)
    sequence(timezone.now() + timedelta(seconds=30))
    assert "programme_closed" not in kinds()
    sequence(timezone.now() + timedelta(seconds=61))
    assert shown(measure) == (18, [0, 0, 0, 0, 14])
    assert kinds()[-2:] == ["tally_withheld", "programme_closed"]
    before = kinds()
    sequence(timezone.now() + timedelta(days=1))
    assert kinds() == before
    assert recount() == []


def read_page(measure, edition: int) -> tuple[int, list[int]]:
    """n and the counts of the first question, as the page of an edition shows them to everybody."""
    html = Client().get(f"/en/measures/{measure.slug}/editions/{edition}/").content.decode()
    shown_n = re.search(r"([\d,]+) participants? ha(?:s|ve) rated", html)
    question = html[html.index("support? (en)") : html.index("delivery? (en)")]
    counts = [int(count) for count in re.findall(r'class="number">(\d+)<', question)]
    return int(shown_n[1]) if shown_n else 0, counts or [0] * 5


def size_of_release(seq: int) -> int:
    """How many ratings stand in the ledger right before the release at `seq`."""
    size = 0
    for kind in LedgerEntry.objects.filter(seq__lt=seq).order_by("-seq").values_list("kind", flat=True):
        if kind not in {"rating", "rating_withdrawn"}:
            break
        size += 1
    return size


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), st.integers(0, 13), st.integers(1, 5)),
        st.tuples(st.just("withdraw"), st.integers(0, 13), st.just(0)),
        st.tuples(st.just("revise"), st.just(0), st.just(0)),
        st.tuples(st.just("rate all"), st.integers(0, 13), st.integers(1, 5)),
    ),
    min_size=10,
    max_size=24,
)


class CountsNeverMoveByFewerThanTen(HypothesisTestCase):
    """Looks at the counts after every single write, at a new edition and at the end too."""

    @settings(max_examples=6)
    @given(steps=STEPS)
    def test_over_random_histories(self, steps):
        measure = make_measure()
        people = [make_participant() for _ in range(14)]
        seen: dict[int, list[int]] = {}

        def look(now=None):
            sequence(now)
            for number in measure.editions.values_list("number", flat=True):
                n, counts = read_page(measure, number)
                if counts != seen.get(number, [0] * 5):
                    tally = Tally.objects.get(edition__number=number)
                    assert size_of_release(tally.seq) >= 10
                assert n >= sum(counts)
                seen[number] = counts

        for step, person, value in steps:
            edition = measure.current_edition.number
            if step == "rate":
                rate_as(people[person], measure, value)
            elif step == "withdraw":
                withdraw_rating(people[person], measure=measure.slug, question="support", edition=edition)
            elif step == "rate all":
                for other in people[person:]:
                    rate_as(other, measure, value)
                    look()
            else:
                revise(measure, f"Wording {edition + 1}")
            look()
        look(timezone.now() + timedelta(seconds=61))
        Programme.objects.update(closes_at=timezone.now())
        look(timezone.now() + timedelta(seconds=61))
        assert recount() == []
