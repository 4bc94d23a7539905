"""The API's description: complete, true, and enough for strangers' programs."""

import json

import pytest
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from feedback.actions.tokens import make_token
from feedback.ledger.sequencer import sequence
from portal.wsgi import application
from tests.builders import hide, make_comment, make_participant, make_rule, rate_by_many
from tests.programme_builders import make_measure

SCHEMA = "/api/v1/openapi.json"
# Addresses that are no resource: the description itself, and its page.
UNDESCRIBED = {"openapi.json", "docs/"}


def described(client) -> dict:
    return json.loads(client.get(SCHEMA).content)


@pytest.mark.django_db
def test_every_address_of_the_api_is_described(client):
    patterns = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/").url_patterns[0]
    addresses = {
        str(one.pattern).replace("<slug:", "{").replace("<uuid:", "{").replace(">", "}").replace("^", "").rstrip("$")
        for one in patterns.url_patterns
    }
    wanted = {one for one in addresses - UNDESCRIBED if "(" not in one}
    paths = {path.removeprefix("/api/v1/") for path in described(client)["paths"]}
    assert wanted - paths == set()


@pytest.mark.django_db
def test_the_description_is_openapi_3_1_with_examples_for_every_body_that_is_sent(client):
    schema = described(client)
    assert schema["openapi"] == "3.1.0"
    bodies = [
        operation["requestBody"]["content"]["application/json"]
        for path in schema["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    assert len(bodies) == 7
    assert [body for body in bodies if "example" not in body] == []
    names = [operation["operationId"] for path in schema["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


@pytest.fixture
def world(settings):
    """Something of everything, and limits that are out of the way."""
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 10**6
    measure = make_measure(slug="modern-classrooms")
    person = make_participant()
    make_rule("spam")
    make_comment(measure, by=person)
    hide(make_comment(measure))
    rate_by_many(measure, [3] * 10)
    sequence()
    return make_token(person.user, name="test", scope="write")[1]


@pytest.mark.django_db(transaction=True)  # the client answers from a thread of its own
def test_strange_requests_get_answers_that_the_description_promises(world):
    schema = schemathesis.openapi.from_wsgi(SCHEMA, application)
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def examine(case):
            # What a schema cannot say (a slug that nothing has, a cursor that nobody gave) is refused all the same.
            case.headers.update({"Authorization": f"Bearer {world}", "Accept-Encoding": "identity"})
            case.call_and_validate(excluded_checks=[positive_data_acceptance, ignored_auth])

        examine()
