"""Days, languages and themes are the same in pages' files, API, dumps and exports, and are what the rows come to."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from feedback.actions.themes import give_themes
from feedback.models import Comment, CommentTheme, Rating
from feedback.results.keeping import keep_figures
from tests.builders import hide, make_comment
from tests.desk import make_staff
from tests.dumps import bodies, busy_portal, made
from tests.exports import exported
from tests.programme_builders import make_measure
from tests.themes import make_theme

pytestmark = pytest.mark.django_db
LOCAL = ZoneInfo("Asia/Almaty")


def table(client, address: str) -> list[list[str]]:
    """The rows of a figure's CSV, without its heading."""
    return list(csv.reader(client.get(f"/en/results/{address}").content.decode().splitlines()))[1:]


def local_day(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(LOCAL).date().isoformat()


def test_days_and_languages_are_the_same_everywhere_and_equal_the_rows(client, tmp_path):
    programme = busy_portal().principle.programme
    # One of them late in the evening of the day before by UTC, which is another day by the portal's clock.
    early = Comment.objects.filter(measure__principle__programme=programme).earliest("created_at", "pk")
    evening = (timezone.now() - timedelta(days=1)).replace(hour=20, minute=30)
    Comment.objects.filter(pk=early.pk).update(created_at=evening)
    keep_figures(programme, timezone.now())
    public = list(Comment.objects.public().filter(measure__principle__programme=programme))
    by_day = Counter((comment.created_at.astimezone(LOCAL).date().isoformat(), comment.language) for comment in public)
    assert (evening.astimezone(LOCAL).date().isoformat(), early.language) in by_day
    given = list(Rating.objects.exclude(value=None, released_value=None).filter(question__programme=programme))
    rated = Counter(rating.created_at.astimezone(LOCAL).date().isoformat() for rating in given)
    days = sorted({day for day, _language in by_day} | set(rated))
    ((found),) = client.get("/api/v1/participation/", {"programme": programme.slug}).json()["results"]
    assert [(one["day"], one["ratings"], one["comments"]) for one in found["days"]] == [
        (day, rated[day], {language: by_day[day, language] for language in ("kk", "ru", "en")}) for day in days
    ]
    assert table(client, f"{programme.slug}/participation.csv") == [
        [one["day"], str(one["ratings"]), str(sum(one["comments"].values()))] for one in found["days"]
    ]
    languages = Counter(comment.language for comment in public)
    assert found["languages"] == {language: languages[language] for language in ("kk", "ru", "en")}
    assert [int(number) for _name, number in table(client, f"{programme.slug}/languages.csv")] == list(
        found["languages"].values()
    )
    slug = programme.slug
    dumped = [
        (local_day(body["created"]), body["language"])
        for body in bodies(made(), "comments")
        if body["programme"] == slug
    ]
    rows = [row for row in exported("comments", tmp_path) if row["state"] != "pending" and row["programme"] == slug]
    assert (Counter(dumped), Counter((row["created_local"][:10], row["language"]) for row in rows)) == (by_day, by_day)
    raters = {rating.participant_id for rating in given} - {None}
    authors = {comment.author_id for comment in public} - {None}
    question = programme.questions.first().slug
    assert (found["participants"], found["raters"], found["authors"]) == (
        len(raters | authors),
        {question: len(raters)},
        len(authors),
    )
    page = client.get(f"/en/results/{slug}/").content.decode()
    assert f"People who answered: {len(raters)} (" in page
    assert f"People who wrote: {len(authors)} (" in page


def test_themes_are_the_same_everywhere_and_equal_the_rows(client, tmp_path):
    measure, analyst = make_measure(), make_staff("analyst")
    programme = measure.principle.programme
    roads, parks, few = (make_theme(programme, code, code.title()) for code in ("roads", "parks", "few"))
    comments = [make_comment(measure, stance="for" if number < 11 else "") for number in range(21)]
    hide(make_comment(measure))
    give_themes(Comment.objects.all(), [roads], by=analyst)
    for theme, number in ((parks, 12), (few, 9)):
        give_themes(Comment.objects.filter(pk__in=[each.pk for each in comments[:number]]), [theme], by=analyst)
    tags = CommentTheme.objects.filter(comment__state="published").values_list("theme__code", "comment__stance")
    counts = Counter(tags)
    wanted = {
        "roads": [21, counts["roads", "for"], 0, 0, counts["roads", ""]],
        "parks": [12, None, None, None, None],  # one of twelve picked no stance
    }
    found = client.get("/api/v1/themes/", {"programme": programme.slug}).json()["results"]
    said = {
        one["theme"]: [one["comments"], *(one["stances"].values() if one["stances"] else [None] * 4)] for one in found
    }
    assert said == wanted
    rows = table(client, f"{programme.slug}/themes.csv")
    assert {name.split()[0].lower(): [int(cell) if cell else None for cell in cells] for name, *cells in rows} == wanted
    of_rows = Counter(
        theme for row in exported("comments", tmp_path) if row["state"] == "published" for theme in row["themes"] or []
    )
    assert of_rows == {"roads": 21, "parks": 12, "few": 9}
    page = client.get(f"/en/results/{programme.slug}/").content.decode()
    assert "21 people wrote the comments that have a theme." in page
    for suffix in ("svg", "png"):
        assert client.get(f"/en/results/{programme.slug}/themes.{suffix}").status_code == 200


def test_every_figure_of_the_results_has_its_files_and_an_address_of_the_api(client):
    measure = busy_portal()
    programme = measure.principle.programme
    for each in range(10):
        make_comment(measure, text=f"Number {each}.")
    give_themes(Comment.objects.all(), [make_theme(programme)], by=make_staff("analyst"))
    keep_figures(programme, timezone.now())
    figures = client.get(f"/en/results/{programme.slug}/").context["figures"]
    shown = [figure for figure in figures if not figure.empty]
    assert {figure.key for figure in shown} >= {"question-support", "participation", "comments", "languages", "themes"}
    for figure in figures:
        assert client.get(f"/api/v1/{figure.query}").status_code == 200, figure.key
    for figure in shown:
        found = [client.get(f"/en/results/{programme.slug}/{figure.key}.{suffix}") for suffix in ("csv", "svg", "png")]
        assert [answer.status_code for answer in found] == [200, 200, 200], figure.key
        assert figure.note or figure.missing, figure.key
