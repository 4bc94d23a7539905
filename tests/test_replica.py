"""Which requests may read a replica, and which database that means."""

import pytest
from django.conf import settings as project
from django.test import RequestFactory

from feedback.models import Comment
from portal.replica import REPLICA, Router, only_reads, reading_replica
from tests.test_settings import start


@pytest.mark.parametrize(
    ("method", "headers", "cookies", "may"),
    [
        ("get", {}, {}, True),
        ("head", {}, {}, True),
        ("get", {}, {"csrf": "x"}, True),
        ("get", {}, {project.SESSION_COOKIE_NAME: "x"}, False),
        ("get", {"Authorization": "Bearer x"}, {}, False),
        ("post", {}, {}, False),
    ],
)
def test_only_reads_of_nobody_in_particular_may_go_to_the_replica(method, headers, cookies, may):
    request = getattr(RequestFactory(), method)("/en/", headers=headers)
    request.COOKIES.update(cookies)
    assert only_reads(request) is may


def test_writes_go_to_the_primary_and_reads_too_unless_they_may_go_elsewhere():
    router = Router()
    assert (router.db_for_read(Comment), router.db_for_write(Comment)) == ("default", "default")
    with reading_replica():
        assert (router.db_for_read(Comment), router.db_for_write(Comment)) == (REPLICA, "default")
        with reading_replica(False):
            assert router.db_for_read(Comment) == "default"
    assert router.db_for_read(Comment) == "default"
    assert (router.allow_migrate("default", "feedback"), router.allow_migrate(REPLICA, "feedback")) == (True, False)


@pytest.mark.parametrize("address", ["nonsense", "sqlite:///x", "postgres://u@127.0.0.1:1/x"])
def test_a_replica_needs_an_address_of_postgresql_beside_a_primary_of_that_kind(address):
    run = start(REPLICA_URL=address)
    assert (run.returncode, run.stderr.split(":")[0]) == (1, "Setting REPLICA_URL is malformed")


def test_a_pooler_between_portal_and_database_starts():
    run = start(DATABASE_URL="postgres://u@127.0.0.1:1/x", DATABASE_POOLER="true")
    assert run.stderr.startswith("CommandError: The database that DATABASE_URL names does not answer: ")
