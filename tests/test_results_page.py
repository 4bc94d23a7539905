"""The page of a programme's results, and the files behind its figures."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.actions.rating import withdraw_rating
from feedback.ledger.sequencer import sequence
from feedback.models import ProgrammeFigures
from feedback.results.figure import Figure
from feedback.results.keeping import keep_figures
from feedback.results.nightly import due
from feedback.results.unshown import Unshown, parted
from principles.models import Measure, Programme
from tests.answers import make_answer
from tests.builders import hide, make_comment, make_participant, rate_as, rate_by_many
from tests.programme_builders import make_measure, make_programme

pytestmark = pytest.mark.django_db
VALUES = [1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5]
WAITS = "Not computed yet, or too few ratings: breakdowns are made each night, of groups of at least ten people."
SVG = "{http://www.w3.org/2000/svg}"


def codes(page) -> list[str]:
    """The measures of the first question, in the order of the page."""
    return [line.measure.code for line in page.context["figures"][0].shown["lines"]]


def picture(answer) -> ElementTree.Element:
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own picture


def lines(answer) -> list[str]:
    return answer.content.decode().splitlines()


def test_the_table_of_a_question_holds_released_ratings_and_who_waits(client):
    make_programme()
    first, second = Measure.objects.all()
    rate_by_many(first, VALUES[:10])
    sequence()
    rate_by_many(first, VALUES[10:])
    rate_by_many(second, [5, 5, 5])
    sequence()
    assert lines(client.get("/en/results/test-programme/question-support.csv")) == [
        "Code,Measure,Participants,In the results,1 support 1 (en),2 support 2 (en),3 support 3 (en),"
        '4 support 4 (en),5 support 5 (en),"4 and 5, %",Middle answer',
        "1.1,Measure 1 (en),11,10,1,1,2,3,3,60,4",
    ]
    page = client.get("/en/results/test-programme/").content.decode()
    assert "14 ratings of all measures." in page
    assert (
        "4 ratings are not shown yet: ratings join the results once ten of the same measure have come together. "
        "1 measure has too few ratings to be shown."
    ) in page
    principle = client.get(first.principle.get_absolute_url()).content.decode()
    assert ("14 ratings of this principle&#x27;s measures." in principle, "of all measures" in principle) == (
        True,
        False,
    )


def test_measures_are_ranked_by_their_share_of_positive_answers_or_stand_as_asked(client):
    make_programme(questions=("support",))
    first, second = Measure.objects.all()
    rate_by_many(first, [1] * 20)
    rate_by_many(second, [5] * 10)
    sequence()
    orders = {
        order: [
            line.measure.code
            for line in client.get("/en/results/", {"order": order}).context["figures"][0].shown["lines"]
        ]
        for order in ("", "ranked", "programme", "participants", "nonsense")
    }
    assert orders == {
        "": ["1.2", "1.1"],
        "ranked": ["1.2", "1.1"],
        "programme": ["1.1", "1.2"],
        "participants": ["1.1", "1.2"],
        "nonsense": ["1.2", "1.1"],
    }


def test_the_comparison_has_the_measures_that_were_released_for_both_questions(client):
    make_programme()
    first, second = Measure.objects.all()
    for measure, question, value in ((first, "support", 5), (first, "delivery", 1), (second, "support", 4)):
        rate_by_many(measure, [value] * 10, question)
    sequence()
    assert lines(client.get("/en/results/test-programme/comparison.csv"))[1:] == ["1.1,Measure 1 (en),100,0"]
    drawn = picture(client.get("/en/results/test-programme/comparison.svg"))
    assert len(drawn.findall(f".//{SVG}circle")) == 1


def test_an_order_is_offered_where_there_is_something_to_order(client):
    make_programme()
    first = Measure.objects.first()
    order = "Order of the measures"
    assert order not in client.get("/en/results/test-programme/").content.decode()
    rate_by_many(first, VALUES[:10])
    sequence()
    assert order in client.get("/en/results/test-programme/").content.decode()


def test_who_waits_is_told_once_on_the_page_of_a_measure_s_results(client):
    measure = make_measure()
    rate_by_many(measure, VALUES)
    sequence()
    rate_by_many(measure, [5])
    sequence()
    page = client.get(f"/en{measure.get_absolute_url()[3:]}results/").content.decode()
    assert (page.count("participants have rated"), page.count("group of ten")) == (1, 1)


def test_a_point_without_room_for_its_code_is_named_below(client):
    measures = 8
    make_programme(measures=measures)
    for measure in Measure.objects.all():
        for question in ("support", "delivery"):
            rate_by_many(measure, [4] * 5 + [1] * 5, question)
    sequence()
    drawn = picture(client.get("/en/results/test-programme/comparison.svg"))
    words = [text.text for text in drawn.findall(f".//{SVG}text")]
    beside = {code for code in words if re.fullmatch(r"1\.\d", code)}
    below = [line.partition(": ")[2].rstrip(".") for line in words if line.startswith("Points without room")]
    assert len(beside) < measures
    assert sorted([*beside, *below[0].split(", ")]) == [f"1.{place}" for place in range(1, measures + 1)]
    html = client.get("/en/results/").content.decode()
    for width in ("narrow", "wide"):  # as many codes as that picture has room for, and the others below it
        drawn = html.partition(f'<div class="picture only-{width}">')[2].partition("</svg>")[0]
        below = html.partition(f'<span class="only-{width}">')[2].partition("</span>")[0].partition("code: ")[2]
        found = [*re.findall(r">(1\.\d)</text>", drawn), *re.findall(r"1\.\d", below)]
        assert sorted(found) == [f"1.{place}" for place in range(1, measures + 1)], width


def test_comments_are_counted_by_state_and_by_answered(client):
    measure = make_measure(make_programme(measures=0))
    answered = make_comment(measure, language="kk")
    make_comment(measure, language="ru")
    hide(make_comment(measure, language="ru"))
    make_answer(measure, answered)
    sequence()
    keep_figures(measure.principle.programme, timezone.now())
    assert lines(client.get("/en/results/test-programme/comments.csv")) == [
        "State,Comments",
        "published,2",
        "waiting for moderation,0",
        "hidden,1",
        "withdrawn,0",
        "erased,0",
    ]
    page = client.get("/en/results/").content.decode()
    assert re.findall(r"Published, with an official answer \([^)]+:\d\d\): (\d)\.", page) == ["1"]
    assert lines(client.get("/en/results/test-programme/languages.csv"))[1:] == ["Kazakh,1", "Russian,2", "English,0"]


def test_participation_is_counted_by_the_days_of_the_portal_and_people_once(client, settings):
    measure = make_measure(make_programme(measures=0))
    person = make_participant()
    rate_as(person, measure, 4)
    rate_as(person, measure, 4, "delivery")
    taken_back = make_participant()
    rate_as(taken_back, measure, 4)
    withdraw_rating(taken_back, measure=measure.slug, question="support", edition=1)
    make_comment(measure, by=person)
    make_comment(measure)
    now = timezone.now()
    keep_figures(measure.principle.programme, now)
    kept = ProgrammeFigures.objects.get()
    day = f"{now.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d}"
    assert (kept.participants, kept.days) == (2, [[day, 2, {"en": 2}]])
    assert lines(client.get("/en/results/test-programme/participation.csv"))[1:] == [f"{day},2,2"]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "10 ratings of all measures. Numbers of 24 November 2026, 19:58."),
        ("ru", "10 оценок по всем мерам. Данные на 24\xa0ноября 2026\xa0г., 19:58."),
        ("kk", "Барлық шараға берілген баға саны: 10. Сандар алынған уақыт: 2026\xa0ж. 24\xa0қараша, 19:58."),
    ],
)
def test_a_picture_of_live_numbers_says_when_it_was_drawn(client, language, says):
    make_programme(measures=1)
    rate_by_many(Measure.objects.get(), [4] * 10)
    sequence()
    with time_machine.travel(datetime(2026, 11, 24, 19, 58, tzinfo=ZoneInfo("Asia/Almaty"))):
        drawn = picture(client.get(f"/{language}/results/test-programme/question-support.svg"))
    (footer,) = [text.text for text in drawn.findall(f".//{SVG}text") if "2026" in text.text]
    assert footer == says


def test_an_empty_consultation_says_why_there_is_nothing_yet(client):
    make_programme()
    page = client.get("/en/results/")
    assert [(figure.key, figure.empty) for figure in page.context["figures"]] == [
        ("weighted", "No figures of the population are loaded on this portal, so no result is weighted."),
        ("comments", "Nobody has commented yet."),
    ]
    people = [
        f"Participants: by {one}"
        for one in ("region", "age group (year of birth)", "gender", "way of taking part, with and without paper")
    ]
    nightly = "These figures are computed each night; the first ones come the night after somebody has taken part."
    assert page.context["unshown"] == [
        Unshown(
            "No measure has ten ratings yet. Results appear in groups of ten.",
            ["support? (en)", "delivery? (en)", "The measures compared"],
        ),
        Unshown(nightly, ["Participation over time", "Comments by language"]),
        Unshown(WAITS, people),
    ]


def test_a_reason_that_holds_in_one_part_of_the_page_alone_names_the_part():
    def figure(title, empty):
        return Figure(key=title, title=title, header=[], rows=[], empty=empty)

    first = [figure("By region", "too few"), figure("By gender", "too few"), figure("By age", "")]
    second = [figure("By region", "too few"), figure("By gender", "not yet")]
    shown, unshown = parted([("Support?", first), ("Delivery?", second)])
    assert [[one.title for one in figures] for figures in shown] == [["By age"], ["By gender"]]
    assert unshown == [Unshown("too few", ["By region", "Support? By gender"])]


def test_a_closed_consultation_without_ratings_promises_no_results(client):
    make_programme(measures=1)
    Programme.objects.update(closes_at=timezone.now() - timedelta(days=1))
    measure = Measure.objects.get()
    texts = [item.text for item in client.get("/en/results/").context["unshown"]]
    assert texts[0] == "No measure has ten ratings, so no results can be shown."
    page = client.get(f"/en/measures/{measure.slug}/").content.decode()
    assert page.count('<p class="summary">Nobody has rated.</p>') == 2
    page = client.get(f"/en/measures/{measure.slug}/results/").content.decode()
    assert page.count("Fewer than ten people have rated, so no results can be shown.") == 2


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_figure_comes_as_svg_png_and_csv(client, language):
    measure = make_measure(make_programme(measures=0))
    rate_by_many(measure, VALUES)
    rate_by_many(measure, VALUES, "delivery")
    make_comment(measure)
    sequence()
    call_command("make_breakdowns", verbosity=0)
    for figure in client.get(f"/{language}/results/").context["figures"]:
        address = f"/{language}/results/test-programme/{figure.key}"
        assert picture(client.get(f"{address}.svg")).tag == f"{SVG}svg"
        if language == "kk":  # a letter that is missing in the font would be in this one
            assert client.get(f"{address}.png").content[:8] == b"\x89PNG\r\n\x1a\n"
        assert len(lines(client.get(f"{address}.csv"))) == len(figure.rows) + 1


@pytest.mark.parametrize("name", ["nonsense.csv", "comments.pdf", "question-nonsense.svg"])
def test_what_is_no_figure_is_not_found(client, name):
    make_programme()
    assert client.get(f"/en/results/test-programme/{name}").status_code == 404


def test_where_there_are_several_programmes_the_results_list_them(client):
    make_programme("one", measures=0)
    make_programme("two", measures=0)
    page = client.get("/en/results/")
    assert [programme.slug for programme in page.context["programmes"]] == ["one", "two"]
    assert client.get("/en/results/two/").context["programme"].slug == "two"


@pytest.mark.parametrize("measures", [1, 30])
def test_the_page_takes_the_same_queries_for_one_measure_and_for_thirty(client, django_assert_num_queries, measures):
    programme = make_programme(measures=measures)
    rate_by_many(programme.principles.get().measures.first(), VALUES)
    sequence()
    keep_figures(programme, timezone.now())
    client.get("/en/results/test-programme/")
    with django_assert_num_queries(10):
        client.get("/en/results/test-programme/")


def test_figures_are_due_where_there_are_none_and_once_a_night():
    at = lambda day, hour: datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Asia/Almaty"))  # noqa: E731
    assert due(at(24, 12)) is None
    programme = make_programme()
    assert due(at(24, 12)) == ["make_breakdowns"]
    keep_figures(programme, at(24, 12))
    assert [due(at(24, 23)), due(at(25, 1)), due(at(25, 2))] == [None, None, ["make_breakdowns"]]


def test_a_programme_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="There is no programme nowhere"):
        call_command("make_breakdowns", programme="nowhere")
