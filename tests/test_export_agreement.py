"""Pages, API, dumps and exports say the same numbers, and each is what the rows come to."""

import csv
from collections import Counter
from statistics import median_low

import pytest
from django.utils.translation import override

from feedback.models import Comment, Rating
from feedback.results.measure import measure_results
from feedback.results.report.blocks import Table
from feedback.results.report.content import report_of
from tests.dumps import bodies, busy_portal, cells, made
from tests.exports import exported

pytestmark = pytest.mark.django_db


def listed(client, path: str) -> list[dict]:
    """Everything that a list of the API has, over all its pages."""
    found, url = [], f"/api/v1/{path}"
    while url:
        answer = client.get(url).json()
        found += answer["results"]
        url = answer["next"]
    return found


def file_of(client, address: str) -> list[list[str]]:
    """The rows of a figure's CSV, its heading first."""
    return list(csv.reader(client.get(address).content.decode("utf-8-sig").splitlines()))


def test_tallies_are_the_same_everywhere_and_equal_the_rows(client, tmp_path):
    measure = busy_portal()
    question = measure.principle.programme.questions.first()
    values = list(
        Rating.objects.filter(question=question, edition__measure=measure, released_value__isnull=False).values_list(
            "released_value", flat=True
        )
    )
    counts = [Counter(values)[value] for value in range(1, 6)]
    everybody = Rating.objects.filter(question=question, edition__measure=measure, value__isnull=False).count()
    wanted = {
        "n": everybody,
        "released_n": len(values),
        **{f"c{value}": count for value, count in enumerate(counts, 1)},
        "median": median_low(values),
        "share_positive": round(sum(counts[3:]) / len(values), 4),
    }
    (row,) = [row for row in exported("measures", tmp_path) if row["slug"] == measure.slug]
    assert {name: row[f"{question.slug}_{name}"] for name in wanted} == wanted
    (body,) = listed(client, f"tallies/?measure={measure.slug}&question={question.slug}")
    assert {**body, **{f"c{value}": count for value, count in enumerate(body["counts"], 1)}}.items() >= wanted.items()
    folder = made()
    dumped = next(
        row for row in cells(folder, "tallies") if (row["measure"], row["question"]) == (measure.slug, question.slug)
    )
    assert {name: float(dumped[name]) for name in wanted} == wanted
    found = measure_results(measure)[0][0]
    assert (found.n, found.released_n, found.counts) == (everybody, len(values), counts)
    shares = [f"{round(100 * count / len(values))}%" for count in counts]
    answers = [getattr(question, f"label_{value}_en") for value in range(1, 6)]
    programme = measure.principle.programme
    figure = file_of(client, f"/en/measures/{measure.slug}/results/{question.slug}.csv")
    assert [row[:2] for row in figure[1:]] == [[name, str(count)] for name, count in zip(answers, counts, strict=True)]
    overview = file_of(client, f"/en/results/{programme.slug}/question-{question.slug}.csv")
    (line,) = [row for row in overview if row[0] == measure.code]
    positive = round(100 * wanted["share_positive"])
    assert line[2:] == [str(number) for number in (everybody, len(values), *counts, positive, wanted["median"])]
    with override("en"):
        tables = [block.rows for block in report_of(programme).blocks if isinstance(block, Table)]
    total = ["In the results", str(len(values)), "100%"]
    said = [[name, str(count), share] for name, count, share in zip(answers, counts, shares, strict=True)]
    assert [*said, total] in [[[str(cell) for cell in row] for row in rows] for rows in tables]


def test_counts_of_comments_are_the_same_everywhere_and_equal_the_rows(client, tmp_path):
    measure = busy_portal()
    states = Counter(Comment.objects.filter(measure=measure).values_list("state", flat=True))
    (row,) = [row for row in exported("measures", tmp_path) if row["slug"] == measure.slug]
    (body,) = [body for body in listed(client, "measures/") if body["slug"] == measure.slug]
    (dumped,) = [body for body in bodies(made(), "measures") if body["slug"] == measure.slug]
    assert body["comments"] == dumped["comments"]
    for state in ("published", "pending", "hidden", "withdrawn", "erased"):
        assert {row[f"comments_{state}"], body["comments"][state]} == {states[state]}
    assert {row["comments_submitted"], body["comments"]["submitted"]} == {sum(states.values())}
    said = Counter(row["state"] for row in exported("comments", tmp_path) if row["measure"] == measure.slug)
    assert said == states


def test_comments_and_released_ratings_are_those_of_the_api_and_of_the_dump(client, tmp_path):
    busy_portal()
    rows = [row for row in exported("comments", tmp_path) if row["state"] != "pending"]
    api = {body["id"]: body for body in listed(client, "comments/")}
    dumped = {body["id"]: body for body in bodies(made(), "comments")}
    assert [row["id"] for row in rows] == list(dumped)
    assert api == dumped
    for row in rows:
        body = api[row["id"]]
        assert {
            name: row[name] for name in ("measure", "edition", "parent", "state", "text", "language", "stance")
        } == {name: body[name] for name in ("measure", "edition", "parent", "state", "text", "language", "stance")}
        assert (row["created"], row["edited"], row["channel"], row["replies"], row["url"]) == (
            body["created"],
            body["edited"],
            body["channel"],
            body["replies"],
            body["url"],
        )
        assert (row["answers"] or []) == body["answers"]
        assert (row["author_name"], row["author_pseudonym"]) == (
            (body["author"]["name"], body["author"]["pseudonym"]) if body["author"] else (None, None)
        )
    released = {(row["who"], row["value"]) for row in exported("ratings", tmp_path)}
    latest = {leaf["who"].replace("-", ""): leaf["value"] for leaf in bodies(made(), "ratings")}
    assert {(who.replace("-", ""), value) for who, value in released} == set(latest.items())
