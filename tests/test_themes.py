"""Response coding: a codebook in versions, themes given in bulk and one by one, and results by theme."""

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import IntegrityError, transaction
from django.urls import reverse

from feedback.actions.decisions import NotAllowed
from feedback.actions.refusals import Invalid
from feedback.actions.themes import give_themes, set_themes, take_themes, write_theme
from feedback.models import Comment, CommentTheme
from feedback.results.themes import themes_in_full, themes_in_public
from tests.builders import hide, make_comment, make_participant
from tests.desk import at_the_desk, make_staff
from tests.exports import exported
from tests.programme_builders import make_measure
from tests.themes import make_theme, wording

pytestmark = pytest.mark.django_db
LIST = "admin:feedback_comment_changelist"


def programme_of(measure):
    return measure.principle.programme


def tags() -> list[tuple]:
    return list(
        CommentTheme.objects.order_by("pk").values_list("comment", "theme__code", "version", "by__user", "machine")
    )


def test_a_new_wording_is_a_new_version_and_tags_keep_theirs():
    comment, analyst = make_comment(make_measure()), make_staff("analyst")
    theme = make_theme(programme_of(comment.measure))
    give_themes(Comment.objects.all(), [theme], by=analyst)
    theme = write_theme(theme, by=analyst, wording=wording("Roads and bridges"))
    write_theme(theme, by=analyst, wording=wording("Roads and bridges"))
    assert list(theme.versions.values_list("number", "name_en")) == [(2, "Roads and bridges (en)"), (1, "Roads (en)")]
    assert tags() == [(comment.pk, "roads", 1, analyst.pk, "")]


def test_a_theme_is_of_one_programme_and_given_to_no_comment_of_another():
    here, elsewhere = make_comment(make_measure()), make_comment(make_measure())
    theme = make_theme(programme_of(here.measure))
    assert give_themes(Comment.objects.all(), [theme], by=make_staff("analyst")) == 1
    assert [tag[0] for tag in tags()] == [here.pk]
    assert elsewhere.comment_themes.count() == 0


def test_what_was_given_stays_as_it_was_and_can_be_taken_away():
    comment, first, second = make_comment(make_measure()), make_staff("analyst"), make_staff("editor")
    roads, schools = (make_theme(programme_of(comment.measure), code, code) for code in ("roads", "schools"))
    mine = Comment.objects.filter(pk=comment.pk)
    give_themes(mine, [roads], machine="suggester-1")
    assert give_themes(mine, [roads, schools], by=first) == 1
    assert tags() == [(comment.pk, "roads", 1, None, "suggester-1"), (comment.pk, "schools", 1, first.pk, "")]
    set_themes(comment, [schools], by=second)
    assert tags() == [(comment.pk, "schools", 1, first.pk, "")]
    assert (take_themes(mine, [schools], by=second), tags()) == (1, [])


def test_a_tag_is_a_person_s_or_a_machine_s_and_never_nobody_s():
    comment = make_comment(make_measure())
    theme = make_theme(programme_of(comment.measure))
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentTheme.objects.create(comment=comment, theme=theme, version=1)


def test_those_without_the_right_neither_code_nor_write_the_codebook():
    comment, participant = make_comment(make_measure()), make_participant()
    theme = make_theme(programme_of(comment.measure))
    with pytest.raises(NotAllowed):
        give_themes(Comment.objects.all(), [theme], by=participant.user)
    with pytest.raises(NotAllowed):
        write_theme(theme, by=make_staff("moderator"), wording=wording("Mine"))


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_a_theme_needs_a_name_in_every_language(name):
    with pytest.raises(Invalid):
        write_theme(
            None,
            by=make_staff("analyst"),
            programme=programme_of(make_measure()),
            code="roads",
            wording=wording("Roads") | {"name_kk": name},
        )


def test_a_codebook_is_written_in_the_admin():
    measure, client = make_measure(), at_the_desk("analyst", language="en")
    values = {"programme": programme_of(measure).pk, "code": "roads", "order": 1} | wording("Roads")
    client.post(reverse("admin:feedback_theme_add"), values)
    theme = programme_of(measure).themes.get()
    assert (theme.code, str(theme.current_version)) == ("roads", "Roads (en) (1)")
    change = reverse("admin:feedback_theme_change", args=[theme.pk])
    client.post(change, {"order": 2, "retired": "on"} | wording("Streets"))
    theme.refresh_from_db()
    assert (theme.order, theme.retired, theme.current_version.number) == (2, True, 2)
    assert at_the_desk("moderator").post(change, {"order": 3} | wording("Mine")).status_code == 403


