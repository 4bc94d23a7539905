"""Editors write, time, publish and correct answers and closing statements in the admin."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.html import escape

from feedback.actions.answers import publish_answer, save_draft, seen_of
from feedback.models import Answer, ClosingStatement, Comment, LedgerEntry, OutboxEntry
from principles.models import Programme
from tests.answers import contents_of, make_answer, make_draft, make_editor, make_staff
from tests.builders import hide, make_comment, staff_client
from tests.programme_builders import make_measure, make_programme
from tests.test_tallies import revise

pytestmark = pytest.mark.django_db
ADD = "/admin/feedback/answer/add/"
LIST = "/admin/feedback/answer/"


@pytest.fixture(autouse=True)
def roles():
    call_command("sync_roles", verbosity=0)


@pytest.fixture
def editor():
    return staff_client(make_editor(language="en"))


def change(answer: Answer) -> str:
    return f"{LIST}{answer.pk}/change/"


def fields(measure, **values) -> dict[str, str]:
    """What an editor fills in."""
    given = {
        "measure": measure.pk,
        "outcome": "declined",
        "text_kk": "",
        "text_ru": "Нет, потому что дорого.",
        "text_en": "",
        "body_kk": "",
        "body_ru": "Акимат",
        "body_en": "",
        "answered_on": "2026-11-20",
        "link": "",
        "about_comments": "",
        "edition": "",
        "reading": "",
        "publish_at_0": "",
        "publish_at_1": "",
        "seen": "",
    }
    return given | values


def saved(answer: Answer, **values) -> dict[str, str]:
    return fields(answer.measure, seen=seen_of(answer), **values)


def test_an_editor_saves_a_draft_and_publishes_it_later(editor):
    measure = make_measure()
    response = editor.post(ADD, fields(measure, _continue="1"))
    answer = Answer.objects.get()
    assert (response.status_code, response["Location"]) == (302, change(answer))
    assert (answer.text_ru, answer.published_at, answer.outcome) == ("Нет, потому что дорого.", None, "declined")
    page = editor.get(change(answer)).content.decode()
    assert "Kazakh, English" in re.sub(r"<[^>]+>", "", page)
    response = editor.post(change(answer), saved(answer, _publish="1"))
    answer.refresh_from_db()
    assert (response["Location"], answer.published_at is not None) == (LIST, True)
    assert OutboxEntry.objects.filter(kind="answer").count() == 1


def test_an_answer_is_written_and_published_in_one_step(editor):
    measure = make_measure()
    comment = make_comment(measure)
    address = f"http://127.0.0.1:8000/ru{comment.get_absolute_url()[3:]}"
    editor.post(ADD, fields(measure, about_comments=address, _publish="1"))
    answer = Answer.objects.get()
    assert (list(answer.comments.all()), answer.published_at is not None) == ([comment], True)
    comment.refresh_from_db()
    assert comment.answered_at == answer.published_at


def test_a_time_of_publication_is_kept(editor):
    editor.post(ADD, fields(make_measure(), publish_at_0="2027-01-31", publish_at_1="09:30:00"))
    answer = Answer.objects.get()
    assert (answer.published_at, timezone.localtime(answer.publish_at).isoformat()) == (
        None,
        "2027-01-31T09:30:00+05:00",
    )
    assert "to be published on" in editor.get(LIST).content.decode()


def test_selected_comments_are_answered_from_their_list(editor):
    measure = make_measure()
    one, two = make_comment(measure, text="Why?"), make_comment(measure)
    selected = {"action": "answer_selected", "_selected_action": [str(one.pk), str(two.pk)]}
    form = editor.post("/admin/feedback/comment/", selected, follow=True).content.decode()
    assert f'<option value="{measure.pk}" selected>' in form
    listed = re.search(r'(?s)<textarea name="about_comments"[^>]*>(.*?)</textarea>', form)[1]
    assert set(listed.split()) == {str(one.pk), str(two.pk)}
    editor.post(ADD, fields(measure, about_comments=f"{one.pk}\n{two.pk}"))
    assert set(Answer.objects.get().comments.all()) == {one, two}
    page = editor.get(change(Answer.objects.get())).content.decode()
    assert f'<a href="{one.get_absolute_url()}">' in page
    assert "Why?" in page


def test_comments_on_several_measures_or_none_that_is_published_are_not_answered_together(editor):
    programme = make_programme()
    first, second = programme.principles.get().measures.all()
    for chosen in ([make_comment(first), make_comment(second)], [hide(make_comment(first))]):
        selected = {"action": "answer_selected", "_selected_action": [str(each.pk) for each in chosen]}
        page = editor.post("/admin/feedback/comment/", selected, follow=True).content.decode()
        assert "Select published comments on one measure." in page


def test_whoever_may_not_answer_is_offered_nothing_of_it():
    measure = make_measure()
    comment, draft, answer = make_comment(measure), make_draft(measure), make_answer(measure)
    for role in ("moderator", "analyst"):
        client = staff_client(make_staff(role, language="en"))
        assert "answer_selected" not in client.get("/admin/feedback/comment/").content.decode()
        assert client.get(ADD).status_code == 403
        for each in (draft, answer):
            response = client.post(change(each), saved(each, text_ru="Forged", _publish="1"))
            assert response.status_code == 403
    analyst = staff_client(make_staff("analyst", language="en"))
    page = analyst.get(change(draft)).content.decode()
    assert ("_publish" in page, 'name="_save"' in page, "The school will open" in page) == (False, False, True)
    assert not Answer.objects.filter(text_ru="Forged").exists()
    comment.refresh_from_db()
    assert (draft.published_at, comment.answered_at) == (None, None)


def test_a_refusal_keeps_everything_that_was_typed(editor):
    measure, elsewhere = make_measure(), make_measure()
    comment = make_comment(elsewhere)
    typed = fields(measure, about_comments=str(comment.pk), text_ru="Долго печатала.", _publish="1")
    response = editor.post(ADD, typed)
    page = response.content.decode()
    assert response.status_code == 200
    for part in ("Only published comments on this measure can be answered", "Долго печатала.", str(comment.pk)):
        assert part in page
    assert (Answer.objects.count(), OutboxEntry.objects.filter(kind="answer").count()) == (0, 0)


@pytest.mark.parametrize("missing", ["text_ru", "body_ru"])
def test_what_is_not_whole_is_not_published_and_nothing_of_it_stays(editor, missing):
    response = editor.post(ADD, fields(make_measure(), _publish="1", **{missing: ""}))
    assert (response.status_code, Answer.objects.count()) == (200, 0)


def test_lines_that_name_no_comment_are_refused(editor):
    response = editor.post(ADD, fields(make_measure(), about_comments="the comment of yesterday"))
    assert "These name no comment: the, comment, of, yesterday" in response.content.decode()


def test_a_stale_save_is_refused_once_and_shows_what_was_typed(editor):
    measure = make_measure()
    draft = make_draft(measure)
    stale = saved(draft, text_ru="По-моему.")
    save_draft(draft, contents_of(measure, text="Meanwhile."), by=make_editor())
    response = editor.post(change(draft), stale)
    page = response.content.decode()
    assert ("Somebody else has changed this meanwhile." in page, "По-моему." in page) == (True, True)
    draft.refresh_from_db()
    assert draft.text_en == "Meanwhile. (en)"
    again = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert editor.post(change(draft), stale | {"seen": again}).status_code == 302
    draft.refresh_from_db()
    assert draft.text_ru == "По-моему."


def test_two_who_publish_the_same_draft_publish_it_once(editor):
    draft = make_draft(make_measure())
    page = saved(draft, _publish="1")
    publish_answer(draft, by=make_editor())
    response = editor.post(change(draft), page)
    assert "Somebody else has changed this meanwhile." in response.content.decode()
    assert OutboxEntry.objects.filter(kind="answer").count() == 1


def test_a_published_answer_is_corrected_and_cannot_be_deleted_or_moved(editor):
    measure = make_measure()
    answer = make_answer(measure)
    page = editor.get(change(answer)).content.decode()
    assert ("_publish" in page, "publish_at" in page) == (False, False)
    editor.post(change(answer), saved(answer, text_ru="Исправлено.") | {"measure": make_measure().pk})
    answer.refresh_from_db()
    assert (answer.text_ru, answer.measure, answer.changed_at is not None) == ("Исправлено.", measure, True)
    assert editor.post(f"{LIST}{answer.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Answer.objects.count() == 1


def test_a_draft_can_be_deleted(editor):
    draft = make_draft(make_measure())
    assert editor.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Answer.objects.count() == 0


def test_what_came_of_it_is_chosen_among_the_measure_s_own_editions(editor):
    measure, other = make_measure(), make_measure()
    revise(measure, "New wording")
    draft = make_draft(measure)
    page = editor.get(change(draft)).content.decode()
    choices = re.search(r'(?s)<select name="edition".*?</select>', page)[0]
    assert set(re.findall(r'value="(\d+)"', choices)) == {str(edition.pk) for edition in measure.editions.all()}
    editor.post(change(draft), saved(draft, edition=measure.current_edition.pk))
    draft.refresh_from_db()
    assert (draft.edition, other.answers.count()) == (measure.current_edition, 0)


def test_comments_that_are_gone_are_left_out_with_a_word(editor):
    measure = make_measure()
    stays, goes = make_comment(measure), make_comment(measure)
    draft = make_draft(measure, stays, goes)
    hide(goes)
    page = saved(draft, about_comments=f"{stays.pk} {goes.pk}", _publish="1")
    response = editor.post(change(draft), page, follow=True)
    assert "1 comment is not published any more and was left out." in response.content.decode()
    assert list(Answer.objects.get().comments.all()) == [stays]


def test_the_list_is_filtered_by_state_and_costs_the_same_at_one_and_at_thirty(editor, django_assert_num_queries):
    measure, by = make_measure(), make_editor()
    make_draft(measure, by=by)
    make_draft(measure, by=by, publish_at=timezone.now() + timedelta(days=1))
    make_answer(measure, make_comment(measure), by=by)
    for state in ("draft", "timed", "published"):
        assert editor.get(f"{LIST}?state={state}").context["cl"].result_count == 1
    counts = []
    for _ in range(2):
        with django_assert_num_queries(counts[0] if counts else 8) as queries:
            editor.get(LIST)
        counts.append(len(queries))
        for _ in range(29):
            make_answer(measure, by=by)


def test_an_editor_writes_a_closing_statement_and_publishes_it_when_the_consultation_has_closed(editor):
    programme = make_programme()
    texts = {f"{part}_{each}": "" for part in ("heard", "changes", "unchanged") for each in ("kk", "ru", "en")}
    typed = texts | {"programme": programme.pk, "heard_ru": "Мы услышали.", "seen": ""}
    response = editor.post("/admin/feedback/closingstatement/add/", typed | {"_publish": "1"})
    page = response.content.decode()
    assert (ClosingStatement.objects.count(), "The consultation has not closed yet." in page) == (0, True)
    assert "Мы услышали." in page
    Programme.objects.update(closes_at=timezone.now())
    editor.post("/admin/feedback/closingstatement/add/", typed | {"_publish": "1"})
    statement = ClosingStatement.objects.get()
    assert (statement.heard_ru, statement.published_at is not None, statement.missing_languages) == (
        "Мы услышали.",
        True,
        ["kk", "en"],
    )
    again = editor.post("/admin/feedback/closingstatement/add/", typed)
    assert again.status_code == 200
    address = f"/admin/feedback/closingstatement/{statement.pk}/change/"
    stale = re.search(r'name="seen" value="(\w+)"', editor.get(address).content.decode())[1]
    for heard, status in (("Исправлено.", 302), ("Поздно.", 200)):
        assert editor.post(address, typed | {"heard_ru": heard, "seen": stale}).status_code == status
    statement.refresh_from_db()
    assert statement.heard_ru == "Исправлено."
    analyst = staff_client(make_staff("analyst", language="en"))
    assert "Исправлено." in analyst.get(address).content.decode()


def test_nothing_of_an_answer_is_mark_up_in_the_admin(editor):
    measure = make_measure()
    comment = make_comment(measure, text="<script>alert(1)</script>")
    draft = make_draft(measure, comment, text="<script>alert(2)</script>")
    page = editor.get(change(draft)).content.decode() + editor.get(LIST).content.decode()
    assert ("<script>alert" in page, escape("<script>alert(1)") in page) == (False, True)
    assert (Comment.objects.count(), LedgerEntry.objects.filter(kind="answer").count()) == (1, 0)
