"""No page reads a growing table from end to end: PostgreSQL has an index for whatever a page asks.

A small table is scanned whatever its indexes, so scans are forbidden here: one that is left has no index to replace it.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.ledger.sequencer import sequence
from tests.builders import (
    hide,
    make_comment,
    make_moderator,
    make_participant,
    rate_as,
    seen,
    signed_in,
    staff_client,
)
from tests.plans import GROWING, forbid_scans, scans_of
from tests.programme_builders import make_measure

pytestmark = pytest.mark.postgresql

ANONYMOUS = (
    "/en/",
    "/en/measures/{measure}/",
    "/en/measures/{measure}/?sort=agreed",
    "/en/measures/{measure}/?sort=discussed&language=en",
    "/en/measures/{measure}/?sort=sides",
    "/en/measures/{measure}/?answered=yes",
    "/en/measures/{measure}/comments/{comment}/",
    "/en/measures/{measure}/feed/",
    "/en/search/?q=school",
    "/en/moderation/",
    "/api/v1/comments/",
    "/api/v1/comments/?measure={measure}&ordering=created",
    "/api/v1/comments/{comment}/",
    "/api/v1/changes/?after=1",
)
SIGNED_IN = ("/en/measures/{measure}/", "/en/profile/")
STAFF = (
    "/admin/moderation/",
    "/admin/moderation/?reason=reported",
    "/admin/moderation/?sort=oldest",
    "/admin/feedback/comment/",
    "/admin/feedback/comment/?waits=moderation",
    "/admin/feedback/comment/?state=hidden",
    "/admin/feedback/comment/?state=withdrawn",
    "/admin/feedback/comment/?q=school",
    "/admin/feedback/comment/?language=kk",
    "/admin/feedback/decision/",
    "/admin/feedback/ledgerentry/",
    "/admin/accounts/user/",
)


@pytest.fixture
def places():
    """A consultation with something of everything, and no plan by sequential scan where there is another."""
    measure, person = make_measure(), make_participant()
    comment = make_comment(measure, by=person)
    for _ in range(3):
        make_comment(measure, parent=comment)
        rate_as(make_participant(), measure, 4)
    hide(make_comment(measure))
    sequence()
    forbid_scans()
    return {"measure": measure.slug, "comment": str(comment.pk)}, person


def scans(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) > 0
    return [scan for query in queries.captured_queries for scan in scans_of(query["sql"])]


@pytest.mark.django_db
def test_no_page_scans_a_growing_table(places):
    names, person = places
    moderator = make_moderator()
    browsers = [(Client(), ANONYMOUS), (signed_in(person), SIGNED_IN), (staff_client(moderator), STAFF)]
    found = {
        address: sequential
        for browser, addresses in browsers
        for address in addresses
        if (sequential := [scan for scan in scans(browser, address.format(**names)) if scan.endswith("Seq Scan")])
    }
    assert found == {}


@pytest.mark.django_db
def test_a_statement_that_no_index_serves_is_found_out(places):
    assert scans_of("SELECT * FROM feedback_commentversion WHERE text LIKE '%school%'") == [
        "feedback_commentversion: Seq Scan"
    ]
    assert scans_of("SELECT count(*) FROM feedback_rating") != []


@pytest.mark.django_db
def test_the_list_of_growing_tables_names_tables_that_are_there():
    assert set(connection.introspection.table_names()) >= GROWING


@pytest.mark.django_db
def test_staff_find_hidden_and_visible_comments_by_any_form_of_a_word(places):
    names, _person = places
    staff = staff_client(make_moderator())
    measure = make_measure()
    hidden = hide(make_comment(measure, text="Buy_cheap 100% watches"))
    visible = make_comment(measure, text="Three bridges over the river")
    assert seen(hidden)["version"] == 1

    def found(words: str) -> set[str]:
        listed = staff.get("/admin/feedback/comment/", {"q": words}).context["cl"].result_list
        return {str(comment.pk) for comment in listed}

    assert found("cheap watch 100%") == {str(hidden.pk)}
    assert found("bridge") == {str(visible.pk)}
    assert found("Buy expensive") == set()
    assert found("!!!") == set()