def test_ticked_comments_and_all_that_match_are_given_themes_from_the_list():
    measure, client = make_measure(), at_the_desk("analyst")
    theme = make_theme(programme_of(measure))
    english = [make_comment(measure, language="en") for _ in range(3)]
    russian = make_comment(measure, language="ru")
    ticked = {"action": "tag_selected", ACTION_CHECKBOX_NAME: [english[0].pk, english[1].pk]}
    page = client.post(reverse(LIST), ticked).url
    assert client.get(page).context["number"] == 2
    client.post(page, {"act": "give", "themes": [theme.pk]})
    assert {tag[0] for tag in tags()} == {english[0].pk, english[1].pk}
    page = client.post(f"{reverse(LIST)}?language__exact=ru", {"action": "tag_matching"}).url
    client.post(page, {"act": "give", "themes": [theme.pk]})
    assert {tag[0] for tag in tags()} == {english[0].pk, english[1].pk, russian.pk}
    client.post(page, {"act": "take", "themes": [theme.pk]})
    assert {tag[0] for tag in tags()} == {english[0].pk, english[1].pk}
    found = client.get(reverse(LIST), {"theme": theme.pk}).context["cl"].result_count
    without = client.get(reverse(LIST), {"theme": "none"}).context["cl"].result_count
    assert (found, without) == (2, 2)


def test_one_comment_is_given_themes_from_the_desk_and_from_its_own_page():
    comment, client = make_comment(make_measure()), at_the_desk("moderator")
    theme = make_theme(programme_of(comment.measure))
    for page in (
        reverse("desk:item", args=[comment.pk]),
        reverse("admin:feedback_comment_change", args=[comment.pk]),
    ):
        (link,) = re.findall(r'href="([^"]*/comment/themes/[^"]*)"', client.get(page).content.decode())
        answer = client.post(link.replace("&amp;", "&"), {"themes": [theme.pk]})
        assert (answer.url, comment.comment_themes.count()) == (page, 1)
        client.post(link.replace("&amp;", "&"), {})
        assert comment.comment_themes.count() == 0


def test_nothing_is_given_without_a_choice_of_themes():
    measure = make_measure()
    make_theme(programme_of(measure))
    make_comment(measure)
    make_comment(measure)
    page = at_the_desk("analyst").post(reverse(LIST), {"action": "tag_matching"}).url
    answer = at_the_desk("analyst").post(page, {"act": "give"})
    assert (answer.status_code, set(answer.context["form"].errors), tags()) == (422, {"themes"}, [])


def test_a_retired_theme_is_given_no_more():
    comment = make_comment(make_measure())
    theme = make_theme(programme_of(comment.measure), retired=True)
    assert give_themes(Comment.objects.all(), [theme], by=make_staff("analyst")) == 0


def test_in_public_a_theme_shows_from_ten_participants_on_and_its_stances_too(client):
    measure, analyst = make_measure(), make_staff("analyst")
    programme = programme_of(measure)
    roads, schools, parks = (make_theme(programme, code, code.title()) for code in ("roads", "schools", "parks"))
    comments = [make_comment(measure, stance="for" if number < 10 else "against") for number in range(11)]
    nine, ten = (Comment.objects.filter(pk__in=[comment.pk for comment in comments[:number]]) for number in (9, 10))
    give_themes(Comment.objects.all(), [roads], by=analyst)
    give_themes(ten, [schools], by=analyst)
    give_themes(nine, [parks], by=analyst)
    rows = [(row.theme.code, row.total, row.stances) for row in themes_in_public(programme)]
    assert rows == [("roads", 11, None), ("schools", 10, (10, 0, 0, 0))]
    page = client.get(f"/en/results/{programme.slug}/").content.decode()
    assert [name in page for name in ("Roads", "Schools", "Parks")] == [True, True, False]
    hide(comments[0])
    assert [row.theme.code for row in themes_in_public(programme)] == ["roads"]


def test_ten_comments_of_one_participant_are_not_ten_participants():
    measure, author = make_measure(), make_participant()
    theme = make_theme(programme_of(measure))
    for number in range(10):
        make_comment(measure, by=author, text=f"Comment number {number} of mine.")
    give_themes(Comment.objects.all(), [theme], by=make_staff("analyst"))
    assert themes_in_public(programme_of(measure)) == []


def test_staff_see_every_theme_of_every_measure():
    measure, client = make_measure(), at_the_desk("analyst")
    theme = make_theme(programme_of(measure))
    make_comment(measure, stance="for")
    hide(make_comment(measure, stance="against"))
    give_themes(Comment.objects.all(), [theme], by=make_staff("analyst"))
    rows = [(row.theme, row.measure, row.total, row.stances) for row in themes_in_full(programme_of(measure))]
    assert rows == [(theme, measure, 1, (1, 0, 0, 0))]
    assert "Roads (en)" in client.get(reverse("admin:feedback_theme_results")).content.decode()


def test_themes_are_columns_of_the_export(tmp_path):
    comment, analyst = make_comment(make_measure()), make_staff("analyst")
    programme = programme_of(comment.measure)
    schools, roads = make_theme(programme, "schools", order=2), make_theme(programme, "roads", order=1)
    give_themes(Comment.objects.all(), [schools], machine="suggester-1")
    give_themes(Comment.objects.all(), [roads], by=analyst)
    rows = exported("comments", tmp_path, columns="themes,themes_by")
    assert rows == [{"themes": ["roads", "schools"], "themes_by": ["person", "machine"]}]
