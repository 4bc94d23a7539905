"""A compiled query gives what Django's own gives, each time for the values of that time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.compiled import Compiled
from principles.models import Measure
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
