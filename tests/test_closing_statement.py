"""The closing statement of a programme."""

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback.actions.closing import publish_statement, save_statement
from feedback.actions.decisions import NotAllowed
from feedback.actions.following import follow
from feedback.actions.refusals import NotPossibleNow
from feedback.models import Notice
from principles.models import Programme
from tests.answers import html_of, make_editor, make_staff
from tests.builders import make_participant
from tests.programme_builders import in_three_languages, make_programme

pytestmark = pytest.mark.django_db


def statement_of(programme, by=None, **parts):
    texts = {part: in_three_languages(text) for part, text in ({"heard": "We heard you."} | parts).items()}
    return save_statement(programme, by=by or make_editor(), **texts)


def test_a_closing_statement_heads_the_programme_when_it_is_closed_and_published_and_followers_are_told_once():
    programme, editor = make_programme(), make_editor()
    follower, of_measure = make_participant(), make_participant()
    follow(follower, programme)
    follow(of_measure, programme.principles.get().measures.first())
    statement = statement_of(programme, by=editor, changes="More roads.", unchanged="No trams.")
    with pytest.raises(NotPossibleNow):
        publish_statement(statement, by=editor)
    Programme.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "We heard you." not in html_of("/en/")
    for _ in range(2):
        publish_statement(statement, by=editor)
    html = html_of("/en/")
    order = [html.index(text) for text in ("<h1", "We heard you. (en)", "More roads. (en)", "No trams. (en)")]
    assert order == sorted(order)
    assert order[-1] < html.index('class="chapter"')
    assert set(Notice.objects.values_list("participant", "kind", "programme")) == {
        (each.pk, "closing", programme.pk) for each in (follower, of_measure)
    }
    Programme.objects.update(closes_at=None)
    assert "We heard you." not in html_of("/en/")


@pytest.mark.parametrize("role", ["moderator", "senior-moderator", "analyst"])
def test_only_editors_and_administrators_close_with_a_statement(role):
    programme, staff = make_programme(), make_staff(role)
    with pytest.raises(NotAllowed):
        statement_of(programme, by=staff)
    with pytest.raises(NotAllowed):
        publish_statement(statement_of(programme), by=staff)


def test_a_statement_in_one_language_is_labelled_in_the_others():
    programme, editor = make_programme(closes_at=timezone.now() - timedelta(hours=1)), make_editor()
    statement = statement_of(programme, by=editor, heard={"ru": "Мы услышали."})
    publish_statement(statement, by=editor)
    html = html_of("/kk/")
    assert '<div class="text" lang="ru"><p>Мы услышали.</p></div>' in html
    assert html.count("fallback") == 1
