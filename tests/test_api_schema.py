"""The API's description: complete, true, and enough for strangers' programs.

`EXAMPLES` is how many requests are tried per operation; `script/torture` tries 200, and follows links as often.
"""

import json
import os

import pytest
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from feedback.actions.tokens import make_token
from feedback.api.links import LINKS
from feedback.ledger.sequencer import sequence
from portal.wsgi import application
from tests.builders import hide, make_comment, make_participant, make_rule, rate_by_many
from tests.programme_builders import make_measure

SCHEMA = "/api/v1/openapi.json"
EXAMPLES = int(os.environ.get("EXAMPLES", "15"))
# What a schema cannot say (a slug that nothing has, a cursor that nobody gave) is refused all the same.
EXCLUDED = [positive_data_acceptance, ignored_auth]
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
    assert len(bodies) == 8
    assert [body for body in bodies if "example" not in body] == []
    names = [operation["operationId"] for path in schema["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_every_link_leads_to_an_operation_that_takes_what_it_carries(client):
    operations = {
        operation["operationId"]: operation
        for path in described(client)["paths"].values()
        for operation in path.values()
    }
    links = [
        (link["operationId"], *link["parameters"])
        for operation in operations.values()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert len(links) == sum(len(named) for places in LINKS.values() for _, named in places)
    taken = {(name, one["name"]) for name, operation in operations.items() for one in operation["parameters"]}
    assert set(links) - taken == set()


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

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def examine(case):
            case.headers.update({"Authorization": f"Bearer {world}", "Accept-Encoding": "identity"})
            case.call_and_validate(excluded_checks=EXCLUDED)

        examine()


@pytest.mark.django_db(transaction=True)
def test_strange_requests_along_the_links_get_answers_that_the_description_promises(world):
    machine = schemathesis.openapi.from_wsgi(SCHEMA, application).as_state_machine()

    class Walk(machine):
        def get_call_kwargs(self, case):
            return {"headers": {"Authorization": f"Bearer {world}", "Accept-Encoding": "identity"}}

        def validate_response(self, response, case, **kwargs):
            case.validate_response(response, excluded_checks=EXCLUDED)

    Walk.run(
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=6,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
    )
