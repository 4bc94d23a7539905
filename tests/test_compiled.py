"""A compiled query gives what Django's own gives, each time for the values of that time."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.compiled import Compiled, Listed
from feedback.models import Comment
from principles.models import Measure
from tests.builders import make_comment
from tests.programme_builders import make_measure, make_programme


def for_writing(measure: str, question: str):
    return Measure.objects.for_writing().asking(question).filter(slug=measure)


@pytest.mark.django_db
def test_a_compiled_query_gives_what_the_query_gives_with_what_hangs_on_it_and_asks_once():
    programme = make_programme(measures=1, closes_at=None)
    one, other = programme.principles.get().measures.get(), make_measure()
    question = programme.questions.first()
    compiled = Compiled(for_writing, measure="no-measure", question="no-question")
    for measure, asked in ((one, question.slug), (other, question.slug), (one, "never-asked"), (other, "%s")):
        expected = for_writing(measure.slug, asked).get()
        with CaptureQueriesContext(connection) as queries:
            found = compiled.first(measure=measure.slug, question=asked)
            told = (found.asked_id, found.principle.programme, found.current_edition.series, found.takes_contributions)
            opens = found.principle.programme.opens_at
        assert len(queries) == 1
        assert (found, found.get_deferred_fields()) == (measure, expected.get_deferred_fields())
        assert told == (expected.asked_id, measure.principle.programme, 1, expected.takes_contributions)
        assert (opens, type(opens)) == (
            measure.principle.programme.opens_at,
            type(expected.principle.programme.opens_at),
        )
    assert compiled.first(measure="no-measure", question=question.slug) is None
    assert compiled.first(measure="' OR 1=1 --", question=question.slug) is None


@pytest.mark.django_db
def test_a_mark_that_the_query_does_not_hold_is_refused():
    with pytest.raises(ValueError, match="no-question"):
        Compiled(
            lambda measure, question: Measure.objects.filter(slug=measure), measure="a", question="no-question"
        ).first(measure="a", question="b")


@pytest.mark.django_db
def test_rows_by_many_keys_are_those_of_the_query_and_asked_for_at_once():
    measures = [make_measure() for _ in range(60)]
    comments = [make_comment(measures[0]) for _ in range(3)]
    by_number = Listed(Measure.id, lambda: Measure.objects.order_by("pk").values_list("pk", "slug"))
    by_uuid = Listed(Comment.id, lambda: Comment.objects.order_by("pk").values_list("pk", "measure_id", "created_at"))
    of_measure = Listed(Comment.measure_id, lambda: Comment.objects.order_by("pk").values_list("measure_id", "pk"))
    for keys in ([each.pk for each in measures], [measures[5].pk, 2**40], []):
        with CaptureQueriesContext(connection) as queries:
            found = by_number.rows(keys)
        assert found == list(Measure.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "slug"))
        assert len(queries) == (1 if keys else 0)
    keys = [comments[2].pk, comments[0].pk, uuid4()]
    expected = Comment.objects.filter(pk__in=keys).order_by("pk")
    assert by_uuid.rows(keys) == list(expected.values_list("pk", "measure_id", "created_at"))
    assert len(by_uuid.rows(iter(keys))) == 2
    theirs = sorted(each.pk for each in comments)
    assert of_measure.rows({measures[0].pk}) == [(measures[0].pk, key) for key in theirs]
